"""Stories about cookies, comment fields, newsrooms and advertising lose no word; nor does any text lose one unseen."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.article import RemovalReason
from tests.transforms.clean.samples import STORIES, article
from tests.transforms.clean.test_furniture_goes import FURNITURE
from transforms.clean.clean_text import clean_article

ABOUT_FURNITURE = {
    "cookies": "Regulators fined a shop on Monday because its site set tracking cookies before anybody had agreed.\n"
    "We use cookies to remember what is in your basket, the shop had written in letters too small to read.\n"
    "Under the ruling, sites must ask before they store cookies, and a refusal must be as easy as consent.",
    "a quoted cookie notice": "Nobody reads them, and yet they are everywhere, a study of many sites has found.\n"
    "“This website uses cookies to enhance your experience” was the sentence its authors saw most.",
    "comment fields": "Newspapers are closing the space below their articles, and readers hardly seem to mind it.\n"
    "Leave a comment\n"
    "That invitation stood under every text of the Northmouth Echo for years, its editor said.\n"
    "Your email address will not be published, it promised, and in all those years it never was, she said.",
    "newsroom": "Two RFE/RL journalists were released on Friday after four months in prison, their lawyer said.\n"
    "RFE/RL journalists report the news in 21 countries where a free press is banned or not fully established.",
    "an agency's people": "Police searched the office of the news agency Belga in the north of the city on Friday.\n"
    "Belga journalists cover the courts and the press has defended their right to keep their sources.",
    "advertising": "Spending on print advertising fell by a tenth last year, while Werbung online grew, a study said.\n"
    "Advertisement\nThe word advertisement alone above a text is no longer enough, the court held in its ruling.\n"
    "An advertisement must be told from news at first sight, whatever the reader has agreed to, it added.",
    "reporting": "Reporting by human rights groups shows that torture was common in the camps along the river.\n"
    "Warm weather contributed to this report of early swallows, the society for the protection of birds said.",
    "a list": "The finalists of the Northmouth song contest were named on Friday after a long night of votes.\n"
    "Comments\nThe jury praised the winner’s voice and found the lights a little too bright for the small hall.",
    "über Cookies": "Ein Gericht hat einem Laden verboten, Cookies zu setzen, bevor seine Kunden zugestimmt haben.\n"
    "Wir verwenden Cookies, damit Sie nichts vergessen, hatte der Laden auf seiner Seite dazu geschrieben.\n"
    "Künftig muss Ablehnen so leicht sein wie Zustimmen, und Cookies dürfen erst danach gesetzt werden.",
    "an invitation": "Why should anybody sing? She had no answer. Sign up for our choir, the leader had told her.\n"
    "“Do you like singing? Sign up for our choir!” the leader had written on the wall of the old town hall, too.",
    "a channel": "The choir sings old songs of the harbour, and it has been heard in nine countries since it began.\n"
    "It has shown all of its concerts since the spring of that year on our YouTube channel and in the town hall.",
    "read more": "Read more books was the advice the librarian gave to every child who came to her desk that day.\n"
    "Share was the word she used most, and follow us the one that she disliked more than any other word.",
}


@pytest.mark.parametrize("topic", ABOUT_FURNITURE)
def test_a_story_about_it_does_not_lose_a_word(topic: str) -> None:
    story = article(ABOUT_FURNITURE[topic], headline="A story of the day")
    assert clean_article(story) is story


def test_a_story_about_cookies_still_loses_the_notice_below_it() -> None:
    notice = "This website uses cookies to enhance your experience."
    first, _, third = ABOUT_FURNITURE["cookies"].split("\n")
    cleaned = clean_article(article(f"{first}\n{third}\n{notice}"))
    assert (cleaned.article_body, cleaned.removed) == (f"{first}\n{third}", ((notice, "cookies"),))


_LINES = st.sampled_from(
    [line for story in STORIES.values() for line in story.split("\n")]
    + [text for footers in FURNITURE.values() for _, text in footers]
    + [line for story in ABOUT_FURNITURE.values() for line in story.split("\n")]
    + ["", "  ", "Name *", "Email *", "A subheading", "The harbour bridge closes", "(dpa)", "About Example Press"]
)


@given(st.lists(_LINES, max_size=14), st.sampled_from([None, "The harbour bridge closes"]))
def test_every_word_is_in_the_body_or_among_the_removed_and_cleaning_again_changes_nothing(
    lines: list[str], headline: str | None
) -> None:
    before = article("\n".join(lines), headline=headline)
    after = clean_article(before)
    removed = Counter(word for item in after.removed for word in item.text.split())
    assert Counter(after.article_body.split()) + removed == Counter(before.article_body.split())
    assert {item.reason for item in after.removed} <= {str(reason) for reason in RemovalReason}
    assert clean_article(after) == after


@given(st.text(max_size=400))
def test_any_text_at_all_is_survived(text: str) -> None:
    after = clean_article(article(text, headline=text[:40]))
    removed = Counter(word for item in after.removed for word in item.text.split())
    assert Counter(after.article_body.split()) + removed == Counter(text.split())
