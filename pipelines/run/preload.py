"""Imported by the fork server before the first worker: what building a page needs, loaded once and shared by all."""

import feedparser  # noqa: F401
import pyarrow as pa

import pipelines.run.build_page  # noqa: F401
import transforms.feeds.parsing.parse_feed  # noqa: F401
from transforms.clean.phrases import load_phrases
from transforms.enrich.enrich_article import warm_up

load_phrases()
warm_up()
# Arrow's own allocator takes 1 GiB of address space at its first use: all that a worker may have.
pa.set_memory_pool(pa.system_memory_pool())
