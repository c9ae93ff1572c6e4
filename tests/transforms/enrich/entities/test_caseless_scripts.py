"""Entities of scripts without capitals, in invented stories."""

from __future__ import annotations

from tests.transforms.enrich.samples_to_enrich import SENTENCES, enriched


def names(body: str) -> dict[str, str]:
    return {one.name: one.kind for one in enriched(body).entities}


def test_japanese_names_are_told_by_titles_ages_and_ends() -> None:
    body = (
        f"{SENTENCES['ja']}港町の山田杏介さん（41）は「待てない」と話した。"
        "東都橋梁研究所は亀裂を調べた。川上県で会議があった。ジェーン・ローも来た。"
    )
    found = names(body)
    assert found["山田杏介"] == "person"
    assert found["ジェーン・ロー"] == "person"
    assert found["東都橋梁研究所"] == "organization"
    assert found["川上県"] == "place"


def test_chinese_names_are_told_by_titles_and_verbs_of_speech() -> None:
    body = (
        "市长王杏梅表示，旧桥将在九月关闭。王杏梅说，工程师发现两个桥墩有裂缝。东江桥梁公司负责修理。"
        "这座桥在上海，今年已经很旧了。"
    )
    found = names(body)
    assert found["王杏梅"] == "person"
    assert found["东江桥梁公司"] == "organization"
    assert found["上海"] == "place"


def test_korean_names_lose_their_particles() -> None:
    body = (
        f"{SENTENCES['ko']} 김서연 시장은 다리를 닫겠다고 말했다. 김서연은 서울에서 기자들을 만났다. "
        "한빛교량공사가 수리를 맡는다."
    )
    found = names(body)
    assert found["김서연"] == "person"
    assert found["서울"] == "place"
    assert found["한빛교량공사"] == "organization"


def test_hindi_names_are_told_by_given_and_family_names() -> None:
    body = "पुराना पुल बंद होगा, यह बात मनीषा कुमारी ने बुधवार को कही। मनीषा कुमारी ने बताया कि मरम्मत में एक साल लगेगा।"
    assert names(body) == {"मनीषा कुमारी": "person"}


def test_bengali_places_stand_before_the_word_for_a_district() -> None:
    body = "পুরনো সেতু বন্ধ হবে, বলেছেন প্রকৌশলী। নদীকল্পপুর জেলার মানুষ নতুন সেতুর জন্য অপেক্ষা করছেন।"
    assert names(body)["নদীকল্পপুর"] == "place"
