"""The page of all commands, made from the parser: what each is for, its options, exit statuses and an example."""
