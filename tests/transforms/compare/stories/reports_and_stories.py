"""Texts made for these tests: one event in several tellings, neighbouring events, and reports made of figures."""

from __future__ import annotations

from dataclasses import replace

from schemas.article import Article
from schemas.story import Sketch
from transforms.compare.stories.sketch import sketch_of

DAY_US = 86_400_000_000
NOON_US = 20_000 * DAY_US + DAY_US // 2

FERRY = (
    (
        "Ferry aground off Skerrow, 210 passengers taken ashore",
        "The ferry Marit ran onto a sandbank near Skerrow in thick fog. Lifeboats from Skerrow and Oldhaven took all "
        "210 passengers ashore. The captain, Ingrid Dahl, said that the radar of the Marit had failed minutes before.",
    ),
    (
        "Passengers of stranded Marit safe in Skerrow",
        "Everyone aboard the Marit is safe, the coast guard in Oldhaven said. The ferry lies on the sandbank off "
        "Skerrow where it ran aground in fog; captain Ingrid Dahl stays on board until tugs arrive.",
    ),
    (
        "Radar failed before Marit hit sandbank, captain says",
        "Captain Ingrid Dahl blames a radar fault for the grounding of the ferry Marit. Investigators in Oldhaven want "
        "to see the instruments. The passengers spent the night in Skerrow's school.",
    ),
)
BUDGET = (
    "Council of Oldhaven passes budget after all-night debate",
    "The council passed the budget by a single vote. Mayor Tomas Rehn thanked the members and went to bed. Schools get "
    "more money, the theatre less; the opposition speaks of a gift to voters before the election in spring.",
)
ORCHARD = (
    "Frost takes half of the apple blossom in the Lenn valley",
    "Growers in the Lenn valley lit fires between the trees, but the frost took half of the blossom. Petra Moll, who "
    "has kept apples for forty years, has seen worse only once. Prices will rise in autumn, she expects.",
)


def sketch(
    article_id: str,
    headline: str,
    body: str,
    *,
    day: float | None = 0.0,
    language: str = "en",
    story_id: str | None = None,
) -> Sketch:
    """The sketch of an article with this text, published `day` days after noon."""
    made = Article(
        article_id=article_id,
        url="",
        canonical_url="",
        publisher_domain="news.example",
        publisher_name=None,
        feed_url="",
        entry_id="",
        fetched_at_us=NOON_US,
        ingested_at_us=NOON_US,
        run_id="run",
        headline=headline,
        article_body=body,
        body_source="html",
        extractor="test",
        content_hash="",
        in_language=language,
        date_published_us=None if day is None else NOON_US + int(day * DAY_US),
    )
    return replace(sketch_of(made, f"page of {article_id}"), story_id=story_id)


def weather(town: str, high: int, low: int, wind: int, rain: int, sunset: str) -> tuple[str, str]:
    """A forecast by a form."""
    return (
        f"Weather for {town}",
        f"Clouds and sun over {town} today, with a high of {high} and a low of {low} degrees. Wind from the west at "
        f"{wind} kilometres an hour, chance of rain {rain} percent. Sunset is at {sunset}. Drive with care.",
    )


def markets(index: str, points: str, percent: str, other: str) -> tuple[str, str]:
    """A market report by a form."""
    return (
        "Shares close mixed in Oldhaven",
        f"The Oldhaven index closed at {index}, up {points} points or {percent} percent. Timber led the gainers. "
        f"The small caps index stood at {other}. Traders spoke of a quiet day before the decision of the central bank.",
    )
