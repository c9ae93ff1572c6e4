"""Agencies that are credited, and those that are only quoted."""

from __future__ import annotations

import pytest

from schemas.article import Removed
from tests.transforms.enrich.samples_to_enrich import SENTENCES, enriched
from transforms.text.agencies import agency_list, agency_words
from transforms.text.agency_names import load_agencies

EN, DE = SENTENCES["en"], SENTENCES["de"]


@pytest.mark.parametrize(
    ("body", "sources"),
    [
        (f"LONDON (Reuters) - {EN}", ("Reuters",)),
        (f"LONDON, March 4 (Reuters) - {EN}", ("Reuters",)),
        (f"March 4 (Reuters) - {EN}", ("Reuters",)),
        (f"(RFE/RL) — {EN}", ("RFE/RL",)),
        (f"WASHINGTON (AP) — {EN}", ("AP",)),
        (f"Kiel (dpa) - {DE}", ("dpa",)),
        (f"Kiel (dpa/lno) – {DE}", ("dpa",)),
        (f"Wien (APA/dpa) - {DE}", ("APA", "dpa")),
        (f"{DE} (dpa)", ("dpa",)),
        (f"{DE}\n(AFP)", ("AFP",)),
        (f"{DE}\ndpa/kan", ("dpa",)),
        (f"{DE} dpa/kan", ("dpa",)),
        (f"{DE}\nQuelle: dpa", ("dpa",)),
        (f"(ANSA) - ROMA, 12 MAG - {SENTENCES['it']}", ("ANSA",)),
        (f"{SENTENCES['it']} /ANSA", ("ANSA",)),
        (f"Madrid, 3 may (EFE).- {SENTENCES['es']}", ("EFE",)),
        (f"SÃO PAULO (Reuters) - {SENTENCES['pt']}", ("Reuters",)),
        (f"Paris (AFP) – {SENTENCES['fr']}", ("AFP",)),
        (f"МОСКВА, 3 мая. /ТАСС/. {SENTENCES['ru']}", ("TASS",)),
        (f"МОСКВА, 3 мая — РИА Новости. {SENTENCES['ru']}", ("RIA Novosti",)),
        (f"ANKARA (AA) - {SENTENCES['tr']}", ("Anadolu",)),
        (f"【ロンドン共同】{SENTENCES['ja']}", ("Kyodo",)),
        (f"(서울=연합뉴스) {SENTENCES['ko']}", ("Yonhap",)),
        (f"{EN}\nThe Associated Press contributed to this report.", ("AP",)),
        (f"{EN}\n© 2024 AFP", ("AFP",)),
        (EN, ()),
    ],
)
def test_an_agency_credited_in_the_text_is_a_source(body: str, sources: tuple[str, ...]) -> None:
    assert enriched(body).wire_sources == sources


@pytest.mark.parametrize(
    ("byline", "sources"),
    [
        ("Reuters", ("Reuters",)),
        ("Reuters Staff", ("Reuters",)),
        ("By Jane Doe, Associated Press", ("AP",)),
        ("Jane Doe, AP", ("AP",)),
        ("Jane Doe | AFP", ("AFP",)),
        ("Associated Press writer Jane Doe", ("AP",)),
        ("dpa", ("dpa",)),
        ("Von dpa", ("dpa",)),
        ("Agence France-Presse", ("AFP",)),
        ("AP and Reuters", ("AP", "Reuters")),
        ("新华社", ("Xinhua",)),
        ("SID Nachrichtenagentur", ("SID",)),
        ("Blatt mit Material von dpa", ("dpa",)),
        ("mit Material von dpa", ("dpa",)),
        ("AFP/The Local", ("AFP",)),
        ("中央社記者王小明", ("CNA",)),
        ("연합뉴스 김민수 기자", ("Yonhap",)),
        ("Petra Muster", ()),
        ("Ana Ejemplo", ()),
        ("Jane Doe", ()),
    ],
)
def test_a_byline_names_agencies_but_people_are_none(byline: str, sources: tuple[str, ...]) -> None:
    assert enriched(EN, byline=byline).wire_sources == sources


def test_an_author_who_is_called_like_an_agency_is_a_person() -> None:
    assert enriched(EN, byline="By Petra", authors=("Petra",)).wire_sources == ()
    assert enriched(EN, byline="By Petra").wire_sources == ("Petra",)


@pytest.mark.parametrize(
    "body",
    [
        f"{EN} The mayor told Reuters that work would begin in May.",
        f"“We will begin in May,” he said, according to state newswire RIA Novosti.\n{EN}",
        f"{EN}\nThe council’s plans were first reported by the Associated Press (AP).",
        f"{EN}\nReuters could not reach the company for comment on Tuesday evening.",
        f"The agency TASS (Moscow) – which the state owns – wrote of cracks. {EN}",
        f"{DE} Das sagte sie der Nachrichtenagentur dpa.",
    ],
)
def test_an_agency_that_is_only_quoted_is_no_source(body: str) -> None:
    assert enriched(body).wire_sources == ()


@pytest.mark.parametrize(
    ("printed", "sources"),
    [
        ("(©NTB)", ("NTB",)),
        ("(© dpa)", ("dpa",)),
        ("(© Lind)", ()),
        ("© NTB", ()),
        ("©NTB", ()),
        ("(Foto: ©NTB)", ()),
        ("(© Ada Lind/NTB)", ()),
    ],
)
def test_a_sign_of_rights_without_a_year_credits_the_text_only_in_brackets(
    printed: str, sources: tuple[str, ...]
) -> None:
    assert enriched(EN, removed=(Removed(printed, "credits"),)).wire_sources == sources


def test_a_removed_credit_line_still_gives_its_agencies_and_other_removed_text_gives_none() -> None:
    removed = (
        Removed("VOA’s Jane Doe contributed. Some information came from The Associated Press and Reuters.", "credits"),
        Removed("Read more: AFP reports record heat", "promotion"),
        Removed("Source: AFP", "picture_source"),
    )
    assert enriched(EN, removed=removed).wire_sources == ("VOA", "AP", "Reuters")


def test_an_agencys_own_site_is_its_own_source() -> None:
    assert enriched(EN, publisher_domain="apnews.com").wire_sources == ("AP",)


def test_the_list_holds_the_worlds_agencies_under_names_of_their_own() -> None:
    agencies = agency_list()["agencies"]
    names = [agency["name"] for agency in agencies]
    aliases = [alias for agency in agencies for alias in agency["aliases"]]
    assert len(names) == len(set(names)) >= 60
    assert len(aliases) == len(set(aliases))
    words = {word for alias in aliases for word in alias.casefold().split()}
    assert agency_words() <= words
    assert len({agency["country"] for agency in agencies}) >= 50
    assert all(load_agencies().names_in(alias) == [a["name"]] for a in agencies for alias in a["aliases"])
