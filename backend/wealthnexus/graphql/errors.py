"""Refusals as part of payloads, everything else as top-level errors without secrets.

A ``DomainError`` becomes the member of the mutation's union that stands for it. Where there is no
union it is a top-level error with its own words and a code. Anything else is a bug: logged whole with
the request id (never the document or its variables), told as the request id alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import strawberry
from graphql import GraphQLError
from sqlalchemy.exc import DBAPIError
from strawberry.exceptions import StrawberryInputCoercionError

from wealthnexus.domain.identity.errors import AuthenticationFailed
from wealthnexus.graphql import texts
from wealthnexus.graphql.limits import OPERATION_SECONDS_MAX
from wealthnexus.graphql.types import failures
from wealthnexus.graphql.types.enums import ErrorCode, Severity
from wealthnexus.kit import errors as kit
from wealthnexus.kit.db.session import is_unavailable
from wealthnexus.kit.telemetry import logger

_log = logger("graphql")
_QUERY_CANCELLED: Final = "57014"
UNAVAILABLE: Final = "UNAVAILABLE"


class Unauthenticated(kit.DomainError):
    """Nobody is signed in."""

    code = "UNAUTHENTICATED"

    def __init__(self) -> None:
        super().__init__(texts.UNAUTHENTICATED())


def _path(error: kit.DomainError) -> list[str] | None:
    return [str(part) for part in error.path] or None


class _ValidationFailed(strawberry.ExceptionHandler[kit.ValidationFailed, failures.ValidationFailed]):
    def handle(
        self,
        exception: kit.ValidationFailed,
        *,
        field: Any,  # noqa: ARG002
        info: Any,  # noqa: ARG002
    ) -> failures.ValidationFailed:
        return failures.ValidationFailed(
            code=ErrorCode.VALIDATION_FAILED,
            message=exception.message,
            path=_path(exception),
            problems=[
                failures.Problem(path=[str(part) for part in p.path], message=p.message, value=p.value)
                for p in exception.problems
            ],
        )


class _Conflict(strawberry.ExceptionHandler[kit.Conflict, failures.Conflict]):
    def handle(self, exception: kit.Conflict, *, field: Any, info: Any) -> failures.Conflict:  # noqa: ARG002
        return failures.Conflict(
            code=ErrorCode.CONFLICT,
            message=exception.message,
            path=_path(exception),
            current_version=exception.current_version,
            current=info.context.facts.pop("conflicting", None),
        )


class _PolicyBlocked(strawberry.ExceptionHandler[kit.PolicyBlocked, failures.PolicyBlocked]):
    def handle(
        self,
        exception: kit.PolicyBlocked,
        *,
        field: Any,  # noqa: ARG002
        info: Any,  # noqa: ARG002
    ) -> failures.PolicyBlocked:
        return failures.PolicyBlocked(
            code=ErrorCode.POLICY_BLOCKED,
            message=exception.message,
            path=_path(exception),
            findings=[
                failures.BlockingFinding(
                    code=str(finding.get("code", "")),
                    severity=Severity(finding.get("severity", "BREACH")),
                    message=str(finding.get("message", "")),
                )
                for finding in exception.findings
            ],
        )


def _plain(
    exception: type[kit.DomainError], member: type[failures.Error]
) -> strawberry.ExceptionHandler[Any]:
    """For failures that carry code, message and path alone."""

    class Handler(strawberry.ExceptionHandler):  # type: ignore[type-arg]
        exception_type = exception
        error_type = member

        def handle(self, exception: kit.DomainError, *, field: Any, info: Any) -> Any:  # noqa: ARG002
            # A room's own kind of refusal has a code of its own; the API knows the family.
            return member(code=family, message=exception.message, path=_path(exception))

    family = ErrorCode(exception.code)
    return Handler()


HANDLERS: Final[tuple[strawberry.ExceptionHandler[Any], ...]] = (
    _ValidationFailed(),
    _Conflict(),
    _PolicyBlocked(),
    _plain(kit.NotFound, failures.NotFound),
    _plain(kit.StepUpRequired, failures.StepUpRequired),
    _plain(kit.PermissionDenied, failures.PermissionDenied),
    _plain(kit.LimitExceeded, failures.LimitExceeded),
    _plain(kit.Expired, failures.Expired),
)

_PUBLIC_CODES: Final[tuple[tuple[type[kit.DomainError], str], ...]] = (
    (kit.NotFound, "NOT_FOUND"),
    (kit.PermissionDenied, "FORBIDDEN"),
    (kit.StepUpRequired, "FORBIDDEN"),
    (kit.LimitExceeded, "LIMIT_EXCEEDED"),
    (Unauthenticated, "UNAUTHENTICATED"),
)


def _public_code(error: kit.DomainError) -> str:
    return next((code for family, code in _PUBLIC_CODES if isinstance(error, family)), "BAD_USER_INPUT")


def public(error: GraphQLError, request_id: str) -> GraphQLError:
    """The error as the caller may see it: words, code, path, request id. Logs what is a bug."""
    cause = _cause(error)
    if cause is None and error.path is not None and not _is_about_input(error):
        cause = error  # an answer that does not fit the schema: ours to put right
    if cause is None:
        code = (error.extensions or {}).get("code", "BAD_USER_INPUT")
        return _shown(error, error.message, code, request_id)
    if isinstance(cause, AuthenticationFailed):
        return _shown(error, cause.message, "UNAUTHENTICATED", request_id)
    if isinstance(cause, kit.DomainError):
        extra = {"input": list(cause.path)} if cause.path else {}
        return _shown(error, cause.message, _public_code(cause), request_id, **extra)
    if isinstance(cause, TimeoutError) or (
        isinstance(cause, DBAPIError) and getattr(cause.orig, "sqlstate", None) == _QUERY_CANCELLED
    ):
        seconds = int(OPERATION_SECONDS_MAX)
        return _shown(error, texts.TOO_LONG(seconds=seconds), "LIMIT_EXCEEDED", request_id)
    if is_unavailable(cause):
        _log.warning("database unavailable", reason=str(cause)[:200])
        return _shown(error, texts.UNAVAILABLE(request_id=request_id), UNAVAILABLE, request_id)
    _log.error(
        "operation failed",
        path=".".join(str(part) for part in error.path or ()),
        exc_info=(type(cause), cause, cause.__traceback__),
    )
    return _shown(error, texts.INTERNAL(request_id=request_id), "INTERNAL", request_id)


def public_all(errors: Sequence[GraphQLError], request_id: str) -> list[GraphQLError]:
    return [public(error, request_id) for error in errors]


def _cause(error: GraphQLError) -> BaseException | None:
    cause = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def _is_about_input(error: GraphQLError) -> bool:
    """What only turns out while arguments are read: a value of the wrong kind, not exactly one of several."""
    is_coercion = isinstance(error.original_error, StrawberryInputCoercionError)
    return is_coercion or error.message.startswith("Argument ")


def _shown(error: GraphQLError, message: str, code: str, request_id: str, **extra: Any) -> GraphQLError:
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions={"code": code, "requestId": request_id, **extra},
    )
