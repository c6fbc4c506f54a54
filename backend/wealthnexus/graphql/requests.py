"""GraphQL over HTTP: reading a request, choosing the answer's media type and status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs

import orjson
from starlette.requests import Request

from wealthnexus.graphql import limits, texts
from wealthnexus.kit.ratelimit import Verdict

JSON: Final = "application/json"
RESPONSE_JSON: Final = "application/graphql-response+json"
EVENT_STREAM: Final = "text/event-stream"
_PLACE_MAX: Final = 200
_OFFERED: Final = (RESPONSE_JSON, JSON, EVENT_STREAM)


class RefusedRequest(Exception):
    """The request cannot be read as GraphQL; nothing was executed."""

    def __init__(self, status: int, message: str, code: str = "BAD_USER_INPUT") -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code


@dataclass(frozen=True, slots=True)
class Body:
    """What a request asks for; ``query`` or ``document_id`` is given."""

    query: str | None
    document_id: str | None
    operation_name: str | None
    variables: dict[str, Any] | None


def wanted_type(accept: str | None) -> str:
    """The best of our media types by quality, then by the order they are named in; JSON by default."""
    best, best_quality = JSON, 0.0
    for part in (accept or "*/*").split(","):
        media_type, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip() == "q":
                try:
                    quality = min(1.0, float(value))
                except ValueError:
                    quality = 0.0
        if quality <= best_quality:
            continue
        if media_type in _OFFERED:
            best, best_quality = media_type, quality
        elif media_type in ("*/*", "application/*"):
            best, best_quality = JSON, quality
    return best


async def read_body(request: Request) -> Body:
    """The request's document and variables; RefusedRequest on anything else."""
    if request.method == "GET":
        return _from_query(request)
    media_type, _, parameters = request.headers.get("content-type", "").partition(";")
    if media_type.strip().lower() != JSON:
        raise RefusedRequest(415, _bad("its content type is not application/json"))
    charset = parameters.replace(" ", "").lower().removeprefix("charset=").strip('"')
    if charset not in ("", "utf-8", "utf8"):
        raise RefusedRequest(415, _bad("its charset is not utf-8"))
    return _from_json(await _limited(request))


async def _limited(request: Request) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limits.BODY_BYTES_MAX:
            raise RefusedRequest(
                413, texts.TOO_LARGE_REQUEST(limit=limits.BODY_BYTES_MAX), code="LIMIT_EXCEEDED"
            )
        chunks.append(chunk)
    return b"".join(chunks)


def _from_json(raw: bytes) -> Body:
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise RefusedRequest(400, _bad("it is not JSON")) from None
    return body_of(body)


def _from_query(request: Request) -> Body:
    if len(request.url.query) > limits.CHARACTERS_MAX:
        raise RefusedRequest(414, texts.TOO_LARGE_REQUEST(limit=limits.CHARACTERS_MAX), code="LIMIT_EXCEEDED")
    fields: dict[str, Any] = {name: values[-1] for name, values in parse_qs(request.url.query).items()}
    for name in ("variables", "extensions"):
        if name in fields:
            try:
                fields[name] = orjson.loads(fields[name])
            except orjson.JSONDecodeError:
                raise RefusedRequest(400, _bad(f"{name} is not JSON")) from None
    return body_of(fields)


def body_of(body: Any) -> Body:
    """Checks the members of one request; a list (a batch) is not a request."""
    if not isinstance(body, dict):
        raise RefusedRequest(400, _bad("it is not an object; batches are not accepted"))
    extensions = _member(body, "extensions", dict, "an object")
    document_id = body.get("documentId") or (extensions or {}).get("documentId")
    query = _member(body, "query", str, "a string")
    if document_id is not None and not isinstance(document_id, str):
        raise RefusedRequest(400, _bad("documentId is not a string"))
    if not query and not document_id:
        raise RefusedRequest(400, _bad("it has neither query nor documentId"))
    variables = _member(body, "variables", dict, "an object")
    place = nul_in(variables, "variables")
    if place is not None:
        raise RefusedRequest(400, _bad(f"{place} contains the character NUL, which no text here can keep"))
    return Body(
        query=query,
        document_id=document_id,
        operation_name=_member(body, "operationName", str, "a string"),
        variables=variables,
    )


def nul_in(given: Any, name: str) -> str | None:
    """Where a text with U+0000 stands, as ``variables.filter.nameContains``: PostgreSQL keeps none."""
    waiting: list[tuple[str, Any]] = [(name, given)]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, str):
            if "\x00" in value:
                return place
        elif isinstance(value, dict):
            waiting.extend((f"{place}.{name}"[:_PLACE_MAX], each) for name, each in value.items())
        elif isinstance(value, list):
            waiting.extend((f"{place}.{index}"[:_PLACE_MAX], each) for index, each in enumerate(value))
    return None


def too_many_requests(verdict: Verdict) -> str:
    """The refusal of a caller over its rate limit."""
    seconds = verdict.retry_after_seconds
    return texts.TOO_MANY_REQUESTS(limit=verdict.limit.count_max, seconds=seconds)


def _member(body: Mapping[str, Any], name: str, kind: type, words: str) -> Any:
    value = body.get(name)
    if value is not None and not isinstance(value, kind):
        raise RefusedRequest(400, _bad(f"{name} is not {words}"))
    return value


def _bad(reason: str) -> str:
    return texts.BAD_BODY(reason=reason)
