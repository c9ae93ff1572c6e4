"""Articles for the tests of enrichment, written for them."""

from __future__ import annotations

from typing import Any

from schemas.article import Article
from transforms.enrich.enrich_article import enrich_article


def enriched(body: str, **values: Any) -> Article:
    """The enriched article with this body; whatever else matters to a test is given by name."""
    return enrich_article(article_of(body, **values))


def article_of(body: str, **values: Any) -> Article:
    """An article with this body, as cleaning leaves it."""
    blank: dict[str, Any] = dict.fromkeys(
        (
            "article_id",
            "url",
            "canonical_url",
            "feed_url",
            "entry_id",
            "run_id",
            "body_source",
            "extractor",
            "content_hash",
        ),
        "",
    )
    blank |= {"publisher_domain": "example.org", "publisher_name": None, "fetched_at_us": 0, "ingested_at_us": 0}
    return Article(**(blank | {"article_body": body} | values))


SENTENCES = {
    "en": "The council voted to close the old harbour bridge because engineers had found cracks in two pillars.",
    "de": "Der Stadtrat hat beschlossen, die alte Hafenbrücke zu sperren, weil Ingenieure Risse gefunden hatten.",
    "fr": "Le conseil municipal a décidé de fermer le vieux pont parce que des ingénieurs ont trouvé des fissures.",
    "es": "El ayuntamiento decidió cerrar el viejo puente porque los ingenieros hallaron grietas en dos pilares.",
    "it": "Il consiglio comunale ha deciso di chiudere il vecchio ponte perché gli ingegneri hanno trovato crepe.",
    "pt": "A câmara municipal decidiu fechar a velha ponte porque os engenheiros encontraram fissuras nos pilares.",
    "nl": "De gemeenteraad besloot de oude havenbrug te sluiten omdat ingenieurs scheuren in twee pijlers vonden.",
    "pl": "Rada miejska postanowiła zamknąć stary most, ponieważ inżynierowie znaleźli pęknięcia w dwóch filarach.",
    "ru": "Городской совет решил закрыть старый мост, потому что инженеры нашли трещины в двух его опорах.",
    "tr": "Belediye meclisi, mühendisler iki ayakta çatlak bulduğu için eski köprünün kapatılmasına karar verdi.",
    "ja": "市議会は、技術者が二本の橋脚に亀裂を見つけたため、古い港の橋を閉鎖することを決めた。"
    "工事は秋まで続く。住民には迂回路が案内される。",
    "ko": "시의회는 기술자들이 교각 두 곳에서 균열을 발견함에 따라 오래된 항구 다리를 폐쇄하기로 결정했다. "
    "공사는 가을까지 이어지며 주민들에게는 우회로가 안내된다.",
}
