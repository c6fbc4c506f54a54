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
from wealthnexus.web.context import authenticate_request
from wealthnexus.web.responses import JsonResponse, error_response

if TYPE_CHECKING:
    from wealthnexus.runtime import Platform

PER_PERSON: Final = RateLimit("upload-person", 30, 60)
_TYPES = frozenset({"application/zip", "application/x-zip-compressed", "application/octet-stream"})


def upload_route(platform: Platform) -> Callable[[Request], Awaitable[Response]]:
    async def upload(request: Request) -> Response:
        caller = await authenticate_request(request)
        if caller is None:
            return error_response(request, 401, "UNAUTHENTICATED", "Sign in first; nothing was kept.")
        if not caller.may(Permission.IMPORTS_RUN):
            return error_response(request, 403, "PERMISSION_DENIED", "Your roles do not allow imports.")
        kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
        if kind not in _TYPES:
            message = f"content-type is {kind!r}, expected application/zip; nothing was kept"
            return error_response(request, 415, "VALIDATION_FAILED", message)
        verdict = await platform.rates.take(caller.firm.id, PER_PERSON, str(caller.user_id))
        if not verdict.is_allowed:
            wait = verdict.retry_after_seconds
            message = (
                f"at most {PER_PERSON.count_max} files may be sent in {PER_PERSON.window_seconds} seconds;"
                f" try again in {wait} seconds. Nothing was kept."
            )
            return error_response(request, 429, "LIMIT_EXCEEDED", message, headers={"retry-after": str(wait)})
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
