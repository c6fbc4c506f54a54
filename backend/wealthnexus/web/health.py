"""Whether the process lives, whether it can serve, and what it measured."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from wealthnexus.kit.telemetry import CONTENT_TYPE, logger, metrics_page
from wealthnexus.web.responses import JsonResponse

if TYPE_CHECKING:
    from wealthnexus.runtime import Platform

_log = logger("health")
_CHECK_SECONDS_MAX = 2.0
# A proxy on this machine has a loopback address too: it is known by what it adds.
_PASSED_ON = ("x-forwarded-for", "forwarded")
Route = Callable[[Request], Awaitable[Response]]


async def healthz(_request: Request) -> Response:
    """The process answers: nothing else is asked, a slow database must not restart it."""
    return PlainTextResponse("ok")


def readyz_route(platform: Platform) -> Route:
    async def database() -> None:
        async with platform.db.reading(None) as reader:
            await reader.scalar(text("select count(*) from firms"))

    async def redis() -> None:
        await platform.redis.ping()

    async def readyz(_request: Request) -> Response:
        checks = {"database": database, "redis": redis}
        results = await asyncio.gather(
            *(asyncio.wait_for(check(), _CHECK_SECONDS_MAX) for check in checks.values()),
            return_exceptions=True,
        )
        report = {}
        for name, result in zip(checks, results, strict=True):
            report[name] = "ok" if not isinstance(result, BaseException) else type(result).__name__
            if isinstance(result, BaseException):
                _log.warning("not ready", part=name, reason=str(result)[:300])
        # Reads and writes need the database only; without Redis they go on and live updates wait.
        return JsonResponse(report, status_code=200 if report["database"] == "ok" else 503)

    return readyz


async def metrics(request: Request) -> Response:
    """For the machine's own monitor: loopback only, and nothing that a proxy has passed on."""
    host = request.client.host if request.client else ""
    try:
        is_loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback or any(name in request.headers for name in _PASSED_ON):
        return PlainTextResponse("not found", status_code=404)
    return Response(metrics_page(), media_type=CONTENT_TYPE)
