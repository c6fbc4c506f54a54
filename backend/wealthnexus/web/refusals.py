"""What no route has answered itself: refusals of the rooms, unknown paths, our own faults. Never a trace."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from wealthnexus.kit.db.session import is_unavailable
from wealthnexus.kit.errors import DomainError, LimitExceeded, NotFound, PermissionDenied
from wealthnexus.kit.text import message
from wealthnexus.web.responses import error_response, neutral_page, request_id, unavailable, wants_html

_FAULT_TITLE = message("web.fault_title", "Something went wrong on our side")
_FAULT = message(
    "web.fault",
    "Whether your request was applied is not certain: look before you repeat it. Quote {request_id} when"
    " you ask us about it.",
    request_id=str,
)
_NOTHING_TITLE = message("web.nothing_title", "There is nothing at this address")
_NOTHING = message("web.nothing", "There is nothing at {path}.", path=str)
_METHOD = message("web.method", "{method} is not for this address; nothing was done.", method=str)
_STATUS: Final[dict[type[DomainError], HTTPStatus]] = {
    PermissionDenied: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    LimitExceeded: HTTPStatus.TOO_MANY_REQUESTS,
}


async def refused(request: Request, error: Exception) -> Response:
    """A room said no."""
    if not isinstance(error, DomainError):
        raise error
    status = next(
        (found for kind, found in _STATUS.items() if isinstance(error, kind)), HTTPStatus.BAD_REQUEST
    )
    return error_response(request, status, error.code, error.message)


async def not_served(request: Request, error: Exception) -> Response:
    """The router found no such path, or not by this method."""
    if not isinstance(error, HTTPException):
        raise error
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        said = _METHOD(method=request.method)
        return error_response(request, error.status_code, "BAD_USER_INPUT", said, headers=headers)
    said = _NOTHING(path=request.url.path[:200])
    if wants_html(request):
        return neutral_page(_NOTHING_TITLE(), said, status=error.status_code, nonce=secrets.token_urlsafe(16))
    return error_response(request, error.status_code, "NOT_FOUND", said, headers=headers)


async def failed(request: Request, error: Exception) -> Response:
    """A lost database, or a bug: logged by the outermost layer; here only the request id."""
    if is_unavailable(error):
        return unavailable(request)
    said = _FAULT(request_id=request_id(request))
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    if wants_html(request):
        return neutral_page(_FAULT_TITLE(), said, status=status, nonce=secrets.token_urlsafe(16))
    return error_response(request, status, "INTERNAL", said)


HANDLERS: Final[dict[Any, Any]] = {DomainError: refused, HTTPException: not_served, Exception: failed}
