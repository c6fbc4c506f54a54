"""``POST /files/uploads``: one zip as the request's body, streamed to disk, never held in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response

from wealthnexus.domain.feeds.uploads import record_upload, refuse_too_many, store_stream
from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.kit.errors import DomainError, LimitExceeded
from wealthnexus.kit.ratelimit import RateLimit
from wealthnexus.kit.text import message
from wealthnexus.web.context import authenticate_request
from wealthnexus.web.responses import JsonResponse, error_response

if TYPE_CHECKING:
    from wealthnexus.runtime import Platform

PER_PERSON: Final = RateLimit("upload-person", 30, 60)
_TYPES = frozenset({"application/zip", "application/x-zip-compressed", "application/octet-stream"})
_NOT_SIGNED_IN = message("web.upload_not_signed_in", "Sign in first; nothing was kept.")
_NO_PERMISSION = message("web.upload_no_permission", "Your roles do not allow imports; nothing was kept.")
_MEDIA_TYPE = message(
    "web.upload_media_type",
    "content-type is {kind}, expected application/zip; nothing was kept",
    kind=str,
)
_TOO_MANY = message(
    "web.upload_too_many",
    "at most {count, number} files may be sent in {window, number} seconds; try again in"
    " {wait, plural, one {# second} other {# seconds}}. Nothing was kept.",
    count=int,
    window=int,
    wait=int,
)


def upload_route(platform: Platform) -> Callable[[Request], Awaitable[Response]]:
    async def upload(request: Request) -> Response:
        caller = await authenticate_request(request)
        if caller is None:
            return error_response(request, 401, "UNAUTHENTICATED", _NOT_SIGNED_IN())
        if not caller.may(Permission.IMPORTS_RUN):
            return error_response(request, 403, "PERMISSION_DENIED", _NO_PERMISSION())
        kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
        if kind not in _TYPES:
            return error_response(request, 415, "VALIDATION_FAILED", _MEDIA_TYPE(kind=repr(kind)))
        verdict = await platform.rates.take(caller.firm.id, PER_PERSON, str(caller.user_id))
        if not verdict.is_allowed:
            wait = verdict.retry_after_seconds
            said = _TOO_MANY(count=PER_PERSON.count_max, window=PER_PERSON.window_seconds, wait=wait)
            return error_response(request, 429, "LIMIT_EXCEEDED", said, headers={"retry-after": str(wait)})
        stored = None
        try:
            async with platform.db.reading(caller.binding()) as reader:
                # Before the bytes are taken, and again when the row is written.
                await refuse_too_many(reader, caller.user_id)
            stored = await store_stream(
                platform.firm_storage(caller.firm.id),
                request.stream(),
                bytes_max=caller.firm.limit("upload_bytes_max"),
            )
            async with platform.db.unit_of_work(
                caller.binding(), actor=caller.actor(), request=request.state.request_info
            ) as uow:
                name = request.headers.get("x-file-name", "bundle.zip")
                upload_id = await record_upload(uow, stored, user_id=caller.user_id, file_name=name)
        except BaseException as error:
            if stored is not None:  # a file that no row knows would never be tidied
                await asyncio.to_thread(stored.path.unlink, missing_ok=True)
            if not isinstance(error, DomainError):
                raise
            status = 413 if isinstance(error, LimitExceeded) else 400
            return error_response(request, status, error.code, error.message)
        return JsonResponse({"uploadId": str(upload_id), "sizeBytes": stored.size_bytes}, status_code=201)

    return upload
