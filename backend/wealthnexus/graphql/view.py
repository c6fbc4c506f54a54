"""The API's door: GraphQL over HTTP, over server-sent events and over WebSockets."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

import orjson
from graphql import GraphQLError, OperationType
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.execution import ExecutionResult, PreExecutionError

from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.identity.caller import Caller
from wealthnexus.graphql import limits, sockets, texts
from wealthnexus.graphql.context import RequestContext
from wealthnexus.graphql.door import firm_and_request
from wealthnexus.graphql.engine import Asked, Engine
from wealthnexus.graphql.errors import UNAVAILABLE, public_all
from wealthnexus.graphql.requests import (
    EVENT_STREAM,
    JSON,
    RESPONSE_JSON,
    Body,
    RefusedRequest,
    read_body,
    too_many_requests,
    wanted_type,
)
from wealthnexus.graphql.schema import schema
from wealthnexus.graphql.sockets import SocketHandler, Sockets, decode_message
from wealthnexus.kit.collector import spare_what_lasts
from wealthnexus.kit.db.session import is_unavailable
from wealthnexus.kit.errors import UNAVAILABLE_RETRY_SECONDS, DomainError
from wealthnexus.kit.ratelimit import RateLimit, Verdict

if TYPE_CHECKING:
    from wealthnexus.runtime import Platform

Authenticate = Callable[[HTTPConnection], Awaitable[Caller | None]]
AuthenticateToken = Callable[[FirmInfo, str], Awaitable[Caller | None]]

MANIFEST: Final = "persisted-documents.json"
ANONYMOUS_LIMIT: Final = RateLimit("api-anonymous", 120, 60)
_HEARTBEAT_SECONDS: Final = 12.0
_STATUS_OF_CODE: Final = {"UNAUTHENTICATED": 401, "FORBIDDEN": 403}


def make_graphql_app(
    platform: Platform,
    *,
    authenticate: Authenticate,
    authenticate_token: AuthenticateToken | None = None,
) -> GraphQLApp:
    """The ASGI application for ``/graphql``.

    ``authenticate`` tells who a connection belongs to (None: nobody) and raises DomainError when it
    must be refused. ``authenticate_token`` does so for the bearer in a socket's ``connection_init``.
    """
    return GraphQLApp(platform, authenticate, authenticate_token)


def encode(data: Any) -> bytes:
    """JSON as the API writes it; scalars have made strings of everything orjson does not know."""
    return orjson.dumps(data)


class GraphQLApp(GraphQL[RequestContext, None]):
    """Strawberry's ASGI view with our own way through HTTP; its WebSocket protocol is kept."""

    graphql_transport_ws_handler_class = SocketHandler

    def __init__(
        self,
        platform: Platform,
        authenticate: Authenticate,
        authenticate_token: AuthenticateToken | None,
    ) -> None:
        super().__init__(
            schema=schema,
            graphql_ide=None,
            allow_queries_via_get=True,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            max_subscriptions_per_connection=None,
        )
        environment = platform.settings.environment
        self.engine = Engine(
            schema, is_open=environment == "development", cookies_need_trust=environment == "production"
        )
        self.platform = platform
        self.sockets = Sockets(platform)
        self.authenticate = authenticate
        self.authenticate_token = authenticate_token

    def start(self) -> int:
        """Loads the web app's documents; returns how many are trusted."""
        spare_what_lasts()
        return self.engine.documents.load_trusted(self.platform.settings.web_dist_dir / MANIFEST)

    async def close(self) -> None:
        """Ends every socket (1001), so that browsers reconnect elsewhere."""
        await self.sockets.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self.run(WebSocket(scope, receive=receive, send=send))
            return
        response = await self._respond(Request(scope, receive=receive))
        await response(scope, receive, send)

    # -- HTTP -------------------------------------------------------------------------------------

    async def _respond(self, request: Request) -> Response:
        answer = Answer(request)
        if request.method not in ("POST", "GET"):
            answer.headers["allow"] = "GET, POST"
            return answer.refusal(405, texts.METHOD(), "BAD_USER_INPUT")
        context = self._context(request)
        try:
            context.signed_in = await self._caller(request)
            verdict = await self.take(context)
            if verdict is not None:
                answer.headers.update(rate_headers(verdict))
                if not verdict.is_allowed:
                    return answer.refusal(429, too_many_requests(verdict), "LIMIT_EXCEEDED")
            asked = self.asked(await read_body(request), context)
        except RefusedRequest as refused:
            return answer.refusal(refused.status, refused.message, refused.code)
        except Exception as error:
            if not isinstance(error, DomainError) and not is_unavailable(error):
                raise
            shown = public_all([GraphQLError(str(error), original_error=error)], answer.request_id)
            return answer.result(PreExecutionError(data=None, errors=shown))
        operation = asked.prepared.choose(asked.operation_name)
        kind = None if isinstance(operation, GraphQLError) else operation.kind
        if request.method == "GET" and kind not in (None, OperationType.QUERY):
            answer.headers["allow"] = "POST"
            return answer.refusal(405, texts.GET_QUERIES_ONLY(), "BAD_USER_INPUT")
        if kind is OperationType.SUBSCRIPTION and wanted_type(request.headers.get("accept")) == EVENT_STREAM:
            return StreamingResponse(
                self._events(context, asked),
                media_type=EVENT_STREAM,
                headers={**answer.headers, "cache-control": "no-store", "x-accel-buffering": "no"},
            )
        return answer.result(await self.engine.run(context, asked))

    def _context(self, connection: HTTPConnection) -> RequestContext:
        firm, request = firm_and_request(connection)
        return RequestContext(self.platform, firm, request)

    async def _caller(self, request: Request) -> Caller | None:
        caller = await self.authenticate(request)
        # A link or an image of another site can make a browser send a GET with its cookies.
        return None if caller is not None and caller.via == "cookie" and request.method == "GET" else caller

    async def take(self, context: RequestContext) -> Verdict | None:
        """One request off the caller's bucket; nobody's where no firm is known."""
        if context.firm is None:
            return None
        caller = context.signed_in
        if caller is None:
            address = context.request.ip_address or "unknown"
            return await self.platform.rates.take(context.firm.id, ANONYMOUS_LIMIT, address)
        limit = RateLimit("api-person", context.firm.limit("requests_per_minute"), 60)
        return await self.platform.rates.take(context.firm.id, limit, str(caller.user_id))

    def asked(self, body: Body, context: RequestContext) -> Asked:
        """The document of a request, by its id or its text; RefusedRequest for an unknown id, and for
        long texts of nobody: those are not even parsed."""
        documents = self.engine.documents
        if body.document_id is not None:
            prepared = documents.trusted_by_id(body.document_id)
            if prepared is None:
                raise RefusedRequest(400, texts.UNKNOWN_DOCUMENT(), "BAD_USER_INPUT")
            return Asked(prepared, body.operation_name, body.variables, is_trusted=True)
        text = body.query or ""
        if context.signed_in is None and len(text) > limits.ANONYMOUS_CHARACTERS_MAX:
            raise RefusedRequest(401, texts.UNAUTHENTICATED(), "UNAUTHENTICATED")
        return Asked(
            documents.prepare(text),
            body.operation_name,
            body.variables,
            is_trusted=documents.is_trusted(text),
        )

    # -- server-sent events -----------------------------------------------------------------------

    async def _events(self, context: RequestContext, asked: Asked) -> AsyncIterator[bytes]:
        """graphql-sse, distinct connections: ``next`` per event, ``complete`` at the end; ends with the
        caller's access."""
        async with self.sockets.subscription(context) as refusal:
            if refusal is not None:
                yield _event("next", {"errors": [error.formatted for error in refusal]})
                yield _event("complete")
                return
            source = self.engine.follow(context, asked)
            async with contextlib.aclosing(source):
                upcoming: asyncio.Future[Any] | None = None
                loop = asyncio.get_running_loop()
                deadline = loop.time() + self.sockets.seconds_left(context)
                recheck = loop.time() + sockets.RECHECK_SECONDS
                try:
                    while True:
                        upcoming = upcoming or asyncio.ensure_future(anext(source, None))
                        wait = min(_HEARTBEAT_SECONDS, min(deadline, recheck) - loop.time())
                        done, _ = await asyncio.wait({upcoming}, timeout=max(0.0, wait))
                        if loop.time() >= recheck:
                            if not await self.sockets.has_access(context):
                                break
                            recheck = loop.time() + sockets.RECHECK_SECONDS
                        if done:
                            result, upcoming = upcoming.result(), None
                            if result is None:
                                break
                            yield _event("next", body_of_result(result))
                        elif loop.time() >= deadline:
                            break
                        else:
                            yield b":\n\n"
                finally:
                    if upcoming is not None:
                        upcoming.cancel()
                        with contextlib.suppress(asyncio.CancelledError, StopAsyncIteration):
                            await upcoming
            yield _event("complete")

    # -- WebSocket --------------------------------------------------------------------------------

    async def get_context(self, request: Request | WebSocket, response: Any) -> RequestContext:  # noqa: ARG002
        """The connection's context; each of its operations forks one of its own."""
        context = self._context(request)
        with contextlib.suppress(DomainError):
            context.signed_in = await self.authenticate(request)
        return context

    async def on_ws_connect(self, context: RequestContext) -> Any:
        return await self.sockets.admit(context, self.authenticate_token)

    def encode_json(self, data: object) -> str:
        return encode(data).decode()

    def decode_json(self, data: str | bytes) -> object:
        return decode_message(data)


