"""``GET /files/exports/{id}``: the export a person asked for, streamed to that person alone, for a day.

``HEAD`` tells whether it would be sent, and is no fetch on record.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from wealthnexus.domain.feeds.exports import find_export, record_fetched
from wealthnexus.kit.errors import DomainError, NotFound, StepUpRequired
from wealthnexus.kit.ratelimit import RateLimit
from wealthnexus.kit.text import message
from wealthnexus.web.context import authenticate_request
from wealthnexus.web.responses import error_response

if TYPE_CHECKING:
    from wealthnexus.runtime import Platform

PER_PERSON: Final = RateLimit("export-person", 30, 60)
_NOT_SIGNED_IN = message("web.export_not_signed_in", "Sign in first; nothing was sent.")
_NO_ID = message("web.export_no_id", "{id} is no export's id; nothing was sent.", id=str)
_TOO_MANY = message(
    "web.export_too_many",
    "at most {count, number} files may be fetched in {window, number} seconds; try again in"
    " {wait, plural, one {# second} other {# seconds}}. Nothing was sent.",
    count=int,
    window=int,
    wait=int,
)


def export_route(platform: Platform) -> Callable[[Request], Awaitable[Response]]:
    async def export(request: Request) -> Response:
        caller = await authenticate_request(request)
        if caller is None:
            return error_response(request, 401, "UNAUTHENTICATED", _NOT_SIGNED_IN())
        verdict = await platform.rates.take(caller.firm.id, PER_PERSON, str(caller.user_id))
        if not verdict.is_allowed:
            wait = verdict.retry_after_seconds
            said = _TOO_MANY(count=PER_PERSON.count_max, window=PER_PERSON.window_seconds, wait=wait)
            return error_response(request, 429, "LIMIT_EXCEEDED", said, headers={"retry-after": str(wait)})
        asked = request.path_params["export_id"]
        try:
            export_id = UUID(asked)
        except ValueError:
            return error_response(request, 404, "NOT_FOUND", _NO_ID(id=repr(asked[:60])))
        folder = platform.firm_storage(caller.firm.id)
        try:
            async with platform.db.unit_of_work(
                caller.binding(), actor=caller.actor(), request=request.state.request_info
            ) as uow:
                path, name = await find_export(uow, caller, export_id, folder)
                if request.method != "HEAD":
                    await record_fetched(uow, export_id)
        except DomainError as error:
            status = 404 if isinstance(error, NotFound) else 403
            code = "STEP_UP_REQUIRED" if isinstance(error, StepUpRequired) else error.code
            return error_response(request, status, code, error.message)
        headers = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
        return FileResponse(path, media_type="application/zip", filename=name, headers=headers)

    return export
