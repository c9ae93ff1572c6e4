"""Where bytes from outside are parsed: worker processes that can be killed, under a time and a memory limit."""

from transforms.sandbox.sandbox import Sandbox, SandboxError, SandboxPool

__all__ = ["Sandbox", "SandboxError", "SandboxPool"]
