"""The ``newsbeam`` command."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status of `run_command`.

    130 and one line also where Ctrl-C comes while that is still being loaded, which takes half a second.
    """
    try:
        from pipelines.commands.run_command import run_command

        return run_command(arguments)
    except KeyboardInterrupt:
        print("newsbeam: interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
