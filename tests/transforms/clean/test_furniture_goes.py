"""Furniture of many languages leaves the text with its reason, and nothing else does."""

from __future__ import annotations

import pytest

from schemas.article import Removed
from tests.transforms.clean.samples import STORIES, article
from transforms.clean.clean_text import clean_article

FURNITURE = {
    "en": [
        ("cookies", "We use cookies to improve your visit. By continuing to browse you accept this."),
        ("advertisement", "Story continues below advertisement"),
        ("credits", "Jane Doe and John F. Roe contributed to this report."),
        ("promotion", "Sign up for our weekly newsletter here."),
        ("promotion", "(No ratings yet)"),
        ("comment_form", "Leave a Reply"),
        ("comment_form", "Your email address will not be published. Required fields are marked *"),
    ],
    "de": [
        ("cookies", "Diese Website verwendet Cookies, um Ihnen den bestmöglichen Service zu bieten."),
        ("advertisement", "Anzeige"),
        ("credits", "Mit Material von dpa und AFP"),
        ("promotion", "Lesen Sie auch: Warum Brücken altern"),
        ("promotion", "(Noch keine Bewertungen)"),
        ("comment_form", "Schreiben Sie einen Kommentar"),
        ("comment_form", "Ihre E-Mail-Adresse wird nicht veröffentlicht. Erforderliche Felder sind mit * markiert"),
    ],
    "fr": [
        ("cookies", "En poursuivant votre navigation, vous acceptez l’utilisation de cookies."),
        ("advertisement", "La suite après cette publicité"),
        ("credits", "Rédigé par Jeanne Dupont, édité par Marc Durand"),
        ("promotion", "À lire aussi : Les ponts vieillissent mal"),
        ("comment_form", "Laisser un commentaire"),
        ("comment_form", "Votre adresse e-mail ne sera pas publiée. Les champs obligatoires sont indiqués avec *"),
    ],
    "es": [
        ("cookies", "Este sitio web utiliza cookies para mejorar su experiencia de navegación."),
        ("advertisement", "PUBLICIDAD"),
        ("credits", "Con información de EFE y Reuters"),
        ("promotion", "Lea también: Los puentes envejecen"),
        ("promotion", "¡Valora este artículo!"),
        ("comment_form", "Deja una respuesta"),
        ("comment_form", "Tu dirección de correo electrónico no será publicada."),
    ],
    "it": [
        ("cookies", "Questo sito utilizza i cookie per migliorare la tua esperienza di navigazione."),
        ("advertisement", "Pubblicità"),
        ("credits", "Fonte: ANSA"),
        ("promotion", "Leggi anche: I ponti invecchiano"),
        ("comment_form", "Lascia un commento"),
        ("comment_form", "Il tuo indirizzo email non sarà pubblicato. I campi obbligatori sono contrassegnati *"),
    ],
    "pt": [
        ("cookies", "Este site usa cookies para melhorar a sua experiência."),
        ("advertisement", "Continua após a publicidade"),
        ("credits", "Com informações da Agência Brasil"),
        ("promotion", "Leia também: Pontes envelhecem"),
        ("comment_form", "Deixe um comentário"),
        ("comment_form", "O seu endereço de email não será publicado. Campos obrigatórios são marcados com *"),
    ],
    "nl": [
        ("cookies", "Deze website maakt gebruik van cookies om uw bezoek te verbeteren."),
        ("advertisement", "Advertentie"),
        ("promotion", "Lees ook: Waarom bruggen verouderen"),
        ("comment_form", "Geef een reactie"),
    ],
    "pl": [
        ("cookies", "Ta strona używa plików cookie, aby poprawić Twoje doświadczenia."),
        ("advertisement", "Reklama"),
        ("credits", "Źródło: PAP"),
        ("promotion", "Czytaj także: Dlaczego mosty się starzeją"),
        ("comment_form", "Dodaj komentarz"),
    ],
    "ru": [
        ("cookies", "Этот сайт использует файлы cookie, чтобы вам было удобнее."),
        ("advertisement", "Реклама"),
        ("credits", "По материалам ТАСС"),
        ("promotion", "Читайте также: Почему стареют мосты"),
        ("comment_form", "Добавить комментарий"),
        ("comment_form", "Ваш адрес email не будет опубликован. Обязательные поля помечены *"),
    ],
}


@pytest.mark.parametrize("language", FURNITURE)
def test_every_footer_goes_with_its_reason_and_the_story_stays(language: str) -> None:
    footers = [text for _, text in FURNITURE[language]]
    cleaned = clean_article(article("\n".join([STORIES[language], *footers])))
    assert cleaned.article_body == STORIES[language]
    assert [(removed.reason, removed.text) for removed in cleaned.removed] == FURNITURE[language]


@pytest.mark.parametrize("language", STORIES)
def test_a_story_without_furniture_is_the_very_same_article(language: str) -> None:
    story = article(STORIES[language])
    assert clean_article(story) is story


@pytest.mark.parametrize(("language", "notice"), [(code, items[0][1]) for code, items in FURNITURE.items()])
def test_a_cookie_notice_goes_wherever_it_stands(language: str, notice: str) -> None:
    first, second = STORIES[language].split("\n")
    cleaned = clean_article(article("\n".join([first, notice, second])))
    assert (cleaned.article_body, cleaned.removed[0].reason) == (STORIES[language], "cookies")


