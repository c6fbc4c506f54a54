"""What can go wrong in a way the caller can act on.

Rooms raise these; the GraphQL layer turns each into the payload's failure member, the CLI into one
sentence, the auth routes into JSON. Anything else is a bug: logged whole, shown as a request id.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final


@dataclass(frozen=True, slots=True)
class Problem:
    """One field that was refused: where, what it held, what was expected."""

    path: tuple[str, ...]
    message: str
    value: str | None = None


UNAVAILABLE_RETRY_SECONDS: Final = 2
"""After which a caller asks again: a server that died is started again within a few seconds."""


class DomainError(Exception):
    """Base of everything a caller can act on. ``message`` is complete: name, value, expectation, effect."""

    code: ClassVar[str] = "VALIDATION_FAILED"

    def __init__(self, message: str, *, path: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.path = path


class ValidationFailed(DomainError):
    """Input that cannot be accepted; nothing was written."""

    code = "VALIDATION_FAILED"

    def __init__(
        self, message: str, *, path: tuple[str, ...] = (), problems: tuple[Problem, ...] = ()
    ) -> None:
        super().__init__(message, path=path)
        self.problems = problems or (Problem(path, message),)


class NotFound(DomainError):
    """No such thing, or not for this caller: the two are never told apart."""

    code = "NOT_FOUND"


class Conflict(DomainError):
    """Somebody else was first; ``current_version`` is what the caller should re-read."""

    code = "CONFLICT"

    def __init__(
        self, message: str, *, current_version: int | None = None, path: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message, path=path)
        self.current_version = current_version


class PolicyBlocked(DomainError):
    """A rule of the firm forbids it; ``findings`` are the evidence."""

    code = "POLICY_BLOCKED"

    def __init__(self, message: str, *, findings: tuple[dict[str, Any], ...] = ()) -> None:
        super().__init__(message)
        self.findings = findings


class StepUpRequired(DomainError):
    """The session must prove itself again (TOTP) before this act."""

    code = "STEP_UP_REQUIRED"


class PermissionDenied(DomainError):
    """The caller's roles do not allow this act."""

    code = "PERMISSION_DENIED"


class LimitExceeded(DomainError):
    """A limit of the tier or the platform; the message gives both figures."""

    code = "LIMIT_EXCEEDED"


class Expired(DomainError):
    """A token, invitation or approval whose time has passed."""

    code = "EXPIRED"
