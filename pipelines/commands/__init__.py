"""The subcommands of ``newsbeam``, one file for each."""