def test_a_whole_comment_form_goes_with_its_labels() -> None:
    form = ["Leave a Reply", "Your email address will not be published.", "Comment *", "Name *", "Email *", "Website"]
    form += ["Save my name, email, and website in this browser for the next time I comment."]
    cleaned = clean_article(article("\n\n".join([STORIES["en"], *form])))
    assert cleaned.article_body == STORIES["en"]
    assert [(r.text, r.reason) for r in cleaned.removed] == [(line, "comment_form") for line in form]


def test_labels_without_a_comment_form_stay() -> None:
    body = STORIES["en"] + "\nName\nWebsite"
    assert clean_article(article(body)).article_body == body


@pytest.mark.parametrize(
    "again",
    [
        "Northmouth closes its harbour bridge",
        "NORTHMOUTH CLOSES ITS HARBOUR BRIDGE",
        "Northmouth closes its harbour bridge.",
        "Northmouth closes harbour bridge",
    ],
)
def test_the_headline_printed_once_more_above_the_text_goes(again: str) -> None:
    headline = "Northmouth closes its harbour bridge"
    cleaned = clean_article(article(f"{again}\n{STORIES['en']}", headline=headline))
    assert (cleaned.article_body, cleaned.removed) == (STORIES["en"], ((again, "headline"),))


def test_a_headline_with_the_sites_name_behind_it_is_still_the_headline() -> None:
    title = "Northmouth closes its harbour bridge | Northmouth Echo"
    cleaned = clean_article(article("Northmouth closes its harbour bridge\n" + STORIES["en"], headline=title))
    assert cleaned.article_body == STORIES["en"]


@pytest.mark.parametrize(
    ("about", "values"),
    [
        ("Example Press journalists report the news from nine countries where the press is not free.", {}),
        (
            "The Northmouth Echo is an independent news site that covers the coast.",
            {"publisher_name": "Northmouth Echo"},
        ),
        ("Agence Exemple est une agence qui fournit des informations à la presse de neuf pays.", {}),
        ("Die Beispiel-Agentur liefert Nachrichten und Berichte ihrer Korrespondenten an Medien in neun Ländern.", {}),
    ],
)
def test_a_newsroom_describing_itself_at_the_end_goes(about: str, values: dict[str, str]) -> None:
    cleaned = clean_article(article(f"{STORIES['en']}\n{about}\nLeave a Reply", **values))
    assert cleaned.article_body == STORIES["en"]
    assert [r.reason for r in cleaned.removed] == ["agency_about", "comment_form"]


def test_initials_of_a_desk_alone_in_the_last_line_are_a_credit() -> None:
    for initials in ("(dpa)", "dpa/kan", "/ANSA", "(AFP)", "(SDA/ret)"):
        cleaned = clean_article(article(f"{STORIES['de']}\n{initials}"))
        assert (cleaned.article_body, cleaned.removed) == (STORIES["de"], ((initials, "credits"),))


def test_an_article_of_nothing_but_furniture_comes_back_empty() -> None:
    cleaned = clean_article(article("We use cookies to improve your visit.\nAdvertisement\nLeave a Reply"))
    assert cleaned.article_body == ""
    assert [r.reason for r in cleaned.removed] == ["cookies", "advertisement", "comment_form"]


def test_what_was_removed_before_stays_in_front() -> None:
    cleaned = clean_article(article(STORIES["en"] + "\nAdvertisement", removed=(Removed("By Jane Doe", "model"),)))
    assert cleaned.removed == (("By Jane Doe", "model"), ("Advertisement", "advertisement"))


def test_what_the_model_took_out_gets_the_name_that_a_rule_has_for_it() -> None:
    taken = (
        "A story of the day",
        "Leave a Reply",
        "Advertisement",
        "The mayor in her boat",
        "Foto: Jane Doe",
        "This site uses cookies. Accept?",
    )
    story = article(STORIES["en"], headline=taken[0], removed=tuple(Removed(text, "model") for text in taken))
    reasons = [item.reason for item in clean_article(story).removed]
    assert reasons == ["headline", "comment_form", "advertisement", "model", "credits", "cookies"]


@pytest.mark.parametrize(
    "invitation",
    [
        "Want more of the harbour? Sign up for our newsletter, The Quay, and wake up wiser.",
        "Do you want to know what the council does? Sign up here",
        "Wollen Sie mehr davon? Abonnieren Sie unseren Newsletter.",
        "¿Quieres saber más? Suscríbete a nuestro boletín.",
        "Хотите больше новостей? Подпишитесь на наш канал.",
    ],
)
def test_a_question_to_the_reader_with_an_invitation_goes_wherever_it_stands(invitation: str) -> None:
    first, second = STORIES["en"].split("\n")
    for lines in ([first, invitation, second], [first, second, invitation], [invitation, first, second]):
        cleaned = clean_article(article("\n".join(lines)))
        assert (cleaned.article_body, cleaned.removed) == (STORIES["en"], ((invitation, "promotion"),))


@pytest.mark.parametrize(
    "line",
    [
        "See more of the bridge on our YouTube channel!",
        "¡Mira las imágenes del puente en nuestro canal de YouTube!",
        "Mehr Bilder gibt es in unserem WhatsApp-Kanal",
        "Retrouvez les images sur notre chaîne YouTube",
        "Ещё больше новостей – в нашем телеграм-канале.",
    ],
)
def test_a_line_about_a_channel_of_the_sites_own_goes_below_the_story(line: str) -> None:
    cleaned = clean_article(article(f"{STORIES['en']}\n{line}"))
    assert (cleaned.article_body, cleaned.removed) == (STORIES["en"], ((line, "promotion"),))
    first, second = STORIES["en"].split("\n")
    between = article(f"{first}\n{second}\n{line}\n{first}")
    assert clean_article(between) is between
