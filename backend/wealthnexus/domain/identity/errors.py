"""What can go wrong when somebody proves who they are. The messages never say whether a user exists."""

from __future__ import annotations

from typing import ClassVar

from wealthnexus.domain.identity import texts
from wealthnexus.kit.errors import DomainError, LimitExceeded


class AuthenticationFailed(DomainError):
    """Base: the caller is not who they say, as far as we can tell."""

    code: ClassVar[str] = "UNAUTHENTICATED"


class InvalidCredentials(AuthenticationFailed):
    """Wrong e-mail, wrong password, no such user, not active: the same to everybody."""

    code = "INVALID_CREDENTIALS"

    def __init__(self) -> None:
        super().__init__(texts.INVALID_CREDENTIALS())


class InvalidCode(AuthenticationFailed):
    """A wrong, spent or late one-time code, or a challenge that is over."""

    code = "INVALID_CODE"


class AccountLocked(AuthenticationFailed):
    """Too many failures in a row; ``retry_after_seconds`` says when to try again."""

    code = "LOCKED"

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(texts.LOCKED(minutes=-(-retry_after_seconds // 60)))
        self.retry_after_seconds = retry_after_seconds


class SessionEnded(AuthenticationFailed):
    """The session is over: signed out, revoked, expired."""

    code = "SESSION_REVOKED"


class RefreshAgain(DomainError):
    """Another tab has just refreshed this session; its new cookies are already in the browser."""

    code = "CONFLICT"


class TooBusy(LimitExceeded):
    """More password checks at once than the machine should do."""