def rate_headers(verdict: Verdict) -> dict[str, str]:
    """The RateLimit fields (draft-ietf-httpapi-ratelimit-headers), and Retry-After on refusal."""
    limit = verdict.limit
    fields = {
        "ratelimit-policy": f'"person";q={limit.count_max};w={limit.window_seconds}',
        "ratelimit": f'"person";r={verdict.remaining};t={verdict.reset_seconds}',
    }
    if not verdict.is_allowed:
        fields["retry-after"] = str(verdict.retry_after_seconds)
    return fields


def body_of_result(result: ExecutionResult) -> dict[str, Any]:
    """The response map: a request error has no ``data`` at all."""
    body: dict[str, Any] = {}
    if result.errors:
        body["errors"] = [error.formatted for error in result.errors]
    if not isinstance(result, PreExecutionError):
        body["data"] = result.data
    if result.extensions:
        body["extensions"] = result.extensions
    return body


class Answer:
    """The response to one request: its media type, status, headers and request id."""

    def __init__(self, request: Request) -> None:
        self.request_id = firm_and_request(request)[1].request_id
        wanted = wanted_type(request.headers.get("accept"))
        self.media_type = wanted if wanted == RESPONSE_JSON else JSON
        self.headers: dict[str, str] = {"cache-control": "no-store"}

    def refusal(self, status: int, message: str, code: str) -> Response:
        """The request could not be read, or may not be made now."""
        body = {"errors": [{"message": message, "extensions": {"code": code, "requestId": self.request_id}}]}
        return self._response(body, status)

    def result(self, result: ExecutionResult) -> Response:
        """Data and errors. A request error has its own status where the media type allows it."""
        body = body_of_result(result)
        status = 200
        if isinstance(result, PreExecutionError):
            code = str((result.errors[0].extensions or {}).get("code")) if result.errors else ""
            status = _STATUS_OF_CODE.get(code, 400 if self.media_type == RESPONSE_JSON else 200)
        if any((error.extensions or {}).get("code") == UNAVAILABLE for error in result.errors or ()):
            status = 503
            self.headers["retry-after"] = str(UNAVAILABLE_RETRY_SECONDS)
        cost = (result.extensions or {}).get("cost")
        if cost:
            self.headers["x-operation-cost"] = f"{cost['requested']}; budget={cost['budget']}"
        return self._response(body, status)

    def _response(self, body: dict[str, Any], status: int) -> Response:
        raw = encode(body)
        if len(raw) > limits.RESPONSE_BYTES_MAX:
            return self.refusal(
                400, texts.TOO_LARGE_ANSWER(limit=limits.RESPONSE_BYTES_MAX), "LIMIT_EXCEEDED"
            )
        content_type = f"{self.media_type}; charset=utf-8"
        return Response(raw, status, headers={**self.headers, "content-type": content_type})


def _event(name: str, data: dict[str, Any] | None = None) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (name.encode(), encode(data) if data is not None else b"")
