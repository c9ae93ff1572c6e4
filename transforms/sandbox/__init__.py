"""Runs the parsing of foreign bytes in worker processes that can be killed, under a time and a memory limit."""

from transforms.sandbox.ahead import ahead
from transforms.sandbox.guarded import BugError, Guarded, told
from transforms.sandbox.sandbox import NoWorkersError, Sandbox, SandboxError, SandboxPool

__all__ = ["BugError", "Guarded", "NoWorkersError", "Sandbox", "SandboxError", "SandboxPool", "ahead", "told"]
