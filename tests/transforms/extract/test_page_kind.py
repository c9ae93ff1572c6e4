"""What a page is: an article unless signs agree that it is something else, in any language."""

from __future__ import annotations

import json
from html import escape
from typing import Any

import pytest

from schemas.article import PageKind
from schemas.page import Page
from tests.rows import page
from transforms.extract.extract_article import extract_article

EN = (
    "The ferry company said on Monday that its two oldest boats would be taken out of service before the winter.",
    "Passengers on the northern line will have to change at Ostrem, which adds forty minutes to the trip.",
    "The union of seamen called the decision a mistake, and said that nobody had talked to the crews about it.",
)
DE = (
    "Die Reederei teilte am Montag mit, dass ihre beiden ältesten Schiffe noch vor dem Winter außer Dienst gehen.",
    "Fahrgäste der nördlichen Linie müssen in Ostrem umsteigen, wodurch die Reise vierzig Minuten länger dauert.",
    "Die Gewerkschaft der Seeleute nannte die Entscheidung einen Fehler und klagte, niemand habe mit ihr gesprochen.",
)
JA = (
    "船会社は月曜日、最も古い二隻の船を冬の前に引退させると発表した。乗客は途中の港で乗り換えることになる。",
    "組合はこの決定を誤りだと批判し、乗組員との話し合いは一度も行われなかったと述べた。",
)
OTHER = (
    "A bakery that has sold the same three loaves for a century will offer a fourth from next week on, it says.",
    "Nobody was hurt when a tree fell onto the old school, and the fire brigade had it sawn up within an hour.",
    "The chess club won all its games of the season but the last, which it lost to a team of twelve-year-olds.",
)
TIME = "<time datetime='2026-03-02T{:02}:15:00Z'>{:02}:15</time>"
LONG = [f"{text} It was the {n}th such change in the history of the line." for n in range(1, 5) for text in EN]


def markup(paragraphs: Any) -> str:
    return "".join(f"<p>{text}</p>" for text in paragraphs)


def made(
    body: str,
    title: str = "Two ferries less",
    path: str = "/2026/03/02/two-ferries-less",
    head: str = "",
    **stated: Any,
) -> Page:
    """A page of a body, with a title, an address, elements of the head, and JSON-LD."""
    script = f"<script type='application/ld+json'>{json.dumps(stated)}</script>" if stated else ""
    html = (
        f"<!doctype html><html><head><meta charset=utf-8><title>{escape(title)}</title>{head}{script}</head>"
        f"<body><header><nav><a href=/>Home</a></nav></header>{body}<footer>Lindmere Post</footer></body></html>"
    )
    return page(body=html.encode(), final_url=f"https://example.org{path}")


def kind_of(given: Page) -> str | None:
    return extract_article(given).article.page_kind


def article(paragraphs: Any, extra: str = "") -> str:
    return f"<main><article><h1>Two ferries less</h1>{markup(paragraphs)}{extra}</article></main>"


def news(**values: Any) -> dict[str, Any]:
    return {"@type": "NewsArticle", "headline": "Two ferries less", "datePublished": "2026-03-02T10:00:00Z", **values}


LOCKED = news(isAccessibleForFree=False)


def entries(n: int, clock: str = TIME, told: tuple[str, ...] = EN) -> str:
    return "".join(
        f"<section class=entry>{clock.format(20 - i, 20 - i)}<h3>Word {i} from the quay</h3>"
        f"<p>{told[i % 3]} That was message number {i} of the day.</p></section>"
        for i in range(n)
    )


PLAYER = "<video src=/clip.mp4 controls></video>"
FIGURES = "".join(
    f"<figure><img src=/{n}.jpg><figcaption>Picture {n}: the old boat at its quay</figcaption></figure>"
    for n in range(12)
)
TEASERS = "".join(
    f"<div><h3><a href=/news/{n}>Headline of another story, number {n}</a></h3><p>What it is about, briefly.</p></div>"
    for n in range(14)
)


