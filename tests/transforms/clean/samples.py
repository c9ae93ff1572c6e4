"""Articles for the tests of cleaning, written for them."""

from __future__ import annotations

from typing import Any

from schemas.article import Article


def article(body: str, **values: Any) -> Article:
    """An article with this body; whatever else matters to a test is given by name."""
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


STORIES = {
    "en": "The council of Northmouth voted on Tuesday to close the old harbour bridge for repairs.\n"
    "Engineers found cracks in two of its eleven pillars during an inspection in spring, the mayor said.",
    "de": "Der Stadtrat von Nordmünde hat am Dienstag beschlossen, die alte Hafenbrücke für Reparaturen zu sperren.\n"
    "Ingenieure hatten im Frühjahr Risse in zwei der elf Pfeiler gefunden, sagte die Bürgermeisterin.",
    "fr": "Le conseil municipal de Bouche-du-Nord a décidé mardi de fermer le vieux pont du port pour travaux.\n"
    "Des ingénieurs avaient trouvé au printemps des fissures dans deux des onze piliers, a dit la maire.",
    "es": "El ayuntamiento de Bocanorte decidió el martes cerrar el viejo puente del puerto para repararlo.\n"
    "Los ingenieros hallaron en primavera grietas en dos de sus once pilares, dijo la alcaldesa.",
    "it": "Il consiglio comunale di Boccanord ha deciso martedì di chiudere il vecchio ponte del porto per lavori.\n"
    "In primavera gli ingegneri avevano trovato crepe in due degli undici piloni, ha detto la sindaca.",
    "pt": "A câmara municipal de Boca do Norte decidiu na terça-feira fechar a velha ponte do porto para obras.\n"
    "Na primavera os engenheiros encontraram fissuras em dois dos onze pilares, disse a prefeita.",
    "nl": "De gemeenteraad van Noordmonde besloot dinsdag de oude havenbrug te sluiten voor herstel.\n"
    "Ingenieurs vonden in het voorjaar scheuren in twee van de elf pijlers, zei de burgemeester.",
    "pl": "Rada miejska Północnego Ujścia postanowiła we wtorek zamknąć stary most portowy z powodu remontu.\n"
    "Wiosną inżynierowie znaleźli pęknięcia w dwóch z jedenastu filarów, powiedziała burmistrz miasta.",
    "ru": "Городской совет Североустья решил во вторник закрыть старый портовый мост на ремонт до осени.\n"
    "Весной инженеры нашли трещины в двух из одиннадцати опор моста, сообщила мэр города журналистам.",
}
