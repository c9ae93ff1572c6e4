"""The sample newsroom: a small invented press on loopback that knows the truth about every page it serves.

It imports nothing from newsbeam, so tests and the demo can use it as an independent witness.
"""

from newsroom.script import Answer, Request
from newsroom.server import DEFAULT_START_US, Newsroom
from newsroom.truth import Truth

__all__ = ["DEFAULT_START_US", "Answer", "Newsroom", "Request", "Truth"]
