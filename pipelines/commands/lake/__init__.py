"""The subcommands that look after a lake."""
