"""The lake: Parquet parts, committed run by run, and the state that later runs read."""
