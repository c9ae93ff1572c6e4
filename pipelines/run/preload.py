"""Loads what building a page needs; the fork server imports it once, and all workers share the memory."""

import feedparser  # noqa: F401
import pyarrow as pa

import pipelines.run.build_page  # noqa: F401
import transforms.feeds.parsing.parse_feed  # noqa: F401
from transforms.clean.phrases import load_phrases
from transforms.enrich.enrich_article import warm_up

load_phrases()
warm_up()
# Arrow's own allocator takes 1 GiB of address space at its first use, which is a worker's whole limit.
pa.set_memory_pool(pa.system_memory_pool())
