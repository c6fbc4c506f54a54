"""``GET /files/book.csv``: the Book as it is filtered, ordered and laid out, as a file.

The rows go through a file on disk, so that neither memory nor a database connection waits for a slow reader.
Reading them ends after two minutes, and when nobody waits for the file any more.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import IO, TYPE_CHECKING, Any, Final, cast

import orjson
from graphql import GraphQLError, Undefined
from graphql.utilities import coerce_input_value
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from strawberry.types.arguments import convert_argument

from wealthnexus.domain import audit
from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.clients.book_csv import checked_columns, write_book
from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.domain.ledger import book_view
from wealthnexus.graphql.loaders.book import household_filter
from wealthnexus.graphql.requests import nul_in
from wealthnexus.graphql.schema import schema
from wealthnexus.graphql.types.book import HouseholdFilter, HouseholdOrder
from wealthnexus.graphql.types.enums import SortDirection
from wealthnexus.kit.errors import DomainError, LimitExceeded
from wealthnexus.kit.ratelimit import RateLimit
from wealthnexus.kit.text import message
from wealthnexus.web.context import authenticate_request
from wealthnexus.web.responses import error_response

if TYPE_CHECKING:
    from wealthnexus.domain.identity.caller import Caller
    from wealthnexus.runtime import Platform

PER_PERSON: Final = RateLimit("book-csv-person", 20, 60)
READING_SECONDS_MAX: Final = 120
MEMORY_MAX: Final = 1_000_000
GONE_STATUS: Final = 499  # as proxies log it; nobody receives it
CHUNK_BYTES: Final = 65_536
ASKED_CHARACTERS_MAX: Final = 60_000
_NOT_SIGNED_IN = message("web.book_csv_not_signed_in", "Sign in first; nothing was sent.")
_BAD = message("web.book_csv_bad", "{name} cannot be read: {reason}. Nothing was sent.", name=str, reason=str)
_TOO_MANY = message(
    "web.book_csv_too_many",
    "at most {count, number} files may be fetched in {window, number} seconds; try again in"
    " {wait, plural, one {# second} other {# seconds}}. Nothing was sent.",
    count=int,
    window=int,
    wait=int,
)
_TOO_SLOW = message(
    "web.book_csv_too_slow",
    "the list could not be read within {limit, number} seconds; narrow it, or try again later."
    " Nothing was sent.",
    limit=int,
)
_AUDIT = message(
    "web.book_csv_audit",
    "{actor} took {count, plural, one {# household} other {# households}} of the Book as a file",
    actor=str,
    count=int,
)


class _Unreadable(Exception):
    pass


class _Gone(Exception):
    """Whoever asked has closed the connection."""


def _given(request: Request, name: str, input_type: type) -> Any:
    """A query parameter as the input type of the API, by the API's own rules; None when it is left out."""
    raw = request.query_params.get(name)
    if raw is None:
        return None
    try:
        if len(raw) > ASKED_CHARACTERS_MAX:
            raise ValueError(f"it has {len(raw)} characters, at most {ASKED_CHARACTERS_MAX} are read")
        type_ = cast(Any, schema._schema.type_map[input_type.__name__])
        given = orjson.loads(raw)
        place = nul_in(given, name)
        if place is not None:
            raise ValueError(f"{place} contains the character NUL, which no text here can keep")
        value = coerce_input_value(given, type_)
        if value is Undefined:
            raise ValueError(f"it is no {input_type.__name__} of the API")
        registry = schema.schema_converter.scalar_registry
        return convert_argument(value, input_type, scalar_registry=registry, config=schema.config)
    except (GraphQLError, ValueError) as error:
        raise _Unreadable(_BAD(name=name, reason=str(error)[:300])) from None


def book_csv_route(platform: Platform) -> Callable[[Request], Awaitable[Response]]:
    async def book_csv(request: Request) -> Response:
        caller = await authenticate_request(request)
        if caller is None:
            return error_response(request, 401, "UNAUTHENTICATED", _NOT_SIGNED_IN())
        verdict = await platform.rates.take(caller.firm.id, PER_PERSON, str(caller.user_id))
        if not verdict.is_allowed:
            wait = verdict.retry_after_seconds
            said = _TOO_MANY(count=PER_PERSON.count_max, window=PER_PERSON.window_seconds, wait=wait)
            return error_response(request, 429, "LIMIT_EXCEEDED", said, headers={"retry-after": str(wait)})
        file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=MEMORY_MAX)  # noqa: SIM115 -- closed by _sent
        try:
            caller.require(Permission.HOUSEHOLDS_READ)
            await _fill(platform, request, caller, file)
        except BaseException as error:
            file.close()
            if isinstance(error, _Unreadable):
                return error_response(request, 400, "VALIDATION_FAILED", str(error))
            if isinstance(error, _Gone):
                return Response(status_code=GONE_STATUS)
            if isinstance(error, DomainError):
                status = 403 if error.code == "PERMISSION_DENIED" else 400
                return error_response(request, status, error.code, error.message)
            raise
        headers = {
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
            "content-disposition": f'attachment; filename="{caller.firm.slug}-households.csv"',
        }
        return StreamingResponse(_sent(file), media_type="text/csv; charset=utf-8", headers=headers)

    return book_csv


async def _fill(platform: Platform, request: Request, caller: Caller, file: IO[bytes]) -> None:
    wanted = household_filter(_given(request, "filter", HouseholdFilter))
    order = _given(request, "orderBy", HouseholdOrder)
    sort = clients.HouseholdOrder()
    if order is not None:
        field = clients.HouseholdOrderField(order.field.value)
        sort = clients.HouseholdOrder(field, order.direction is SortDirection.DESC)
    named = request.query_params.get("columns", "")
    columns = checked_columns([name for name in named.split(",") if name])

    async def write(part: str) -> None:
        if await request.is_disconnected():
            raise _Gone
        await run_in_threadpool(file.write, part.encode())

    try:
        async with asyncio.timeout(READING_SECONDS_MAX), platform.db.reading(caller.binding()) as reader:
            view = await book_view(reader, caller.firm)
            count = await write_book(reader, view, wanted, sort, columns=columns, write=write)
    except TimeoutError:
        raise LimitExceeded(_TOO_SLOW(limit=READING_SECONDS_MAX)) from None
    async with platform.db.unit_of_work(
        caller.binding(), actor=caller.actor(), request=request.state.request_info
    ) as uow:
        await audit.append(
            uow,
            "clients.book.exported",
            summary=_AUDIT(actor=uow.actor.name, count=count),
            details={"household_count": count, "columns": list(columns)},
        )


async def _sent(file: IO[bytes]) -> AsyncIterator[bytes]:
    try:
        await run_in_threadpool(file.seek, 0)
        while part := await run_in_threadpool(file.read, CHUNK_BYTES):
            yield part
    finally:
        file.close()
