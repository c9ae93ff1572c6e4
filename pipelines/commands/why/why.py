"""``newsbeam why``: tells what became of one entry, page or article, and why it is not there."""

from __future__ import annotations

import argparse

from pipelines.commands.why.asked import asked_of
from pipelines.commands.why.print_story import story_lines
from pipelines.commands.why.story_of import story_of
from pipelines.given.config_choices import choices_of
from pipelines.given.lakes import lake_at, read_again, reading_lake, runs_of
from pipelines.printable import json_text
from schemas.run import started_us


def why(given: argparse.Namespace) -> int:
    """0, after telling the story. Raises UsageError for what is no address, or without a lake."""
    asked = asked_of(given.what)
    with reading_lake():
        storage = lake_at(given.output)
        newest = runs_of(storage, given.output)[-1]
        story = read_again(lambda: story_of(storage, asked, started_us(newest), choices_of(given)[0]))
    if given.json:
        print(json_text({"output": given.output, **story}))
    else:
        print("\n".join(story_lines(story)))
    return 0
