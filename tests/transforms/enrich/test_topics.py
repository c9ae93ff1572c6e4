"""What an article is about: by its section, its address, its keywords and its words, in many languages."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from schemas.article import Removed
from tests.transforms.enrich.samples_to_enrich import article_of, enriched
from transforms.enrich.data_files import read_json
from transforms.enrich.enrich_article import enrich_article
from transforms.enrich.topics.features import FEATURES, TopicSource, steps_of
from transforms.enrich.topics.folding import folded_name
from transforms.enrich.topics.section_names import votes_of
from transforms.enrich.topics.terms import TERMS
from transforms.enrich.topics.topic import Topic, find_topic, load_topic_model
from transforms.enrich.topics.words import load_topic_words

SPORT, HEALTH, CRIME = "sport", "health", "crime, law and justice"
ECONOMY, POLITICS, WEATHER = "economy, business and finance", "politics and government", "weather"
DISASTER, SCIENCE = "disaster, accident and emergency incident", "science and technology"
VAGUE = "Something was said on Tuesday, and nobody who was there wants to repeat a word of it now."


STORIES = {
    "en": (
        "Lindmere beat Oakham in the cup final",
        "The striker scored two goals and the goalkeeper saved a penalty.",
        SPORT,
    ),
    "de": (
        "Landgericht verurteilt Einbrecher",
        "Die Staatsanwaltschaft hatte eine Haftstrafe gefordert, der Angeklagte schwieg.",
        CRIME,
    ),
    "fr": (
        "Séisme au large de la côte",
        "Les secours ont évacué le village ; les pompiers cherchent des disparus.",
        DISASTER,
    ),
    "es": (
        "El portero salvó la final",
        "El delantero marcó un gol y el equipo ganó la copa en su estadio.",
        SPORT,
    ),
    "it": (
        "Il governo presenta la legge",
        "Il ministro parla al senato, l'opposizione annuncia il voto contrario.",
        POLITICS,
    ),
    "pt": (
        "Vacinas chegam aos hospitais",
        "Os médicos tratam pacientes com sintomas do vírus, diz o ministério da Saúde.",
        HEALTH,
    ),
    "nl": (
        "Rechtbank veroordeelt dief",
        "De verdachte kreeg een celstraf, zegt het Openbaar Ministerie na de zitting.",
        CRIME,
    ),
    "pl": (
        "Inflacja znowu rośnie",
        "Bank podniósł stopy procentowe, a ceny paliw i kredytów są wyższe.",
        ECONOMY,
    ),
    "cs": (
        "Hasiči zasahují u požáru",
        "Po výbuchu museli záchranáři evakuovat dům, dva zranění jsou v péči.",
        DISASTER,
    ),
    "ru": (
        "Сборная выиграла матч",
        "Нападающий забил два гола, тренер похвалил вратаря и всю команду.",
        SPORT,
    ),
    "uk": (
        "Лікарі чекають на вакцину",
        "У лікарні лікують пацієнтів із симптомами грипу, вірус поширюється.",
        HEALTH,
    ),
    "sr": (
        "Тренер похвалио голмана",
        "Репрезентација је победила, нападач је дао два гола на стадиону.",
        SPORT,
    ),
    "hr": (
        "Trener pohvalio vratara",
        "Reprezentacija je pobijedila, napadač je dao dva gola na stadionu.",
        SPORT,
    ),
    "bg": (
        "Полицията задържа крадец",
        "Прокуратурата повдигна обвинение, съдът решава за ареста.",
        CRIME,
    ),
    "ro": (
        "Guvernul adoptă legea",
        "Premierul și miniștrii cer votul parlamentului înainte de alegeri.",
        POLITICS,
    ),
    "hu": (
        "Megválasztották az új kormányt",
        "A miniszterelnök a parlamentben beszélt, az ellenzék a szavazás ellen volt.",
        POLITICS,
    ),
    "el": (
        "Νίκη στον τελικό του κυπέλλου",
        "Ο προπονητής και οι παίκτες της ομάδας πανηγύρισαν στο γήπεδο.",
        SPORT,
    ),
    "tr": (
        "Deprem sonrası kurtarma sürüyor",
        "AFAD ve itfaiye enkazda, yaralı sayısı artıyor, patlama da oldu.",
        DISASTER,
    ),
    "ar": (
        "المنتخب يفوز بالمباراة النهائية",
        "سجل المهاجم هدفين وأشاد المدرب بحارس المرمى بعد البطولة.",
        SPORT,
    ),
    "he": (
        "הנבחרת ניצחה במשחק הגמר",
        "החלוץ כבש שני שערים והמאמן שיבח את השוער באצטדיון.",
        SPORT,
    ),
    "fa": (
        "تیم ملی قهرمان شد",
        "مهاجم دو گل زد و سرمربی از دروازه‌بان در ورزشگاه تمجید کرد.",
        SPORT,
    ),
    "hi": (
        "पुलिस ने चोर को गिरफ्तार किया",
        "आरोपी को अदालत में पेश किया गया, जांच जारी है और जेल भेजा गया।",
        CRIME,
    ),
    "zh": (
        "球队夺得冠军",
        "前锋攻入两球，教练称赞门将，球迷在主场庆祝决赛胜利。",
        SPORT,
    ),
    "ja": (
        "震度5強の地震、津波に注意",
        "消防が救助を続け、住民は避難した。けが人と行方不明者がいる。",
        DISASTER,
    ),
    "ko": (
        "대표팀 월드컵 결승 승리",
        "공격수가 득점했고 골키퍼가 페널티를 막았다. 선수들은 경기장에서 우승했다.",
        SPORT,
    ),
    "vi": (
        "Đội tuyển vô địch",
        "Tiền đạo ghi bàn, huấn luyện viên khen thủ môn sau trận chung kết.",
        SPORT,
    ),
    "id": (
        "Polisi menangkap pencuri",
        "Tersangka dibawa ke pengadilan, jaksa menuntut hukuman penjara.",
        CRIME,
    ),
    "sv": (
        "Åklagare åtalar tjuv",
        "Tingsrätten häktade mannen, polisen utreder inbrott i villan.",
        CRIME,
    ),
    "no": (
        "Været blir kaldt",
        "Meteorologen venter snø, frost og sterk vind; temperaturen faller.",
        WEATHER,
    ),
    "da": (
        "Landsholdet vandt kampen",
        "Angriberen scorede to mål, og træneren roste målmanden på stadion.",
        SPORT,
    ),
    "fi": (
        "Hallitus antoi lakiesityksen",
        "Pääministeri puhui eduskunnassa, oppositio äänesti vastaan.",
        POLITICS,
    ),
}


@pytest.mark.parametrize("language", STORIES)
def test_words_tell_the_topic_in_31_languages(language: str) -> None:
    headline, body, term = STORIES[language]
    article = replace(article_of(body), headline=headline)
    assert find_topic(article, language) == Topic(term, TopicSource.WORDS)


@pytest.mark.parametrize(
    ("section", "term"),
    [
        ("Sports", SPORT),
        ("Wirtschaft", ECONOMY),
        ("Économie", ECONOMY),
        ("Santé", HEALTH),
        ("Происшествия и криминал", CRIME),
        ("スポーツ", SPORT),
        ("정치", POLITICS),
        ("خارجي | رياضة", SPORT),
        ("News > Sport > Local", SPORT),
    ],
)
def test_a_section_tells_the_topic_where_words_do_not(section: str, term: str) -> None:
    article = replace(article_of(VAGUE), article_section=section)
    assert find_topic(article, "en") == Topic(term, TopicSource.SECTION)


def test_an_address_tells_the_topic_by_its_steps_and_its_host_but_not_by_the_name_of_the_article() -> None:
    told = [
        find_topic(replace(article_of(VAGUE), canonical_url=url), "en")
        for url in (
            "https://paper.example.org/politik/was-gesagt-wurde-123",
            "https://sport.example.org/2026/03/nobody-repeats-it",
            "https://paper.example.org/news/sport",
            "not an address",
        )
    ]
    assert told == [Topic(POLITICS, TopicSource.ADDRESS), Topic(SPORT, TopicSource.ADDRESS), None, None]
    assert steps_of("https://www.example.org/a/b/c/d/e/f/g.html") == ["a", "b", "c", "d", "e"]


def test_keywords_tell_the_topic_where_nothing_else_does() -> None:
    article = replace(article_of(VAGUE), keywords=("Football", "Lindmere Rovers", "Premier League"))
    assert find_topic(article, "en") == Topic(SPORT, TopicSource.KEYWORDS)


def test_many_words_outweigh_a_section() -> None:
    body = "The court sentenced the burglar to prison; prosecutors and police had charged him with theft. " * 3
    article = replace(article_of(body), headline="Judge jails burglar", article_section="Technology")
    assert find_topic(article, "en") == Topic(CRIME, TopicSource.WORDS)


@pytest.mark.parametrize("language", ["en", "zu", "zh"])
def test_where_nothing_tells_there_is_no_topic(language: str) -> None:
    assert find_topic(article_of(VAGUE), language) is None
    assert find_topic(article_of(""), language) is None


def test_words_of_two_topics_in_balance_give_none() -> None:
    assert find_topic(article_of("There is a museum, a church, a hospital and a school."), "en") is None


def test_the_words_of_a_language_are_looked_for_in_that_language_only() -> None:
    article = replace(article_of("Torwart Trainer Elfmeter Verein"), headline="Torwart")
    assert find_topic(article, "de") == Topic(SPORT, TopicSource.WORDS)
    assert find_topic(article, "fi") is None


def test_topic_and_its_teller_are_columns_and_named_among_the_sources() -> None:
    body = "The striker scored two goals in the cup final, and the goalkeeper saved a penalty for the champions."
    article = enrich_article(article_of(body))
    assert (article.topic, article.topic_source) == (SPORT, "words")
    assert article.facts_sources is not None
    assert dict(article.facts_sources)["topic"] == "words"
    emptied = enrich_article(replace(article, article_body=""))
    assert (emptied.topic, emptied.topic_source) == (None, None)


def test_sources_of_what_extraction_states_stay_and_those_of_facts_are_told_anew() -> None:
    stated = (("keywords", "feed"), ("topic", "words"))
    assert enriched(VAGUE, facts_sources=stated).facts_sources == (("in_language", "text"), ("keywords", "feed"))
    assert enriched("", facts_sources=stated).facts_sources == (("keywords", "feed"),)


def test_removed_blocks_give_no_topic() -> None:
    sport = Removed("The striker scored two goals and the goalkeeper saved a penalty in the cup final.", "promotion")
    assert enriched(VAGUE, removed=(sport,)).topic is None
    assert enriched(f"{VAGUE} {sport.text}").topic == SPORT


def test_stems_begin_words_endings_close_them_and_phrases_are_words_in_a_row() -> None:
    german, english = load_topic_words()["de"], load_topic_words()["en"]
    conflict, health = TERMS.index("conflict, war and peace"), TERMS.index("health")
    assert german.weights("Angriffskrieg")[conflict] == 1
    assert english.weights("war")[conflict] == 1
    assert english.weights("warm")[conflict] == 0
    assert english.weights("mental health")[health] > english.weights("mental wealth")[health] == 0
    assert english.weights("vaccine vaccines vaccinated")[health] == pytest.approx(2)


def test_arabic_and_hebrew_words_are_found_behind_their_particles() -> None:
    assert load_topic_words()["ar"].weights("والمباراة")[TERMS.index("sport")] > 0
    assert load_topic_words()["he"].weights("והמשחק")[TERMS.index("sport")] > 0


@pytest.mark.parametrize(
    ("name", "sure", "wide"),
    [
        ("Sport", {"sport"}, set()),
        ("FUSSBALL", {"sport"}, set()),
        ("Science & Health", {"science and technology", "health"}, set()),
        ("Gesellschaft", set(), {"society"}),
        ("Lindmere sport pages", set(), {"sport"}),
        ("All", set(), set()),
        ("", set(), set()),
    ],
)
def test_names_of_sections_are_read_whole_then_by_part_then_by_word(name: str, sure: set[str], wide: set[str]) -> None:
    votes = votes_of([name])
    assert ({TERMS[topic] for topic in votes.sure}, {TERMS[topic] for topic in votes.wide}) == (sure, wide)


def test_the_lists_are_whole_and_written_as_they_are_looked_up() -> None:
    words, names = read_json("topics/topic_words.json"), read_json("topics/section_names.json")["topics"]
    assert all(tuple(words[language]) == TERMS for language in words if language != "_about")
    assert tuple(names) == TERMS
    listed = [name for kinds in names.values() for kind in kinds.values() for name in kind]
    assert [name for name in listed if folded_name(name) != name] == []


def test_the_model_is_a_weight_for_each_sign_and_its_probabilities_add_up() -> None:
    model = load_topic_model()
    assert model.weights.shape == (len(FEATURES),)
    assert (model.weights >= 0).all()
    assert model.probabilities(np.zeros((2, len(TERMS), len(FEATURES)))).sum(axis=1) == pytest.approx([1, 1])
