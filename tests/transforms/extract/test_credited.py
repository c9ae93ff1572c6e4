"""Agencies that a page prints by its headline or below its story without a word such as "by"."""

from __future__ import annotations

import pytest

from tests.transforms.extract.documents import STORY, metadata_of
from transforms.text.agency_names import load_agencies


def _credits(head: str, below: str = "") -> list[str]:
    """The agencies in the byline of a page with `head` below its headline and `below` behind its story."""
    article = metadata_of(
        "", f"<main><article><h1>The harbour bridge is closed</h1>{head}{STORY}{below}</article></main>"
    )
    return load_agencies().names_in(article.byline or "")


@pytest.mark.parametrize(
    ("head", "names"),
    [
        ('<div class="byline"><b class="author">Ada Lind</b> <i>Associated Press</i></div>', ["AP"]),
        ('<div class="byline"><span>Ada Lind</span><span>The Canadian Press</span></div>', ["The Canadian Press"]),
        ('<div class="author">Lindmere Echo staff with The Associated Press</div>', ["AP"]),
        ('<div><span>SID</span> <time datetime="2026-03-03">Dienstag, 03.03.2026</time></div>', ["SID"]),
        ('<div><span>3 March 2026</span> <span>Source: Reuters</span></div>', ["Reuters"]),
        ('<div><span>3 mars 2026</span> <span>AFP</span></div>', ["AFP"]),
        ('<div><span>3 de marzo de 2026</span> <span>Fuente: EFE</span></div>', ["EFE"]),
        ('<div><span>3 марта 2026</span> <span>Источник: ТАСС</span></div>', ["TASS"]),
        ('<div><span>03.03.2026</span> <span>Kaynak: AA</span></div>', ["Anadolu"]),
        ('<div class="haber-kaynak">İHA</div>', ["İHA"]),
        ('<div class="article-source">Quelle: APA/dpa</div>', ["APA", "dpa"]),
        ('<div class="fonte">Fonte: ANSA</div>', ["ANSA"]),
        ('<span class="agencia">EFE</span>', ["EFE"]),
        ('<span class="source">來源：中央社</span>', ["CNA"]),
        ("<p>Quelle: dpa</p>", ["dpa"]),
        ("<div><span>Fuente: EFE</span></div>", ["EFE"]),
        ("<div><b>Source:</b> <i>AFP</i></div>", ["AFP"]),
        ("<p>出典：共同通信</p>", ["Kyodo"]),
    ],
)  # fmt: skip
def test_an_agency_by_the_headline_is_credited(head: str, names: list[str]) -> None:
    assert _credits(head) == names


@pytest.mark.parametrize(
    ("below", "names"),
    [
        ('<div class="sources">Źródło: <span class="source">ISBnews</span></div>', ["ISBnews"]),
        ('<div class="article-source">Sursa: Agerpres</div>', ["Agerpres"]),
        ('<div class="kaynak">Kaynak: DHA</div>', ["DHA"]),
        ("<p>Quelle: dpa</p>", ["dpa"]),
        ("<small>Source: AFP</small>", ["AFP"]),
        ("<p><em>Fuente: EFE</em></p>", ["EFE"]),
        ("<p>出典:共同通信</p>", ["Kyodo"]),
        ("<div><strong>Quelle:</strong> APA/dpa</div>", ["APA", "dpa"]),
    ],
)
def test_a_source_below_the_story_is_credited_where_a_word_says_so(below: str, names: list[str]) -> None:
    assert _credits("", below) == names


@pytest.mark.parametrize(
    ("head", "below"),
    [
        ('<div class="image"><img src="b.jpg"><span class="source">Reuters</span></div>', ""),
        ('<div class="photo-box"><div class="source">Quelle: dpa</div></div>', ""),
        ('<figure><img src="b.jpg"><figcaption>Die Brücke. <span class="source">APA</span></figcaption></figure>', ""),
        ('<div><div><img src="b.jpg"></div><span class="source">Reuters</span></div>', ""),
        ('<div class="author">Ada Lind, Getty Images, AP</div>', ""),
        ('<p class="author">Ada Lind</p><ul class="reporter-date"><li>By</li><li>REUTERS</li></ul>', ""),
        ('<div><span>3 March 2026</span> <span>Photo: Reuters</span></div>', ""),
        ('<div><span>3 марта 2026</span> <span>Фото: ТАСС</span></div>', ""),
        ('<div class="byline"><span>Ada Lind</span><span>Reuters Institute</span></div>', ""),
        ('<div class="author">Ada Lind</div><div class="source">Told to Reuters by a worker</div>', ""),
        ('<div><span>3 March 2026</span> <span>Trend</span></div>', ""),
        ("", '<div class="more"><p class="source">Reuters</p></div>'),
        ("", '<i class="source">Source: AP</i><p>Ferry sinks <i class="source">Source: AFP</i></p>'),
        ("", '<div class="related"><span class="source">Source: AP</span></div>'),
        ("<p>Source: Lindmere Port Authority</p>", "<p>Quelle: Hafenamt Lindmere</p>"),
        ("<figure><img src='b.jpg'><figcaption>Source: AFP</figcaption></figure>", ""),
        ("", "<figure><svg></svg><p>Quelle: dpa</p></figure>"),
        ("", "<div class='chart-box'><div class='infographic-caption'>Fuente: EFE</div></div>"),
        ("", "<table><tr><td>Lindmere</td><td>3</td></tr><tr><td>Source: AFP</td></tr></table>"),
        ("", "<p><img src='b.jpg'></p><p>Source: AFP</p>"),
        ("", "<h2>More</h2><p>Ferry sinks</p><p>Source: AFP</p>"),
        ("", "<ul><li><a href='/ferry'>Ferry sinks</a> <span>Source: AFP</span></li></ul>"),
        ("<p>Source: AFP reporters saw the bridge, and nobody else did on that morning, the mayor said.</p>", ""),
    ],
)  # fmt: skip
def test_what_looks_like_a_credit_and_is_none(head: str, below: str) -> None:
    assert _credits(head, below) == []


def test_the_publisher_itself_is_no_agency_credited() -> None:
    site = '<meta property="og:site_name" content="Reuters">'
    assert metadata_of(site, f'<h1>Quay closes</h1><b class="source">Reuters</b>{STORY}').byline is None
