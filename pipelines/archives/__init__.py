"""Backfills: which archives are read, and how the pages that stay in them are read again."""
