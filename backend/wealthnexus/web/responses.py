"""Answers every route shares: JSON errors, the neutral page, security headers."""

from __future__ import annotations

import html
import secrets
from collections.abc import Mapping
from typing import Any

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, Response

from wealthnexus.kit import json as kit_json
from wealthnexus.kit.errors import UNAVAILABLE_RETRY_SECONDS
from wealthnexus.kit.text import message

_SECURITY_HEADERS: Mapping[str, str] = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "x-frame-options": "DENY",
}
BARE_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_YEAR_SECONDS = 31_536_000
_UNAVAILABLE_TITLE = message("web.unavailable_title", "One moment, please")
_UNAVAILABLE = message(
    "web.unavailable",
    "The books cannot be reached for a moment; try again. Whether a change you sent was made is not"
    " certain: look before you repeat it. Quote {request_id} when you ask us about it.",
    request_id=str,
)


def security_headers(*, https: bool) -> dict[str, str]:
    """What every answer carries; a page replaces the content policy with its own."""
    headers = dict(_SECURITY_HEADERS)
    if https:
        headers["strict-transport-security"] = f"max-age={_YEAR_SECONDS}; includeSubDomains"
    return headers


class JsonResponse(Response):
    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return kit_json.dumps(content).encode()


def error_response(
    connection: HTTPConnection,
    status: int,
    code: str,
    message: str,
    *,
    headers: Mapping[str, str] | None = None,
    **facts: Any,
) -> Response:
    """``{"error": {code, message, requestId, …}}``."""
    body = {"code": code, "message": message, "requestId": request_id(connection), **facts}
    return JsonResponse({"error": body}, status_code=status, headers=dict(headers or {}))


def unavailable(connection: HTTPConnection) -> Response:
    """The database cannot be reached for a moment: 503, and when to come back."""
    said = _UNAVAILABLE(request_id=request_id(connection))
    if wants_html(connection):
        answer: Response = neutral_page(
            _UNAVAILABLE_TITLE(), said, status=503, nonce=secrets.token_urlsafe(16)
        )
        answer.headers["retry-after"] = str(UNAVAILABLE_RETRY_SECONDS)
        return answer
    return error_response(
        connection, 503, "UNAVAILABLE", said, headers={"retry-after": str(UNAVAILABLE_RETRY_SECONDS)}
    )


def request_id(connection: HTTPConnection) -> str:
    return str(connection.scope.get("state", {}).get("request_id", ""))


def wants_html(connection: HTTPConnection) -> bool:
    return "text/html" in connection.headers.get("accept", "")


def neutral_page(title: str, sentence: str, *, status: int, nonce: str) -> HTMLResponse:
    """A page of no firm: says what is the matter and nothing about who is served here."""
    policy = f"default-src 'none'; style-src 'nonce-{nonce}'; frame-ancestors 'none'; base-uri 'none'"
    return HTMLResponse(
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<meta name='robots' content='noindex'><title>{html.escape(title)}</title>"
        f"<style nonce='{nonce}'>:root{{color-scheme:light dark}}body{{font:16px/24px system-ui,sans-serif;"
        "max-width:32rem;margin:20vh auto 0;padding:0 24px}"
        "h1{font-size:24px;line-height:32px;font-weight:600}"
        "</style></head>"
        f"<body><main><h1>{html.escape(title)}</h1><p>{html.escape(sentence)}</p></main></body></html>",
        status_code=status,
        headers={"content-security-policy": policy, "cache-control": "no-store"},
    )
