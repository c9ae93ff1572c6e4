"""`newsbeam backfill`: the pages of WARC files into the lake."""
