"""Reads openings in Chinese, Japanese and Korean, where place, date, reporter and agency run together.

新华社上海3月2日电（记者 …）…      （中央社記者王小明台北2日電）…    記者王小明／台北報導        （吉隆坡3日讯）…
【ロンドン共同】…                 【ワシントン=佐藤太郎】…          ［東京　３日　ロイター］…    ワシントン（ＣＮＮ） …
(서울=연합뉴스) 홍길동 기자 = …    [파리=뉴시스]홍길동 기자 = …       워싱턴=홍길동 특파원 …
"""

from __future__ import annotations

import re

from transforms.enrich.datelines.shape import Mark, Opening
from transforms.text.agency_names import load_agencies
from transforms.text.scripts import HAN, HANGUL, KANA, letters

_WINDOW = 80
_LETTER = f"[{letters(HAN, KANA, HANGUL)}·・／/]"
_FIGURE = r"[\d〇一二三四五六七八九十]{1,3}"
_DAY = f"(?:{_FIGURE}月)?{_FIGURE}日"
_REPORTER = "(?:记者|記者)"
_BRACKETED = re.compile(r"\s*+([(\[（［【〔][^()\[\]（）［］【】〔〕\n]{2,40}[)\]）］】〕])")
# "新华社上海3月2日电", "中央社記者王小明台北2日電", "吉隆坡3日讯", "华盛顿综合电"
_TELEGRAM = re.compile(
    rf"(?P<head>{_LETTER}{{2,24}}?)(?:(?P<day>{_DAY})(?P<by>[{letters(HAN)}]{{2,3}}?)??)?(?:专|專|快|综合外|綜合外|综合|綜合|联合|聯合)?(?P<end>电|電|讯|訊)(?!社)"
)
# "記者王小明／台北報導", "聯合報 記者王小明／台北即時報導", "記者王小明台北報導"
_REPORTED = re.compile(
    rf"(?:{_LETTER}{{2,6}}\s)?{_LETTER}{{0,8}}?{_REPORTER}(?P<head>{_LETTER}{{4,14}}?)(?:即時|综合|綜合|連線|專題)?(?:報導|报道|報道)"
)
_HOUSE = re.compile(rf"{_LETTER}{{1,10}}?(?:社|网|網|报|報)(?!道|導)|{_REPORTER}")
_EQUALS = re.compile(r"(?P<place>[^=＝]{2,20})[=＝](?P<source>[^=＝]{1,20})")
_CORRESPONDENT = re.compile(rf"(?P<place>[{letters(HANGUL)}·]{{2,8}})=\S{{2,10}} (?:특파원|기자)")
_BROADCASTER = re.compile(rf"(?P<place>{_LETTER}{{2,10}})(?P<source>[(（][A-ZＡ-Ｚ][\w\s]{{1,14}}[)）])")
_DATE = re.compile(rf"{_DAY}|\d+")
_EDGES = " \u3000、,·・／/"


def parse_telegram(block: str) -> Opening | None:
    """The opening at the beginning of a block; None if it does not begin with one. Linear: looks at few characters.

    The place may have the reporter's name in front of it, "王小明台北", where nothing stands between them.
    """
    window = block[:_WINDOW]
    if bracketed := _BRACKETED.match(window):
        return _of_bracket(bracketed[1])
    if correspondent := _CORRESPONDENT.match(window):
        return Opening((correspondent["place"],), (), Mark.TELEGRAM)
    if broadcaster := _BROADCASTER.match(window):
        return Opening((broadcaster["place"],), (broadcaster["source"],), Mark.TELEGRAM)
    if (telegram := _TELEGRAM.match(window)) is not None and (telegram["day"] or _is_house(telegram["head"])):
        return _of_telegram(telegram)
    if reported := _REPORTED.match(window):
        return Opening((_place_of(reported["head"]),), (), Mark.TELEGRAM)
    return None


def _of_bracket(printed: str) -> Opening | None:
    """The opening in a bracket: "【ロンドン共同】", "(서울=연합뉴스)", "（吉隆坡3日讯）"; None if it holds none."""
    inside = printed[1:-1].strip()
    if telegram := _TELEGRAM.fullmatch(inside):
        return _of_telegram(telegram)
    if reported := _REPORTED.fullmatch(inside):
        return Opening((_place_of(reported["head"]),), (), Mark.TELEGRAM)
    if equals := _EQUALS.fullmatch(inside):
        words = load_agencies().without_names(equals["place"]).split()
        return Opening(tuple(words[-1:]), (printed,), Mark.TELEGRAM)
    is_dated = _DATE.search(inside) is not None
    place = _DATE.sub(" ", load_agencies().without_names(inside)).strip(_EDGES)
    if not inside.startswith(place):
        return None  # "【共同声明】", a joint declaration
    return Opening((place,) if place else (), (printed,), Mark.TELEGRAM, is_dated)


def _is_house(head: str) -> bool:
    """Whether hardly anything follows an agency's name: "新华社快讯", but not "路透社报道说，中国电…"."""
    return bool(load_agencies().fill(head))


def _of_telegram(telegram: re.Match[str]) -> Opening:
    """The opening of "新华社上海3月2日电": house, place, day."""
    head = telegram["head"]
    house = _HOUSE.match(head)
    rest = head[house.end() :] if house is not None else head
    if rest.startswith(("记者", "記者")):
        rest = _place_of(rest[2:])
    place = rest.strip(_EDGES)
    sources = (head[: house.end()],) if house is not None else ()
    if telegram["day"] and telegram["by"]:
        sources = (*sources, telegram["by"] + telegram["end"])  # "（华盛顿3日路透电）"
    return Opening((place,) if place else (), sources, Mark.TELEGRAM, telegram["day"] is not None)


def _place_of(head: str) -> str:
    """What follows the reporter's name: "王小明／台北"; the name and the place where nothing parts them."""
    return re.split("[／/]", head)[-1]
