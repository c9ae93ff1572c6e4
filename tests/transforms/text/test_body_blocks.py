"""Blocks and links of a body stay right, whatever lines of it go."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from schemas.article import Article, Block, BlockKind, Link
from tests.rows import article
from transforms.clean.clean_text import clean_article
from transforms.compare.sites.site_blocks import block_hash, without_site_blocks
from transforms.text.body_blocks import placed_blocks, without_lines
from transforms.text.lines import body_line

LINE = st.text(st.characters(exclude_characters="\n", exclude_categories=("Cs",)), max_size=12)
LINES = st.lists(LINE, min_size=1, max_size=12)
KINDS = st.tuples(st.sampled_from([str(kind) for kind in BlockKind]), st.integers(0, 6))


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """Articles of any lines, with a link on each line's last word."""
    lines = draw(LINES)
    kinds = draw(st.lists(KINDS, min_size=len(lines), max_size=len(lines)))
    body = "\n".join(lines)
    links, start = [], 0
    for number, line in enumerate(lines):
        if words := line.split():
            at = line.rindex(words[-1])
            links.append(Link(words[-1], f"https://news.example.org/{number}", "", start + at))
        start += len(line) + 1
    return replace(article(), article_body=body, blocks=placed_blocks(body, kinds), links=tuple(links))


def told(one: Article) -> list[str]:
    assert one.blocks is not None
    return [one.article_body[block.start : block.end] for block in one.blocks]


def filled(body: str) -> list[str]:
    return [line for line in body.split("\n") if line.strip()]


@given(articles(), st.sets(st.integers(0, 11)))
def test_blocks_are_the_lines_that_are_not_empty_in_order_also_where_lines_went(one: Article, gone: set[int]) -> None:
    rest = without_lines(one, gone)
    lines = one.article_body.split("\n")
    kept = "\n".join(line for number, line in enumerate(lines) if number not in gone)
    assert rest.article_body == (kept.strip("\n") if gone else one.article_body)
    assert told(one) == filled(one.article_body)
    assert told(rest) == filled(rest.article_body)
    ends = [0, *(block.end for block in rest.blocks or ())]
    assert all(end <= block.start for end, block in zip(ends, rest.blocks or (), strict=False))


@given(articles(), st.sets(st.integers(0, 11)))
def test_blocks_keep_their_kinds_and_links_their_words(one: Article, gone: set[int]) -> None:
    rest = without_lines(one, gone)
    numbers = [number for number, line in enumerate(one.article_body.split("\n")) if line.strip()]
    kept = [at for at, number in enumerate(numbers) if number not in gone]
    assert one.blocks is not None
    assert one.links is not None
    assert [(b.kind, b.level) for b in rest.blocks or ()] == [one.blocks[at][:2] for at in kept]
    assert [link[:3] for link in rest.links or ()] == [one.links[at][:3] for at in kept]
    assert all(rest.article_body.startswith(link.text, link.start) for link in rest.links or ())


@given(articles(), st.sets(st.integers(0, 11)))
def test_what_is_not_known_stays_unknown(one: Article, gone: set[int]) -> None:
    rest = without_lines(replace(one, blocks=None, links=None), gone)
    assert (rest.blocks, rest.links) == (None, None)


def test_offsets_count_code_points() -> None:
    body = "𝔸 ☂️ first\n\n- второй"
    kinds = [("paragraph", 0), ("paragraph", 0), ("list_item", 1)]
    assert placed_blocks(body, kinds) == (Block("paragraph", 0, 0, 10), Block("list_item", 1, 12, 20))


STORY = "The council of Northmouth voted on Tuesday to close the old harbour bridge for repairs, line {}."
FURNITURE = ("Advertisement", "Share this:", "Leave a Reply", "Read more: Storm warning", "Harbour closed", "", "(dpa)")


@st.composite
def cleanable(draw: st.DrawFn) -> Article:
    """Articles of paragraphs and furniture, in any order."""
    numbers = draw(st.lists(st.integers(-len(FURNITURE), 9), min_size=1, max_size=14))
    lines = [STORY.format(number) if number >= 0 else FURNITURE[number] for number in numbers]
    kinds = draw(st.lists(KINDS, min_size=len(lines), max_size=len(lines)))
    body = "\n".join(lines)
    return replace(article(), headline="Harbour closed", article_body=body, blocks=placed_blocks(body, kinds))


@given(cleanable(), st.sets(st.integers(0, 9)))
def test_blocks_stay_right_where_rules_and_sites_take_lines_out(one: Article, repeated: set[int]) -> None:
    cleaned = clean_article(one)
    furniture = frozenset(block_hash(body_line(STORY.format(number))) for number in repeated)
    for rest in (cleaned, without_site_blocks(cleaned, furniture)):
        assert told(rest) == filled(rest.article_body)
        kinds = {text: kind for text, (kind, *_) in zip(told(one), one.blocks or (), strict=True)}
        if len(set(told(one))) == len(told(one)):
            assert [block.kind for block in rest.blocks or ()] == [kinds[text] for text in told(rest)]
