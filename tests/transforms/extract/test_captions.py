"""Captions and posts shown from networks leave the text, whatever the template; a text told by captions keeps them."""

from __future__ import annotations

import numpy as np
import pytest
from lxml.html import fromstring

from schemas.article import Removed
from tests.rows import page
from tests.transforms.extract.pages_to_isolate import PARAGRAPHS
from transforms.extract.body.known_out.captions import sources_by_pictures, stand_by_pictures
from transforms.extract.extract_article import extract_article
from transforms.extract.page.text_blocks import text_blocks

STORY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
CAPTION = "The old bridge on the day on which it was closed."


def found_in(markup: str) -> list[str]:
    """The texts that are taken for captions, where every block is chosen."""
    blocks = text_blocks(fromstring(f"<html><body><article>{markup}</article></body></html>"))
    found = stand_by_pictures(blocks, np.ones(len(blocks), dtype=np.bool_))
    return [block.text for block, is_caption in zip(blocks, found, strict=True) if is_caption]


@pytest.mark.parametrize(
    "markup",
    [
        "<figure><img src='/a.jpg'><figcaption>{caption}</figcaption></figure>",
        "<figure><img src='/a.jpg'><figcaption><p>{caption}</p></figcaption></figure>",
        "<div class='wp-caption'><img src='/a.jpg'><p class='wp-caption-text'>{caption}</p></div>",
        "<div class='photo-caption'><p>{caption}</p></div>",
        "<p class='bildunterschrift'>{caption}</p>",
        "<div class='imgInline'><img src='/a.jpg'>{caption}</div>",
        "<p class='image-annotation'>{caption}</p>",
        "<blockquote class='instagram-media'><p>{caption}</p></blockquote>",
        "<div class='fb-post'><blockquote class='fb-xfbml-parse-ignore'><p>{caption}</p></blockquote></div>",
    ],
)
@pytest.mark.parametrize("caption", [CAPTION, "Мост в день закрытия.", "在关闭当天的旧桥。"])
def test_a_caption_is_known_by_its_place(markup: str, caption: str) -> None:
    assert found_in(STORY + markup.format(caption=caption)) == [caption]


@pytest.mark.parametrize(
    "markup",
    [
        "<h2 class='caption'>{caption}</h2>",
        "<p>{caption}</p>",
        "<blockquote><p>{caption}</p></blockquote>",
        "<figure><table><tr><td>{caption}</td></tr></table></figure>",
        "<div class='image-text-content'>{caption}</div>",
    ],
)
def test_what_stands_elsewhere_is_none(markup: str) -> None:
    assert found_in(STORY + markup.format(caption=CAPTION)) == []


def test_a_long_caption_holds_a_text_of_its_own() -> None:
    assert found_in(STORY + f"<figure><figcaption>{' '.join(PARAGRAPHS)}</figcaption></figure>") == []


def test_the_text_of_a_gallery_stays() -> None:
    gallery = "".join(f"<figure><figcaption>{paragraph}</figcaption></figure>" for paragraph in PARAGRAPHS)
    assert found_in(f"<p>{PARAGRAPHS[0]}</p>{gallery}") == []


@pytest.mark.parametrize(
    ("markup", "texts"),
    [
        ("<figure><img src='/a.jpg'><figcaption>Source: AFP</figcaption></figure>", {"Source: AFP"}),
        ("<div class='chart'><p>Quelle: dpa</p></div>", {"Quelle: dpa"}),
        ("<table><caption>Fuente: EFE</caption><tr><td>1</td></tr></table>", {"Fuente: EFE"}),
        ("<figure><figcaption>出典：共同通信</figcaption></figure>", {"出典：共同通信"}),
        ("<p>Source: AFP</p>", set()),
        ("<figure><figcaption>The bridge: closed.</figcaption></figure>", set()),
        ("<figure><figcaption>Source: AFP</figcaption></figure><p>Source: AFP</p>", set()),
    ],
)
def test_the_source_of_a_picture_is_known_by_what_it_stands_in(markup: str, texts: set[str]) -> None:
    assert sources_by_pictures(text_blocks(fromstring(f"<html><body>{STORY}{markup}</body></html>"))) == texts


def test_the_source_of_a_picture_is_removed_as_such() -> None:
    figure = "<figure><img src='/a.jpg'><figcaption>Source: AFP</figcaption></figure>"
    first, *rest = (f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    body = f"<html><body><article><h1>Old bridge</h1>{first}{figure}{''.join(rest)}</article></body></html>"
    article = extract_article(page(body=body.encode())).article
    assert Removed("Source: AFP", "picture_source") in article.removed
    assert "AFP" not in article.article_body
