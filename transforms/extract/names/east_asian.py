"""The names in bylines of Chinese, Japanese and Korean, where words for a reporter stand right at the name.

記者王小明／台北報導    文・山田太郎    김민수·이영희 기자    本报记者 王小明 李文    (中央社記者王小明台北3日電)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from transforms.extract.names.byline_words import alternatives, byline_words
from transforms.text.scripts import HAN, HANGUL, KANA, letters

MAX_SIGNATURE_CHARS = 60
_MAX_CHINESE = 4
_HAN, _KANA, _HANGUL = letters(HAN), letters(KANA), letters(HANGUL)
_LONG = "|".join(word for word in alternatives("before") if len(word) > 1)
_SHORT = "|".join(word for word in alternatives("before") if len(word) == 1)
_AFTER = "|".join(alternatives("after"))
_BODY = "|".join(alternatives("body_end"))
_OTHER = "|".join(alternatives("other_credit"))
_JOIN = r"[:：／/・|｜＝=]"
_LED = re.compile(
    rf"(?:(?:{_SHORT})\s?{_JOIN}\s?)?[{_HAN}A-Z]{{0,8}}?\s?(?:{_LONG})\s?{_JOIN}?\s?|"
    rf"(?:{_SHORT})(?:\s?{_JOIN}\s?|\s)"
)
"""What stands before a name: the paper, and a word for the one who writes."""

_AGAIN = re.compile(rf"\s(?:{_LONG})\s?")
_PLACE_BEFORE = re.compile(r"[\[(（【〔][^\])）】〕]{0,30}[\])）】〕]\s?")
_BRACKETS = " \t()（）【】[]〔〕"
_TAIL = re.compile(rf"(?<=[{_HAN}])(?:[{_HAN}]{{2}})(?=\d{{1,2}}日?[電电讯訊])[^\n]*")
"""A place and a day right behind a name, as Taiwan's agency prints them."""

_SPLIT = re.compile(r"[、，,;；／/|｜=＝)）】]|\s?[&＆]\s?")
_KOREAN_SPLIT = re.compile(rf"[·ㆍ・,，、/&=]|(?:{_AFTER})")
_DOT = re.compile(rf"(?<=[{_HAN}]{{2}})・(?=[{_HAN}]{{2}})")
_HAN_NAME = re.compile(rf"[{_HAN}]{{2,4}}")
_HANGUL_NAME = re.compile(rf"[{_HANGUL}]{{2,4}}")
_OTHER_CREDIT = re.compile(rf"(?:\A|\s|[|｜／/、，,;；])(?:{_OTHER})\s?(?:{_JOIN}|\s|[(（])")
_ENDS = re.compile(rf"\s?(?:{_AFTER})\Z")
_KOREAN = re.compile(
    rf"(?:[\[(（][^\])）]{{0,30}}[\])）]\s?)?(?:[{_HANGUL}]{{1,10}}(?:{_BODY}|본지|본보)\s)?"
    rf"(?:[{_HANGUL}]{{2,4}}\s?[·ㆍ,]\s?){{0,4}}[{_HANGUL}]{{2,4}}\s?(?:{_AFTER})"
    r"(?=\Z|[\s=(,·])"
)
_FAMILY = "".join(byline_words("family"))
_SIGNED = re.compile(
    rf"[(（【]?(?:{_LED.pattern})[{_FAMILY}][{_HAN}]{{1,3}}"
    rf"(?:[、，,\s][{_FAMILY}][{_HAN}]{{1,3}})*+(?:\s?[／/]\s?[{_HAN}]{{2,8}}|\s?(?:{_AFTER}))?[)）】]?|"
    rf"(?:{_LED.pattern.replace(f'{_JOIN}?', _JOIN)})[{_HAN}{_KANA}\s]{{2,12}}"
)


def opens_signature(text: str) -> bool:
    """Whether a short text is a byline of these languages, by its words alone: "김민수 기자", "文・山田太郎"."""
    line = " ".join(text.split()) if len(text) <= MAX_SIGNATURE_CHARS else ""
    other = _OTHER_CREDIT.search(line, 1)
    line = line[: other.start()] if other is not None else line
    return bool(line) and (_KOREAN.match(line) is not None or _SIGNED.fullmatch(line) is not None)


def is_chinese_name(name: str) -> bool:
    """Whether signs of Chinese are a name: a family name and one to three signs, or a foreigner's with a dot in it."""
    return "·" in name or (len(name) <= _MAX_CHINESE and name[0] in _FAMILY)


def split_names(line: str) -> Iterator[str]:
    """What stands in a byline as one name each, without reporters' words; the caller judges whether it is a name.

    Only names of one script are split: a family name and a given name may be spaced, as in Japanese ("大渡 美咲").
    """
    other = _OTHER_CREDIT.search(line)
    line = (line[: other.start()] if other is not None else line).strip()
    if re.search(f"[{_HANGUL}]", line) is not None:
        yield from _korean(line)
        return
    line = line.strip(_BRACKETS)
    led = _LED.match(line)
    led = led if led is not None and led.end() < len(line) else None  # else the word follows: "山田太郎記者"
    rest = line[led.end() :] if led is not None else line
    rest = _AGAIN.sub("、", rest) if led is not None else rest
    for part in _SPLIT.split(_DOT.sub("、", _TAIL.sub("", rest))):
        yield from _apart(_ENDS.sub("", part).strip(_BRACKETS), is_led=led is not None)
        if part and "／" in rest:  # the place follows
            return


def _korean(line: str) -> Iterator[str]:
    place = _PLACE_BEFORE.match(line)
    line = line[place.end() :] if place is not None and place.end() < len(line) else line.strip(_BRACKETS)
    place_or_name, mark, rest = line.partition("=")
    if mark and rest.strip():  # a place stands before or behind a name: "서울=김민수 기자", "김민수 특파원 = 서울"
        is_led = re.search(_AFTER, place_or_name) is None
        line = rest if is_led else line if re.search(_AFTER, rest) is not None else place_or_name
    led = _LED.match(line)
    line = line[led.end() :] if led is not None and led.end() < len(line) else line
    parts = _KOREAN_SPLIT.split(line)
    for part in parts:
        words = part.split()
        names = [word for word in words if _HANGUL_NAME.fullmatch(word) is not None]
        yield names[-1] if len(parts) > 1 and names else part.strip(_BRACKETS)


def _apart(part: str, is_led: bool) -> Iterator[str]:
    """The names in a part without commas. Chinese names may be parted by a blank, and their own signs too."""
    words = part.split()
    if is_led and len(words) > 1 and all(len(word) == 1 for word in words[:2]):
        yield from _apart(" ".join(["".join(words[:2]), *words[2:]]), is_led)
    elif len(words) > 1 and all(_HAN_NAME.fullmatch(word) and word[0] in _FAMILY for word in words):
        yield from words
    else:
        yield part
