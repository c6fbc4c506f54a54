"""Development only: what the product would have sent, as the firm's local mail server kept it."""

from __future__ import annotations

import asyncio
import html
import re
import secrets
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from wealthnexus.integrations.smtp.simulator import StoredMail, read_mailbox
from wealthnexus.web.responses import JsonResponse

if TYPE_CHECKING:
    from wealthnexus.runtime import Platform

_LINK = re.compile(r"https?://[^\s<>\"]+")


def _with_links(body: str) -> str:
    escaped = html.escape(body)
    return _LINK.sub(lambda match: f"<a href='{match[0]}'>{match[0]}</a>", escaped)


def _page(firm_name: str, mails: list[StoredMail], nonce: str) -> str:
    items = "".join(
        f"<article><h2>{html.escape(mail.subject)}</h2>"
        f"<p class='meta'>to {html.escape(mail.recipient)}, {html.escape(mail.sent_at)}</p>"
        f"<pre>{_with_links(mail.body)}</pre></article>"
        for mail in mails
    )
    empty = "<p>No mail yet. Invite a user or ask for a password reset, then load this page again.</p>"
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>Local mailbox of {html.escape(firm_name)}</title><style nonce='{nonce}'>"
        ":root{color-scheme:light dark}body{font:14px/20px system-ui,sans-serif;max-width:48rem;"
        "margin:32px auto;padding:0 24px}h1{font-size:24px;line-height:32px}h2{font-size:16px;margin:0}"
        "article{border-top:1px solid;padding:16px 0}.meta{margin:4px 0}pre{white-space:pre-wrap;"
        "overflow-wrap:anywhere;font:inherit;margin:8px 0}</style></head><body><main>"
        f"<h1>Local mailbox of {html.escape(firm_name)}</h1>"
        "<p>Mail is not sent in development; it is kept here.</p>"
        f"{items or empty}</main></body></html>"
    )


def mailbox_routes(platform: Platform) -> dict[str, Callable[[Request], Awaitable[Response]]]:
    """Path -> handler; the caller mounts them where ``settings.shows_mailbox`` only."""

    async def mails_of(request: Request) -> list[StoredMail]:
        return await asyncio.to_thread(read_mailbox, platform.mailbox, request.state.firm.slug)

    async def page(request: Request) -> Response:
        nonce = secrets.token_urlsafe(16)
        policy = f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; frame-ancestors 'none'"
        return HTMLResponse(
            _page(request.state.firm.name, await mails_of(request), nonce),
            headers={"content-security-policy": policy, "cache-control": "no-store"},
        )

    async def listing(request: Request) -> Response:
        mails = await mails_of(request)
        return JsonResponse(
            {
                "mails": [
                    {"id": m.id, "sentAt": m.sent_at, "to": m.recipient, "subject": m.subject, "body": m.body}
                    for m in mails
                ]
            }
        )

    return {"/dev/mailbox": page, "/dev/mailbox.json": listing}
