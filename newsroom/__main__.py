"""``python -m newsroom``: runs the sample newsroom in the foreground, for a browser or for newsbeam."""

from __future__ import annotations

import argparse
import signal
import threading
from pathlib import Path

from newsroom import DEFAULT_START_US, Newsroom


def main() -> None:
    """Serve until interrupted. Prints the addresses of the feeds."""
    parser = argparse.ArgumentParser(prog="python -m newsroom", description=__doc__)
    parser.add_argument("--port", type=int, default=8765, help="one port for all addresses; 0 takes a free one")
    parser.add_argument("--opml", type=Path, help="also write the feed list to this file")
    parser.add_argument(
        "--hours", type=float, default=0.0, help="hours that the newsroom's clock is ahead of its start"
    )
    options = parser.parse_args()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with Newsroom(start_us=DEFAULT_START_US, port=options.port) as room:
        room.advance(hours=options.hours)
        if options.opml:
            room.write_feeds(options.opml)
        print("\n".join(room.feeds), flush=True)
        stop.wait()


if __name__ == "__main__":
    main()
