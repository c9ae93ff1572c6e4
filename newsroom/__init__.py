"""The sample newsroom: a small press of its own on loopback, which knows the truth about every page it serves.

It imports nothing of newsbeam itself, so that it can stand as an outside witness in tests and in the demo.
"""

from newsroom.script import Answer, Request
from newsroom.server import DEFAULT_START_US, Newsroom
from newsroom.truth import Truth

__all__ = ["DEFAULT_START_US", "Answer", "Newsroom", "Request", "Truth"]
