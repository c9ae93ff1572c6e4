"""The settings file `newsbeam.toml`: read, checked, and put before the command line."""
