"""The subcommands of ``newsbeam``, a file each."""
