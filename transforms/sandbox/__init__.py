"""Where bytes from outside are parsed: worker processes that can be killed, under a time and a memory limit."""

from transforms.sandbox.sandbox import NoWorkersError, Sandbox, SandboxError, SandboxPool

__all__ = ["NoWorkersError", "Sandbox", "SandboxError", "SandboxPool"]
