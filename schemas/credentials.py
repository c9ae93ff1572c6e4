"""Credentials as the settings file gives them: names of environment variables, and never their values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request proves itself by. Can be pickled and logged: the secrets themselves stay in the environment.

    With a `user` (or the variable that holds it, `user_env`) and `secret_env`, the variable of the password: basic
    authentication. Without a user, `secret_env` is the variable that holds the whole value of `header`.
    """

    secret_env: str
    header: str = "Authorization"
    user: str | None = None
    user_env: str | None = None

    @property
    def variables(self) -> tuple[str, ...]:
        """The environment variables that are read."""
        return tuple(name for name in (self.user_env, self.secret_env) if name)
