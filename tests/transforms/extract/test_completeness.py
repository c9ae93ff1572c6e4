"""Whether a text seems whole: by its end, by what its page and its feed state of it, and by what stands behind it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pipelines.run.build_page import build, without_furniture
from schemas.article import Article, BlockKind, PageKind, Removed
from schemas.draft import LengthSigns, drafts_from_arrow, drafts_to_arrow
from schemas.page import Page
from tests.rows import article, page
from tests.transforms.extract.pages_to_isolate import PARAGRAPHS, news_page
from transforms.compare.sites.site_blocks import block_hash
from transforms.extract.kind.completeness import is_complete
from transforms.extract.kind.text_end import TextEnd, text_end
from transforms.text.body_blocks import placed_blocks
from transforms.text.lines import body_line

TEXT = "\n".join(PARAGRAPHS)
LONG = "\n".join([*PARAGRAPHS, *PARAGRAPHS[:3]])
WORDS = len(LONG.split())

CLOSED, CUT, MID = TextEnd.CLOSED, TextEnd.CUT, TextEnd.MID_SENTENCE
SIGNED, OPEN, NEXT = TextEnd.SIGNED, TextEnd.OPEN, TextEnd.NEXT_PAGE


def ended(body: str, kind: BlockKind = BlockKind.PARAGRAPH) -> TextEnd:
    return text_end(body, placed_blocks(body, [(kind, 0)] * (body.count("\n") + 1)))


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("The council will discuss the loan in autumn.", CLOSED),
        ("“Nobody will take a ferry to buy bread,” said a baker. “Nobody at all.”", CLOSED),
        ("Was it worth the money?", CLOSED),
        ("Das Schiff kommt nicht mehr, sagte der Hafenmeister. (dpa)", SIGNED),
        ("La mairie ne répondra pas avant lundi.\n(AFP)", SIGNED),
        ("The bridge will be built again. ■", SIGNED),
        ("The council will discuss in autumn whether to ask for a loan […]", CUT),
        ("The council will discuss in autumn whether to ask for a loan [...]", CUT),
        ("The council will discuss in autumn whether to ask for a loan (…)", CUT),
        ("The council will discuss in autumn whether to ask for a loan …", CUT),
        ("The council will discuss in autumn whether to ask for a loan... Read more", CUT),
        ("Der Rat berät im Herbst über einen Kredit und ob die Stadt… » Weiterlesen «", CUT),
        ("Le conseil décidera à l'automne de… Lire la suite", CUT),
        ("And who will pay for the bridge, nobody knows…", OPEN),
        ("The council will discuss in autumn whether to ask for a loan or to sell the", MID),
        ("The council will discuss in autumn whether to ask for a loan,", MID),
        ("The harbour was closed. It also gets less light than it did before, and has", MID),
        ("“We have asked for the money for years and were told by the council of Northmouth", MID),
        ("Der Rat berät im Herbst darüber, ob die Stadt einen Kredit aufnimmt und das alte Kraftwerk", MID),
        ("Совет решит осенью, взять ли городу кредит или продать старую электростанцию на", MID),
        ("परिषद शरद ऋतु में फैसला करेगी कि शहर को कर्ज लेना चाहिए या पुराना बिजलीघर बेचना", MID),
        ("市議会は秋に、市が融資を受けるか、島にある古い発電所を売却するかについて議論する予定で、橋の工事は", MID),
        # names, credits, labels and addresses end without a stop
        ("By Ada Marsh in Northmouth", OPEN),
        ("“A bridge does more for a town than its walls.” — Ada Marsh, engineer and member of the council", OPEN),
        ("The report can be read at https://www.example.org/harbour/report-of-the-engineers", OPEN),
        ("Among the winners were Ada Marsh, Ben Thorne, Cleo Varga, Dario Quint and Edda Holm", OPEN),
        ("He was a teacher there for thirty years, and came back every summer. Ada Marsh", OPEN),
        ("The bridge in numbers", OPEN),
        ("Material by dpa\nYou are welcome to discuss this with us and others in the forum of the harbour", OPEN),
        ("We have listed the ferries for you:", OPEN),
        ("全文到此为止，工程师们的报告已经交给市议会，市议会将在秋天讨论这份报告。文/王明", OPEN),
        # goes on elsewhere
        ("議會將在秋天討論是否貸款或出售島上的舊發電廠，工程預計需要一年的時間才能完成。 (接下一頁)", NEXT),
        ("Continued on next page >>", NEXT),
    ],
)  # fmt: skip
def test_how_a_text_ends_by_its_last_line(last: str, expected: TextEnd) -> None:
    assert ended(f"{TEXT}\n{last}") is expected


@pytest.mark.parametrize("kind", [BlockKind.LIST_ITEM, BlockKind.HEADING, BlockKind.TABLE_ROW])
def test_lists_headings_and_tables_need_no_stop(kind: BlockKind) -> None:
    assert (
        ended(f"{TEXT}\n- a ferry that leaves from the steps below the old market of the town every hour", kind) is OPEN
    )


def test_a_text_that_never_uses_stops_does_not_end_in_mid_sentence() -> None:
    line = "the boats leave from the steps below the market and people wait for them in the rain"
    assert ended("\n".join([line] * 4)) is OPEN
    assert ended(line) is OPEN
    assert ended(f"The boats leave at six. {line}") is MID
    assert ended("สภาเมืองจะหารือในฤดูใบไม้ร่วงว่าจะกู้เงินหรือขายโรงไฟฟ้าเก่าบนเกาะ\nสะพานใหม่จะมีค่าใช้จ่ายประมาณแปดสิบล้าน") is OPEN


def test_a_short_text_with_an_ellipsis_is_a_teaser_and_a_long_one_may_be_written_so() -> None:
    assert ended(f"{PARAGRAPHS[0]}\nNobody knows what that will cost...") is CUT
    assert ended(f"{TEXT}\nNobody knows what that will cost...") is OPEN


def of(body: str, **values: object) -> Article:
    kinds = [(BlockKind.PARAGRAPH, 0)] * (body.count("\n") + 1)
    made = replace(article(), article_body=body, blocks=placed_blocks(body, kinds), word_count=len(body.split()))
    return replace(made, **{"page_kind": "article", "removed": (), **values})  # type: ignore[arg-type]  # whatever an article has


CUT_OFF = f"{LONG}\nThe council will discuss in autumn whether to ask for a loan […]"


@pytest.mark.parametrize(
    ("told", "signs", "expected"),
    [
        (of(LONG), {}, None),
        (of(LONG), {"stated_words": WORDS}, True),
        (of(LONG), {"stated_words": WORDS + 20}, True),
        (of(LONG), {"stated_words": 2 * WORDS}, False),
        (of(LONG), {"stated_words": WORDS * 4 // 3}, None),
        (of(LONG), {"stated_words": 9}, None),  # a default
        (of(LONG), {"told_words": WORDS}, True),
        (of(LONG), {"told_words": WORDS, "is_paid": True}, None),
        (of(LONG), {"told_words": 3 * WORDS}, False),
        (of(LONG), {"fed_words": WORDS}, True),
        (of(LONG), {"fed_words": 2 * WORDS}, False),
        (of(LONG), {"prompt": "next_page"}, False),
        (of(TEXT), {"prompt": "locked"}, False),
        (of(TEXT), {"prompt": "locked", "stated_words": len(TEXT.split())}, None),
        (of(LONG), {"prompt": "locked"}, None),  # for readers over their limit
        (of(LONG), {"prompt": "read_on"}, None),  # to other stories
        (of(PARAGRAPHS[0]), {"prompt": "read_on"}, False),
        (of(LONG, page_kind=str(PageKind.PAYWALL_STUB)), {"stated_words": WORDS}, False),
        (of(CUT_OFF), {}, False),
        (of(CUT_OFF), {"stated_words": WORDS + 13}, None),  # one of the two is wrong
        (of(f"{LONG}\n(dpa)"), {}, True),
        (of(f"{PARAGRAPHS[0]}\n(dpa)"), {}, None),
        (of(LONG, removed=(Removed("With material by dpa", "credits"),)), {}, True),
        (of(LONG, removed=(Removed("Share this", "promotion"),)), {}, None),
    ],
)  # fmt: skip
def test_the_order_of_evidence(told: Article, signs: dict[str, object], expected: bool | None) -> None:
    assert is_complete(told, LengthSigns(**signs)) is expected  # type: ignore[arg-type]  # as the class has them


def built(markup: str, **values: object) -> bool | None:
    given: Page = replace(page(body=markup.encode()), **values)  # type: ignore[arg-type]  # whatever a page has
    return build(given).article.is_complete


def stated(**values: object) -> str:
    told = json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Harbour", **values})
    return f"<script type='application/ld+json'>{told}</script></head>"


STORY = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)
PAGE = news_page()
OWN_WORDS = len(TEXT.split()) + 4


def test_a_beginning_that_its_publisher_calls_free_is_not_complete() -> None:
    head = stated(isAccessibleForFree=True, wordCount=900)
    draft = build(page(body=PAGE.replace("</head>", head).encode()))
    assert (draft.article.is_accessible_for_free, draft.article.is_complete) == (True, False)


def test_a_page_that_states_its_own_words() -> None:
    assert built(PAGE.replace("</head>", stated(wordCount=OWN_WORDS))) is True
    assert built(PAGE.replace("</head>", stated(wordCount=str(OWN_WORDS)))) is True
    assert built(PAGE.replace("</head>", stated(articleBody=TEXT.replace("\n", " ")))) is True
    assert built(PAGE.replace("</head>", stated(articleBody=f"{PARAGRAPHS[0]}&hellip;"))) is None
    assert built(PAGE) is None


def test_a_feed_that_carries_more_than_the_page() -> None:
    short = f"<html><body><article><h1>Harbour</h1><p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p></article></body></html>"
    assert built(short, entry_content_html=STORY) is False
    assert built(PAGE, entry_content_html=STORY) is True


@pytest.mark.parametrize(
    "prompt",
    ["Continue reading", "Read the full story →", "Weiterlesen", "» Lire la suite", "Seguir leyendo", "Czytaj dalej",
     "Читать далее", "続きを読む", "阅读全文", "اقرأ المزيد", "Subscribe to continue reading this story"],
)  # fmt: skip
def test_a_brief_text_above_a_prompt(prompt: str) -> None:
    body = f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p><div class='more'><a href='/x'>{prompt}</a></div>"
    assert built(f"<html><body><article><h1>Harbour</h1>{body}</article></body></html>") is False


def test_a_list_of_other_stories_is_no_prompt() -> None:
    others = "<div><b>Read more:</b></div><ul><li><a href=/a>Storm</a></li></ul>"
    body = f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p>{others}"
    assert built(f"<html><body><article><h1>Harbour</h1>{body}</article></body></html>") is None


def test_it_is_told_again_where_a_site_s_furniture_goes() -> None:
    furniture = "Every morning at six the lamps on the old quay are put out by hand, as they have been since 1911."
    cut = "The council will discuss in autumn whether to ask for a loan or to sell the power station on the island of"
    body = "".join(f"<p>{line}</p>" for line in (*PARAGRAPHS, cut, furniture))
    draft = build(page(body=f"<html><body><article>{body}</article></body></html>".encode()))
    assert draft.article.article_body.endswith(f"{cut}\n{furniture}")
    [stored] = drafts_from_arrow(drafts_to_arrow([draft]))
    assert stored.length == draft.length
    rest = without_furniture(stored, frozenset({block_hash(body_line(furniture))})).article
    assert rest.article_body.endswith(cut)
    assert (draft.article.is_complete, rest.is_complete) == (None, False)
