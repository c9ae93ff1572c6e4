"""How the lake lies in files: storage, names, locks, Parquet parts, manifests."""
