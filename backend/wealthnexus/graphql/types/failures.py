"""Why a change was refused: members of every payload's union, one interface for all of them."""

from __future__ import annotations

import strawberry

from wealthnexus.graphql.types.base import Node
from wealthnexus.graphql.types.enums import ErrorCode, Severity


@strawberry.interface(
    description="A change that was refused, in words a person can act on; nothing was written."
)
class Error:
    code: ErrorCode
    message: str
    path: list[str] | None = strawberry.field(default=None, description="The part of the input at fault.")


@strawberry.type(description="One value that cannot be accepted.")
class Problem:
    path: list[str]
    message: str
    value: str | None


@strawberry.type
class ValidationFailed(Error):
    problems: list[Problem] = strawberry.field(default_factory=list)


@strawberry.type(description="No such thing, or not for you: the two are never told apart.")
class NotFound(Error):
    pass


@strawberry.type(description="Somebody else was first; read again.")
class Conflict(Error):
    current_version: int | None = None
    current: Node | None = strawberry.field(default=None, description="The thing as it is now.")


@strawberry.type
class BlockingFinding:
    code: str
    severity: Severity
    message: str


@strawberry.type(description="A rule of the firm forbids it.")
class PolicyBlocked(Error):
    findings: list[BlockingFinding] = strawberry.field(default_factory=list)


@strawberry.type(description="Prove who you are once more (/auth/step-up), then try again.")
class StepUpRequired(Error):
    pass


@strawberry.type
class PermissionDenied(Error):
    pass


@strawberry.type
class LimitExceeded(Error):
    pass


@strawberry.type(description="An invitation or approval whose time has passed.")
class Expired(Error):
    pass
