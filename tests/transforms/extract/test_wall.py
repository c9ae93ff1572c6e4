"""A wall is no article: the feed's text stands in for it, and where there is none, the page fails as a wall."""

from __future__ import annotations

import json
from html import escape
from typing import Any

import pytest

from pipelines.run.build_page import BuildPage
from schemas.article import Article
from schemas.failure import Reason
from schemas.page import Page
from tests.rows import page
from transforms.extract.extract_error import ExtractError

STORY = (
    "The ferry company said on Monday that its two oldest boats would be taken out of service before the winter.",
    "Passengers on the northern line will have to change at Ostrem, which adds forty minutes to the trip.",
    "The union of seamen called the decision a mistake, and said that nobody had talked to the crews about it.",
)
CONTENT = "".join(f"<p>{text}</p>" for text in STORY)
CHROME = "<header><nav><a href=/>Home</a> <a href=/city>City</a></nav></header>"

CONSENT = (
    ("Before you continue", "We and our 112 partners store and access information on your device to process personal "
     "data. You can accept or manage your choices at any time."),
    ("Lindmere Post", "We value your privacy. We and our partners use cookies and similar methods to show adverts that "
     "suit you. With your consent we may process data such as your browsing on this site."),
    ("Bevor Sie fortfahren", "Wir und unsere 97 Partner speichern Informationen auf einem Gerät, etwa Cookies. Sie "
     "können Ihre Auswahl jederzeit ändern."),
    ("Avant de continuer", "Nous et nos 310 partenaires utilisons des cookies pour mesurer l'audience. Vous pouvez "
     "gérer vos choix à tout moment."),
    ("Tu privacidad", "Nosotros y nuestros 80 socios utilizamos cookies. Puedes gestionar tus opciones siempre."),
    ("La tua privacy", "Noi e i nostri 54 partner utilizziamo i cookie. Puoi cambiare le tue scelte in ogni momento."),
    ("Szanujemy Twoją prywatność", "My i nasi partnerzy przetwarzamy dane osobowe. Wyrażasz zgodę, klikając przycisk."),
)  # fmt: skip
CHALLENGE = (
    ("Just a moment...", "Verifying you are human. This may take a few seconds. example.org needs to review the "
     "security of your connection before proceeding."),
    ("Attention Required! | Cloudflare", "Sorry, you have been blocked. You cannot access example.org. Ray ID: 7"),
    ("Robot check", "Please complete the CAPTCHA below so that we know that you are not a robot."),
    ("Einen Moment bitte", "Ihr Browser wird überprüft. Bestätigen Sie, dass Sie ein Mensch sind."),
    ("Pardon Our Interruption", "As you were browsing something about your browser made us think you were a bot. There "
     "are a few reasons this might happen: You're a power user moving through this website with super-human speed. "
     "You've disabled cookies in your web browser. A browser plugin is preventing JavaScript from running."),
    ("Один момент", "Проверяем ваш браузер. Подтвердите, что вы человек."),
    ("少々お待ちください", "続行する前に、あなたが人間であることを確認する必要があります。"),
)  # fmt: skip
REFUSAL = (
    ("Access Denied", "You don't have permission to access this page on this server. Reference #18.5f3a"),
    ("Example Post", "This page is currently not available in your region. We are sorry for the inconvenience."),
    ("Zugriff verweigert", "Sie haben keine Berechtigung, diese Seite aufzurufen."),
    ("Accès refusé", "Vous n'avez pas l'autorisation de consulter cette page."),
    ("Доступ ограничен", "У вас нет доступа к этой странице. Обратитесь к администратору."),
    ("访问被拒绝", "您没有权限访问此页面，请联系网站管理员。"),
)
SCRIPTS = (
    ("Lindmere Post", "You need to enable JavaScript to run this app."),
    ("example.org", "Please enable JS and disable any ad blocker"),
    ("Lindmerer Bote", "Bitte aktivieren Sie JavaScript in Ihrem Browser, um diese Seite zu sehen."),
    ("El Puerto", "Habilite JavaScript y las cookies en su navegador para ver esta página."),
    ("Lindmere Post", "Your browser does not support JavaScript. Please turn it on to read the Post."),
    ("The Port", "JavaScript is turned off in your browser. Turn JavaScript on and reload the page to go on reading."),
)
LOGIN = (
    ("Log in | Lindmere Post", "Please log in to continue. Forgot your password? You do not have an account yet? "
     "Create a free account in a minute."),
    ("Anmelden - Lindmerer Bote", "Melden Sie sich an, um diesen Text zu lesen. Passwort vergessen?"),
)  # fmt: skip
WALLS = (*CONSENT, *CHALLENGE, *REFUSAL, *SCRIPTS, *LOGIN)


def wall(title: str, text: str, head: str = "", body: str = CHROME, **values: Any) -> Page:
    html = (
        f"<!doctype html><html><head><meta charset=utf-8><title>{escape(title)}</title>{head}</head><body>{body}"
        f"<main><h1>{escape(title)}</h1><p>{escape(text)}</p><button>OK</button></main></body></html>"
    )
    return page(body=html.encode(), **values)


def built(given: Page) -> Article:
    return BuildPage().cleaned(given).article


