"""Pages of WARC files, as Common Crawl and archives publish them."""
