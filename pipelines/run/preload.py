"""Loads what building a page needs; the fork server imports it once, and all workers share the memory.

Much of it is loaded by the first page that needs it, so a made-up page is built here, with something of each kind:
stated and printed dates, an author, a cookie notice, links to other stories.
"""

from typing import Final

import feedparser  # noqa: F401
import pyarrow as pa

import transforms.feeds.parsing.parse_feed  # noqa: F401
from pipelines.run.build_page import BuildPage
from pipelines.single_page import single_page
from transforms.clean.phrases import load_phrases
from transforms.enrich.enrich_article import warm_up

_FETCHED_AT_US: Final = 1_772_445_600_000_000
_ADDRESS: Final = "https://www.example.org/news/2026/03/02/harbour-bridge-opens"
_SENTENCES: Final = (
    "The new bridge over the harbour opened on Monday, March 2, 2026 at 10:30 am CET, said Mayor Jane Roe in London. ",
    "Engineers from Germany and Japan had worked on its towers for four years, and on the roads that lead to it. ",
    "The council expects that twelve thousand people will cross it on a working day, most of them on foot. ",
)
_HTML: Final = f"""<!DOCTYPE html><html lang="en"><head><title>Harbour bridge opens | The Example</title>
<meta property="og:title" content="Harbour bridge opens"><meta property="og:site_name" content="The Example">
<link rel="canonical" href="{_ADDRESS}"><script type="application/ld+json">{{"@context": "https://schema.org",
"@type": "NewsArticle", "headline": "Harbour bridge opens", "datePublished": "2026-03-02T11:00:00+01:00",
"author": {{"@type": "Person", "name": "John Roe"}}, "publisher": {{"name": "The Example"}}}}</script></head><body>
<nav class="breadcrumb"><a href="/">Home</a> <a href="/news/">News</a></nav>
<main><article class="story"><h1>Harbour bridge opens</h1><p class="byline">By John Roe</p>
<p class="date">Published 2 March 2026, 11:00</p><p>LONDON (Reuters) - {"".join(_SENTENCES)}</p>
<h2>Four years of work</h2><p>{"".join(reversed(_SENTENCES))}</p><ul><li>{_SENTENCES[1]}</li></ul>
<p>Sign up for our newsletter</p></article>
<aside class="related"><h3>Related stories</h3><a href="/news/2026/03/01/ferry-ends">The last ferry has left</a></aside>
</main><div class="cookie-banner"><p>We use cookies. Accept all cookies</p></div>
<footer><p>© 2026 The Example. All rights reserved.</p></footer></body></html>"""

# Arrow's own allocator takes 1 GiB of address space at its first use, which is a worker's whole limit.
pa.set_memory_pool(pa.system_memory_pool())
load_phrases()
warm_up()
built = BuildPage()(
    single_page(_HTML.encode(), _ADDRESS, {"content-type": "text/html; charset=utf-8"}, _FETCHED_AT_US, "")
)
"""The made-up page's draft."""
