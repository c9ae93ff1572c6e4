"""Loads the models that are installed; the fork server imports it once, and all workers share the memory."""

from transforms.enrich.entities.by_spacy.models import load_models

load_models()
