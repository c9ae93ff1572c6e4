"""What Beam's ``--setup_file`` asks for; everything else stands in pyproject.toml."""

from setuptools import setup

setup()
