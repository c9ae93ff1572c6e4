"""An article as Markdown, read back by a parser of Markdown."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from schemas.article import Block, BlockKind, Link
from transforms.text.body_blocks import placed_blocks
from transforms.text.markdown import markdown_of

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
KINDS = st.tuples(st.sampled_from([str(kind) for kind in BlockKind]), st.integers(1, 6))
SIGNS = st.text(st.sampled_from("ab1 #>-+*_`[]()<>!&;.~|\\=:/\t"), max_size=14)
WORDS = st.text(st.characters(exclude_characters="\n", exclude_categories=("Cs", "Cc")), max_size=14)
LINES = st.lists(st.tuples(SIGNS | WORDS, KINDS), max_size=7)


def inline(token: Token) -> str:
    """The text of a line, and of what stands in it nothing but text."""
    assert {child.type for child in token.children or ()} <= {"text", "text_special"}, token
    return "".join(child.content for child in token.children or ())


def read_back(markdown: str) -> list[str]:
    return [inline(token) for token in PARSER.parse(markdown) if token.type == "inline"]


def words(line: str) -> list[str]:
    return line.removeprefix("- ").replace("|", " ").split()


@given(LINES, SIGNS)
@example([("1. b", ("paragraph", 0)), ("- - -", ("list_item", 1)), ("# a #", ("heading", 2))], "#")
@example([("a | b", ("table_row", 0)), ("c|d", ("table_row", 0))], "")
@example([("&amp; <b> snake_case __init__", ("quote", 0))], "a #")
def test_a_reader_of_markdown_finds_the_words_and_nothing_but_words(
    lines: list[tuple[str, tuple[str, int]]], headline: str
) -> None:
    body = "\n".join(line for line, _ in lines)
    blocks = placed_blocks(body, (kind for _, kind in lines)) if lines else ()
    found = [word for line in read_back(markdown_of(body, blocks, headline)) for word in words(line)]
    told = [body[block.start : block.end] for block in blocks]
    kinds = [block.kind for block in blocks]
    expected = [
        word
        for line, kind in zip([headline, *told], ["heading", *kinds], strict=True)
        for word in (line.removeprefix("- ") if kind == "list_item" else line).replace("|", " ").split()
    ]
    assert "".join(found).replace("-", "") == "".join(expected).replace("-", "")


BODY = "First.\nIce\n- one\n- one below\n- two\nHe said.\nShe said.\nMonth | Ships\nMay | 3\nLast, see the report."
MADE = (
    ("paragraph", 0), ("heading", 3), ("list_item", 1), ("list_item", 2), ("list_item", 1), ("quote", 0),
    ("quote", 0), ("table_row", 0), ("table_row", 0), ("paragraph", 0),
)  # fmt: skip


def test_each_kind_has_its_form() -> None:
    assert markdown_of(BODY, placed_blocks(BODY, MADE), "Ferry") == (
        "# Ferry\n\nFirst.\n\n### Ice\n\n- one\n  - one below\n- two\n\n> He said.\n>\n> She said.\n\n"
        "| Month | Ships |\n| --- | --- |\n| May | 3 |\n\nLast, see the report.\n"
    )


def test_a_row_without_blocks_is_paragraphs_and_items() -> None:
    assert markdown_of("First.\n- one\n- two", None) == "First.\n\n- one\n- two\n"


def test_links_stand_on_their_words() -> None:
    body = "Oh! See [the] report."
    blocks = (Block("paragraph", 0, 0, len(body)),)
    link = Link("[the] report", "https://a.example/x_(1)?a=1&copy;=2", "", 8)
    made = markdown_of(body, blocks, None, (link,))
    assert made == "Oh! See [\\[the\\] report](https://a.example/x_%281%29?a=1&amp;copy;=2).\n"
    (_, line, _) = PARSER.parse(made)
    opened = next(child for child in line.children or () if child.type == "link_open")
    assert opened.attrs["href"] == "https://a.example/x_%281%29?a=1&copy;=2"


def test_a_sign_before_a_link_makes_no_picture_of_it() -> None:
    body = "Hey!here"
    made = markdown_of(body, (Block("paragraph", 0, 0, 8),), None, (Link("here", "https://a.example/", "", 4),))
    assert made == "Hey\\![here](https://a.example/)\n"
