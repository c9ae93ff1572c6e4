"""Imports Apache Beam without its warning that Google's client libraries are missing, which newsbeam does not use.

Beam says it by `logging.warning`, which would also set up logging in a program that has not done so. Where the program
has, its handlers decide. Import this before anything that imports Beam.
"""

from __future__ import annotations

import logging
from importlib import import_module

_NOTHING = logging.NullHandler()
logging.getLogger().addHandler(_NOTHING)
try:
    import_module("apache_beam")
finally:
    logging.getLogger().removeHandler(_NOTHING)
