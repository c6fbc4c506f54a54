"""Who asks: from the cookies or the bearer of a connection to the person behind it."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from starlette.requests import HTTPConnection

from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.identity.caller import Caller
from wealthnexus.domain.identity.service.sessions import authenticate, csrf_token
from wealthnexus.kit.context import RequestInfo
from wealthnexus.kit.errors import PermissionDenied
from wealthnexus.kit.text import message
from wealthnexus.runtime import Platform

CSRF_HEADER: Final = "x-csrf-token"
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_CALLER: Final = "wealthnexus.caller"
_FOREIGN_ORIGIN = message("web.foreign_origin", "This request came from another site; nothing was done.")
_CSRF = message(
    "web.csrf", "The header {header} is missing or not of this session; nothing was done.", header=str
)


class ForeignOrigin(PermissionDenied):
    """The page that asks is not one of this host."""

    code = "FOREIGN_ORIGIN"

    def __init__(self) -> None:
        super().__init__(_FOREIGN_ORIGIN())


class CsrfMissing(PermissionDenied):
    """A cookie came along, the session's own token did not."""

    code = "CSRF"

    def __init__(self) -> None:
        super().__init__(_CSRF(header=CSRF_HEADER))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a connection arrived: the process, the firm of its host, the request's facts."""

    platform: Platform
    firm: FirmInfo
    request: RequestInfo


def place_of(connection: HTTPConnection) -> Place:
    """RuntimeError where the firm middleware was left out."""
    state: dict[str, Any] = connection.scope.get("state", {})
    firm, request = state.get("firm"), state.get("request_info")
    if not isinstance(firm, FirmInfo) or not isinstance(request, RequestInfo):
        raise RuntimeError("this connection did not come through the firm middleware")
    return Place(connection.app.state.platform, firm, request)


@dataclass(frozen=True, slots=True)
class CookieNames:
    """Over https the prefixes bind a cookie to this host and to TLS (RFC 6265bis section 4.1.3)."""

    access: str
    refresh: str
    csrf: str


def cookie_names(platform: Platform) -> CookieNames:
    if platform.settings.public_scheme == "https":
        # The refresh cookie has a path of its own, which __Host- does not allow.
        return CookieNames("__Host-wn_access", "__Secure-wn_refresh", "__Host-wn_csrf")
    return CookieNames("wn_access", "wn_refresh", "wn_csrf")


def bearer_of(connection: HTTPConnection) -> str | None:
    """The bearer token of the request; None when it brings none."""
    kind, _, token = connection.headers.get("authorization", "").partition(" ")
    return (token.strip() or None) if kind.lower() == "bearer" else None


def origin_matches(connection: HTTPConnection) -> bool:
    """Whether the page that asks was served from this very host, port included."""
    scheme = place_of(connection).platform.settings.public_scheme
    origin = connection.headers.get("origin", "").lower()
    return origin == f"{scheme}://{connection.headers.get('host', '').lower()}"


def check_csrf(connection: HTTPConnection, session_id: UUID) -> None:
    """CsrfMissing or ForeignOrigin unless the request carries the session's own token, from here."""
    place = place_of(connection)
    if "origin" in connection.headers and not origin_matches(connection):
        raise ForeignOrigin
    expected = csrf_token(place.platform.keyring, place.firm.id, session_id)
    given = connection.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(expected.encode(), given.encode()):
        raise CsrfMissing


async def authenticate_request(connection: HTTPConnection) -> Caller | None:
    """Who asks: by bearer, else by cookie; None for nobody. Asked again, answered from memory.

    A cookie is believed only together with the session's CSRF token (safe methods apart) or, on a
    WebSocket, from a page of this host: CsrfMissing or ForeignOrigin, both PermissionDenied.
    """
    if _CALLER in connection.scope:
        known: Caller | None = connection.scope[_CALLER]
        return known
    caller = await _find_caller(connection)
    connection.scope[_CALLER] = caller
    return caller


async def _find_caller(connection: HTTPConnection) -> Caller | None:
    place = place_of(connection)
    bearer = bearer_of(connection)
    if bearer is not None:
        return await authenticate(place.platform, place.firm, bearer, via="bearer")
    access = connection.cookies.get(cookie_names(place.platform).access)
    caller = None
    if access is not None:
        caller = await authenticate(place.platform, place.firm, access, via="cookie")
    if caller is None:
        return None
    if connection.scope["type"] == "websocket":
        if not origin_matches(connection):
            raise ForeignOrigin
    elif connection.scope.get("method") not in _SAFE_METHODS:
        check_csrf(connection, caller.session_id)
    return caller