def reason_of(given: Page) -> Reason:
    with pytest.raises(ExtractError) as caught:
        built(given)
    return caught.value.reason


@pytest.mark.parametrize(("title", "text"), WALLS)
def test_a_wall_without_a_text_in_the_feed_fails_as_a_wall(title: str, text: str) -> None:
    assert reason_of(wall(title, text)) is Reason.WALL


@pytest.mark.parametrize(("title", "text"), WALLS)
def test_the_feeds_text_and_headline_stand_in_for_a_wall(title: str, text: str) -> None:
    head = f'<meta name="description" content="{escape(text)}"><link rel="canonical" href="/consent">'
    article = built(wall(title, text, head, entry_title="Two ferries less", entry_content_html=CONTENT))
    assert article.article_body.split("\n") == list(STORY)
    assert (article.body_source, article.headline, article.description) == ("feed", "Two ferries less", None)
    assert article.canonical_url == "https://example.org/a"


def test_a_wall_that_states_the_articles_type_is_one_where_it_says_nothing_else() -> None:
    data = {"@type": "NewsArticle", "headline": "Two ferries less", "datePublished": "2026-03-01"}
    head = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    assert reason_of(wall("Two ferries less", "You need to enable JavaScript to run this app.", head)) is Reason.WALL


def test_a_wall_that_only_readers_without_scripts_see_is_one() -> None:
    html = "<html><body><noscript>You need to enable JavaScript to run this app.</noscript><div></div></body></html>"
    assert reason_of(page(body=html.encode())) is Reason.WALL


@pytest.mark.parametrize("body", ["<div id=app></div>", "<h1>Loading…</h1><div id=app></div>"])
def test_a_page_that_shows_nothing_is_no_wall_and_its_title_no_headline(body: str) -> None:
    shell = f"<html><head><title>Loading…</title></head><body>{body}</body></html>".encode()
    assert reason_of(page(body=shell)) is Reason.NO_ARTICLE
    article = built(page(body=shell, entry_title="Two ferries less", entry_content_html=CONTENT))
    assert (article.headline, article.body_source) == ("Two ferries less", "feed")


@pytest.mark.parametrize(
    ("asked", "answered", "expected"),
    [
        ("https://example.org/?p=1", "https://consent.example.net/collect?session=9a1", "https://example.org/?p=1"),
        ("https://example.org/?p=1", "https://example.org/", "https://example.org/?p=1"),
        ("https://example.org/a", "https://example.org/login?next=a", "https://example.org/a"),
        ("https://links.example.net/x7", "https://example.org/city/fish", "https://example.org/city/fish"),
    ],
)
def test_an_article_behind_a_wall_keeps_its_own_address(asked: str, answered: str, expected: str) -> None:
    given = wall(*CONSENT[0], url=asked, final_url=answered, entry_title="Two ferries", entry_content_html=CONTENT)
    assert built(given).canonical_url == expected


def test_a_reader_who_was_sent_to_a_login_sees_a_wall_in_any_words() -> None:
    text = "Kirjoita tunnuksesi tähän ja paina nappia, niin pääset lukemaan kaikki jutut heti."
    assert reason_of(wall("Lindmeren Sanomat", text, final_url="https://example.org/login?next=a")) is Reason.WALL


STORIES = (
    ("Cookies are here to stay", "The browser maker will keep third-party cookies after all. It said on Monday that "
     "readers may manage their preferences as before. Publishers had feared for half of their income."),
    ("Access denied", "Reporters found the doors of the court locked on Tuesday. 'You don't have permission to enter,' "
     "a guard told them. The judge spoke of a misunderstanding and let them in at noon."),
    ("Just a moment", "Millions of readers saw the words 'Verify you are human' on Tuesday. A fault at a network "
     "company had put the captcha before every page, it said. The fault was mended within three hours."),
    ("Why sites ask you to enable JavaScript", "Four of five pages show nothing without scripts, a study says. Its "
     "authors looked at ten thousand newspapers. They call it a burden for readers with old computers."),
    ("Bank locks out customers", "Customers who wanted to log in to continue a payment were turned away on Friday. "
     "The bank said its servers had failed. It promised to pay for the damage."),
)  # fmt: skip


@pytest.mark.parametrize(("title", "text"), STORIES)
def test_a_brief_story_about_such_things_is_no_wall(title: str, text: str) -> None:
    paragraphs = "".join(f"<p>{escape(sentence)}.</p>" for sentence in text.rstrip(".").split(". "))
    html = f"<html><head><title>{title} | Lindmere Post</title></head><body>{CHROME}<article><h1>{title}</h1>"
    given = page(
        body=f"{html}{paragraphs}</article></body></html>".encode(), entry_title=title, entry_content_html=CONTENT
    )
    article = built(given)
    assert article.body_source == "page"
    assert article.article_body.count("\n") == 2


def test_a_story_with_a_notice_above_it_is_no_wall() -> None:
    notice = f"<div class=banner><p>{escape(CONSENT[0][1])}</p></div>"
    html = f"<html><head><title>Ferries</title></head><body>{notice}<article>{CONTENT}</article></body></html>"
    assert built(page(body=html.encode())).article_body.endswith(STORY[-1])
