"""The outermost layer: request id, host to firm, log context, metrics, security headers.

Only the ``Host`` header decides which firm is meant; ``X-Forwarded-Host`` is never read.
"""

from __future__ import annotations

import re
import secrets
import time
from typing import TYPE_CHECKING, Any

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wealthnexus.kit.context import RequestInfo
from wealthnexus.kit.db.session import is_unavailable
from wealthnexus.kit.ids import new_id, to_base32
from wealthnexus.kit.telemetry import HTTP_REQUESTS, HTTP_SECONDS, log_context, logger
from wealthnexus.kit.text import DEFAULT_LOCALE, in_locale, message
from wealthnexus.web.responses import (
    BARE_POLICY,
    error_response,
    neutral_page,
    security_headers,
    unavailable,
    wants_html,
)

if TYPE_CHECKING:
    from wealthnexus.runtime import Platform

_log = logger("web")
_HOST = re.compile(r"^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$")
# Asked by load balancers and monitors under any name.
_WITHOUT_FIRM = frozenset({"/healthz", "/readyz", "/metrics"})
_USER_AGENT_LENGTH_MAX = 400
_NO_FIRM = message("web.no_firm", "No firm answers at this address.")
_NO_FIRM_TITLE = message("web.no_firm_title", "There is nothing at this address")
_NO_FIRM_ADVICE = message(
    "web.no_firm_advice", "Check the address for a typing error, or use the link your firm gave you."
)
_FAULT = message(
    "web.fault_outside",
    "Something went wrong on our side. Quote {request_id} when you ask us about it.",
    request_id=str,
)


def normalised_host(header: str | None) -> str | None:
    """Lower case, without port and trailing dot; None when it is no host name."""
    if not header:
        return None
    host = header.strip().lower().rsplit(":", 1)[0] if ":" in header else header.strip().lower()
    host = host.rstrip(".")
    return host if _HOST.match(host) else None


class FirmMiddleware:
    """Puts ``firm`` (FirmInfo), ``request_id`` and ``request_info`` into ``scope["state"]``."""

    def __init__(self, app: ASGIApp, platform: Platform) -> None:
        self._app = app
        self._platform = platform
        self._headers = security_headers(https=platform.settings.public_scheme == "https")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        state: dict[str, Any] = scope.setdefault("state", {})
        identity = to_base32(new_id())
        connection = HTTPConnection(scope)
        state["request_id"] = identity
        state["request_info"] = RequestInfo(
            request_id=identity,
            ip_address=connection.client.host if connection.client else None,
            user_agent=connection.headers.get("user-agent", "")[:_USER_AGENT_LENGTH_MAX] or None,
        )
        path = str(scope["path"])
        firm = None
        if path not in _WITHOUT_FIRM:
            # Two of them: a proxy before us may have looked at the other one.
            named = connection.headers.getlist("host")
            host = normalised_host(named[0]) if len(named) == 1 else None
            firm = await self._platform.firms.by_host(host) if host else None
            if firm is None:
                await self._refuse(scope, receive, self._decorated(send, scope, identity))
                return
            state["firm"] = firm
        with (
            log_context(request_id=identity, firm=firm.slug if firm else None),
            in_locale(firm.locale if firm else DEFAULT_LOCALE),
        ):
            if scope["type"] == "websocket":
                await self._app(scope, receive, send)
            else:
                await self._timed(scope, receive, self._decorated(send, scope, identity), identity)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = HTTPConnection(scope)
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 4404, "reason": "unknown host"})
            return
        response: Response = (
            neutral_page(
                _NO_FIRM_TITLE(),
                _NO_FIRM_ADVICE(),
                status=404,
                nonce=secrets.token_urlsafe(16),
            )
            if wants_html(connection)
            else error_response(connection, 404, "UNKNOWN_HOST", _NO_FIRM())
        )
        await response(scope, receive, send)

    def _decorated(self, send: Send, scope: Scope, identity: str) -> Send:
        async def decorated(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                added = {**self._headers, "content-security-policy": BARE_POLICY, "x-request-id": identity}
                message["headers"] = [
                    *message["headers"],
                    *((n.encode(), v.encode()) for n, v in added.items() if n.encode() not in present),
                ]
                scope["state"]["status"] = message["status"]
            await send(message)

        return decorated

    async def _timed(self, scope: Scope, receive: Receive, send: Send, identity: str) -> None:
        started = time.perf_counter()
        try:
            await self._app(scope, receive, send)
        except Exception as error:
            away = is_unavailable(error)
            if away:
                _log.warning("database unavailable", path=scope["path"], reason=str(error)[:200])
            else:
                _log.exception("request failed", path=scope["path"], method=scope["method"])
            if "status" not in scope["state"]:
                connection = HTTPConnection(scope)
                said = _FAULT(request_id=identity)
                answer = (
                    unavailable(connection) if away else error_response(connection, 500, "INTERNAL", said)
                )
                await answer(scope, receive, send)
        finally:
            seconds = time.perf_counter() - started
            route = _route_of(scope)
            status = scope["state"].get("status", 500)
            HTTP_REQUESTS.labels(route, scope["method"], str(status)).inc()
            HTTP_SECONDS.labels(route).observe(seconds)
            _log.debug("answered", route=route, status=status, ms=round(seconds * 1000, 1))


def _route_of(scope: Scope) -> str:
    """A bounded name for metrics: the first part of the path, never an id."""
    first = str(scope["path"]).split("/", 2)[1] if str(scope["path"]).count("/") else ""
    known = {"graphql", "auth", "assets", "files", "brand", "healthz", "readyz", "metrics", "dev"}
    return first if first in known else "page"