@pytest.mark.parametrize(
    ("what", "given"),
    [
        ("brief", made(article(EN[:1]))),
        ("brief in German", made(article(DE[:1]))),
        ("brief in Japanese", made(article(JA[:1]))),
        ("long, with a video that the page states", made(article(LONG, PLAYER), **{"@type": "VideoObject"})),
        ("three paragraphs with a video", made(article(EN, PLAYER), **news(video={"@type": "VideoObject"}))),
        ("long, in the video section", made(article(LONG, PLAYER), path="/video/two-ferries-less")),
        ("long, with a gallery", made(article(LONG, FIGURES), **news(image={"@type": "ImageGallery"}))),
        ("three paragraphs and three pictures", made(article(EN, FIGURES[: len(FIGURES) // 4]))),
        ("long, about a live blog", made(article(LONG), "Why we stopped our live blog", "/media/live-blog-ends")),
        ("long, with times in it", made(article([f"At 10:{n}, {text}" for n, text in enumerate(LONG, 10)]))),
        ("with dated teasers", made(article(LONG) + f"<aside>{entries(9, told=OTHER)}</aside>")),
        ("about error pages", made(article(LONG), "Page not found: the art of 404")),
        ("a brief about a car", made(article(EN), "Peugeot 404 turns sixty", **news())),
        ("locked, and all there", made(article(LONG), **LOCKED)),
        ("brief, locked, and all there", made(article(EN[:2]), **LOCKED)),
        (
            "locked, and printed inside what is called a paywall",
            made(article((), f"<div class=paywall>{markup(EN)}</div>"), **LOCKED),
        ),
        (
            "locked, as long as it says it is",
            made(article(EN), **news(isAccessibleForFree=False, wordCount=56)),
        ),
        (
            "open, with a prompt that lies ready",
            made("<div hidden>Subscribe to continue reading</div>" + article(EN), **news()),
        ),
        ("brief, locked, with an empty wall", made(article(EN, "<div id=paywall></div>"), **LOCKED)),
        ("a programme", made(article([f"{h}:15 {text}" for h, text in enumerate(LONG, 8)]))),
        ("a price list", made(article([f"$1{9 - n}.{99 - n} {text}" for n, text in enumerate(LONG[:9])]))),
        ("with teasers below", made(article(EN) + TEASERS, **news())),
        ("without any statement, with teasers below", made(article(LONG) + TEASERS)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_ordinary_article_is_called_nothing_else(what: str, given: Page) -> None:
    assert kind_of(given) == PageKind.ARTICLE, what


@pytest.mark.parametrize(
    "given",
    [
        made(f"<main><article>{entries(9)}</article></main>"),
        made(f"<main>{entries(6, '<span>{:02}.15</span>')}</main>", path="/ticker/hafen"),
        made(f"<main>{entries(8, '<b>{:02}h15</b>')}</main>", path="/direct/ferry"),
        made(article([f"{20 - n}.{59 - n} Uhr: {text}" for n, text in enumerate(LONG)])),
        made(article(LONG), **(news() | {"@type": "LiveBlogPosting"})),
    ],
)
def test_a_report_in_entries_with_their_times_is_a_live_blog(given: Page) -> None:
    assert kind_of(given) == PageKind.LIVE_BLOG


@pytest.mark.parametrize(
    "given",
    [
        made(article([EN[0], EN[1][:60] + " …"]), **LOCKED),
        made(article(EN[:2]), **news(isAccessibleForFree="False", wordCount=640)),
        made(article(EN), **LOCKED, articleBody=" ".join(LONG)),
        made(article(EN[:1], "<div>Subscribe to continue reading this story</div>"), **LOCKED),
        made(article(DE[:1], "<div id=paywall>Jetzt weiterlesen mit dem Digitalabo</div>")),
        made(article(DE[:1], "<div class=paywall-box><b>Noch 4 Minuten</b></div>"), **LOCKED),
        made(article(JA[:1], "<div>この記事は有料記事です</div>"), **LOCKED),
        made(article(["La compagnie de navigation a annoncé lundi que ses deux plus vieux bateaux…"],
                        "<p>Cet article est réservé aux abonnés.</p>")),
        made(article(["La naviera anunció el lunes que sus dos barcos más viejos saldrán de servicio antes del..."],
                        "<p>Suscríbete para seguir leyendo</p>")),
    ],
)  # fmt: skip
def test_the_beginning_of_a_locked_text_is_a_stub(given: Page) -> None:
    assert kind_of(given) == PageKind.PAYWALL_STUB


@pytest.mark.parametrize(
    "given",
    [
        made(f"<main>{FIGURES}<p>{EN[0]}</p></main>", **{"@type": "ImageGallery"}),
        made(f"<main>{FIGURES}<p>{DE[0]}</p></main>", path="/bilder/faehren"),
        made(f"<main>{FIGURES}<p>{EN[0]}</p></main>", path="/fotogaleria/barcos"),
        made(f"<main>{FIGURES}<p>{JA[0]}</p></main>"),
    ],
)
def test_pictures_with_captions_and_little_else_are_a_gallery(given: Page) -> None:
    assert kind_of(given) == PageKind.GALLERY


@pytest.mark.parametrize(
    "given",
    [
        made(f"<main>{PLAYER}<p>{EN[0]}</p></main>", head="<meta property='og:type' content='video.other'>"),
        made(f"<main>{PLAYER}<p>{DE[0]}</p></main>", path="/mediathek/faehren"),
        made(
            f"<main><iframe src='https://player.example.org/embed/7'></iframe><p>{EN[0]}</p></main>",
            **{"@type": "VideoObject", "name": "Two ferries less"},
        ),
        made(f"<main>{PLAYER}<p>{EN[0]}</p></main>"),
        made(f"<main>{PLAYER}<p>{EN[0]}</p></main>", path="/videos/barcos", **news(video={"@type": "VideoObject"})),
    ],
)
def test_a_player_with_a_line_of_text_is_a_video(given: Page) -> None:
    assert kind_of(given) == PageKind.VIDEO


@pytest.mark.parametrize(
    "given",
    [
        made(f"<main>{TEASERS}</main>", "Lindmere Post", "/"),
        made(f"<main>{TEASERS}</main>", "Lindmere Post", "/en/"),
        made(f"<main><h1>Politics</h1>{TEASERS}</main>", "Politics", "/news/politics"),
    ],
)
def test_a_page_of_teasers_is_a_section_front(given: Page) -> None:
    assert kind_of(given) == PageKind.SECTION_FRONT


def test_an_error_page_that_shows_more_than_the_notice_is_not_found() -> None:
    story = made(f"<main><h1>Page not found</h1>{markup(EN)}</main>", "Page not found | Lindmere Post", "/gone")
    assert kind_of(story) == PageKind.NOT_FOUND
