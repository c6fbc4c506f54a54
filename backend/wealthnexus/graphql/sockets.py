"""Live connections: who may open one, how many, and when they end."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from graphql import GraphQLError, OperationType
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
    Operation,
)
from strawberry.types.execution import PreExecutionError

from wealthnexus.domain.identity.service.sessions import is_session_open
from wealthnexus.graphql import limits, texts
from wealthnexus.graphql.context import RequestContext
from wealthnexus.graphql.errors import public_all
from wealthnexus.graphql.requests import RefusedRequest, body_of, too_many_requests
from wealthnexus.kit import clock
from wealthnexus.kit.errors import DomainError
from wealthnexus.kit.telemetry import logger

if TYPE_CHECKING:
    from wealthnexus.graphql.engine import Asked
    from wealthnexus.graphql.view import AuthenticateToken, GraphQLApp
    from wealthnexus.runtime import Platform

_log = logger("graphql.sockets")
UNAUTHORIZED: Final = 4401
FORBIDDEN: Final = 4403
GOING_AWAY: Final = 1001
SOCKETS_PER_SESSION_MAX: Final = 20
RECHECK_SECONDS: Final = 30.0
_TOKEN_MAX: Final = 200


class NotAdmitted(Exception):
    """The connection has nobody behind it."""


class Sockets:
    """Every live connection of this process."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._handlers: set[SocketHandler] = set()
        self._subscriptions: Counter[UUID] = Counter()

    async def admit(self, context: RequestContext, authenticate_token: AuthenticateToken | None) -> None:
        """The handshake's cookie or the bearer of ``connection_init``; NotAdmitted without either."""
        if context.signed_in is None and context.firm is not None and authenticate_token is not None:
            token = _bearer(context.connection_params)
            if token is not None:
                with contextlib.suppress(DomainError):
                    context.signed_in = await authenticate_token(context.firm, token)
        if context.signed_in is None:
            raise NotAdmitted

    def seconds_left(self, context: RequestContext) -> float:
        """Until the caller's access token ends."""
        return max(0.0, (context.caller.access_expires_at - clock.now()).total_seconds())

    @contextlib.asynccontextmanager
    async def subscription(self, context: RequestContext) -> AsyncIterator[list[GraphQLError] | None]:
        """Counts one live subscription of the caller's session; yields why it may not start."""
        if context.signed_in is None or context.firm is None:
            error = GraphQLError(texts.UNAUTHENTICATED(), extensions={"code": "UNAUTHENTICATED"})
            yield public_all([error], context.request.request_id)
            return
        session_id = context.signed_in.session_id
        limit = context.firm.limit("subscriptions_per_session_max")
        if self._subscriptions[session_id] >= limit:
            said = texts.SUBSCRIPTION_LIMIT(limit=limit)
            error = GraphQLError(said, extensions={"code": "LIMIT_EXCEEDED"})
            yield public_all([error], context.request.request_id)
            return
        self._subscriptions[session_id] += 1
        try:
            yield None
        finally:
            self._subscriptions[session_id] -= 1
            if self._subscriptions[session_id] <= 0:
                del self._subscriptions[session_id]

    def register(self, handler: SocketHandler) -> None:
        self._handlers.add(handler)

    def forget(self, handler: SocketHandler) -> None:
        self._handlers.discard(handler)

    def count_of(self, session_id: UUID) -> int:
        return sum(handler.session_id == session_id for handler in self._handlers)

    async def is_open(self, context: RequestContext) -> bool:
        """Whether the caller's session still runs and its person is active."""
        caller = context.caller
        return await is_session_open(self._platform, caller.firm, caller.session_id)

    async def has_access(self, context: RequestContext) -> bool:
        """``is_open``; a database that does not answer at this moment ends nobody's connection."""
        try:
            return await self.is_open(context)
        except Exception as error:
            _log.warning("a session could not be checked", reason=str(error)[:200])
            return True

    async def close(self) -> None:
        """The process ends: every socket is told to go elsewhere."""
        for handler in list(self._handlers):
            with contextlib.suppress(Exception):
                await handler.websocket.close(code=GOING_AWAY, reason="Going away")


def _bearer(parameters: dict[str, Any] | None) -> str | None:
    value = (parameters or {}).get("authorization") or (parameters or {}).get("Authorization")
    if not isinstance(value, str) or len(value) > _TOKEN_MAX:
        return None
    kind, _, token = value.partition(" ")
    return token.strip() or None if kind.lower() == "bearer" else None


class _SocketOperation(Operation[RequestContext, None]):
    __slots__ = ["asked"]

    def __init__(self, handler: SocketHandler, operation_id: str, asked: Asked) -> None:
        super().__init__(handler, operation_id, "", None, None)
        self.asked = asked


class SocketHandler(BaseGraphQLTransportWSHandler[RequestContext, None]):
    """graphql-transport-ws for subscriptions: admission, trusted documents, limits, end of access."""

    view: GraphQLApp

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._guard: asyncio.Task[None] | None = None

    @property
    def session_id(self) -> UUID | None:
        caller = self.context.signed_in
        return caller.session_id if caller is not None else None

    async def handle(self) -> None:
        self.view.sockets.register(self)
        try:
            await super().handle()
        finally:
            self.view.sockets.forget(self)

    async def shutdown(self) -> None:
        if self._guard is not None:
            self._guard.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._guard
        await super().shutdown()

    async def handle_message(self, message: Any) -> None:
        if not isinstance(message, dict):
            await self.handle_invalid_message("Failed to parse message")
            return
        await super().handle_message(message)  # type: ignore[arg-type]

    async def handle_connection_init(self, message: Any) -> None:
        try:
            await super().handle_connection_init(message)
        except NotAdmitted:
            await self.websocket.close(code=UNAUTHORIZED, reason="Unauthorized")
            return
        session_id = self.session_id
        if self.connection_acknowledged and session_id is not None:
            if self.view.sockets.count_of(session_id) > SOCKETS_PER_SESSION_MAX:
                await self.websocket.close(code=4429, reason="Too many connections")
                return
            if self._guard is None:
                self._guard = asyncio.create_task(self._end_with_access())
                self._guard.add_done_callback(self._task_done)

    async def _end_with_access(self) -> None:
        """Closes the socket when the access token ends (4401) or the session was revoked (4403)."""
        sockets = self.view.sockets
        while (left := sockets.seconds_left(self.context)) > 0:
            await asyncio.sleep(min(left, RECHECK_SECONDS))
            if sockets.seconds_left(self.context) <= 0:
                break
            if not await sockets.has_access(self.context):
                await self.websocket.close(code=FORBIDDEN, reason="Forbidden")
                return
        await self.websocket.close(code=UNAUTHORIZED, reason="Unauthorized")

    async def handle_subscribe(self, message: Any) -> None:
        if not self.connection_acknowledged:
            await self.websocket.close(code=UNAUTHORIZED, reason="Unauthorized")
            return
        operation_id = message["id"]
        if not isinstance(operation_id, str) or not operation_id or len(operation_id) > _TOKEN_MAX:
            await self.handle_invalid_message("Failed to parse message")
            return
        if operation_id in self.operations:
            await self.websocket.close(code=4409, reason=f"Subscriber for {operation_id} already exists")
            return
        refusal = await self._refusal(message["payload"])
        if isinstance(refusal, GraphQLError):
            shown = public_all([refusal], self.context.request.request_id)
            payload = [error.formatted for error in shown]
            await self.send_message({"id": operation_id, "type": "error", "payload": payload})
            return
        operation = _SocketOperation(self, operation_id, refusal)
        operation.task = asyncio.create_task(self.run_operation(operation))
        operation.task.add_done_callback(self._task_done)
        self.operations[operation_id] = operation

    async def _refusal(self, payload: Any) -> Asked | GraphQLError:
        """What was asked for, or why it is not answered here."""
        verdict = await self.view.take(self.context)
        if verdict is not None and not verdict.is_allowed:
            return GraphQLError(too_many_requests(verdict), extensions={"code": "LIMIT_EXCEEDED"})
        try:
            asked = self.view.asked(body_of(payload), self.context)
        except RefusedRequest as refused:
            return GraphQLError(refused.message, extensions={"code": refused.code})
        operation = asked.prepared.choose(asked.operation_name)
        if not isinstance(operation, GraphQLError) and operation.kind is not OperationType.SUBSCRIPTION:
            return GraphQLError(texts.HTTP_FOR_OTHERS(), extensions={"code": "BAD_USER_INPUT"})
        return asked

    async def run_operation(self, operation: _SocketOperation) -> None:  # type: ignore[override]
        context = self.context.fork()
        try:
            async with self.view.sockets.subscription(context) as refusal:
                if refusal is not None:
                    await operation.send_initial_errors(refusal)
                    return
                async with contextlib.aclosing(self.view.engine.follow(context, operation.asked)) as results:
                    async for result in results:
                        if isinstance(result, PreExecutionError):
                            await operation.send_initial_errors(result.errors or [])
                            return
                        await operation.send_next(result)
            await operation.send_operation_message({"id": operation.id, "type": "complete"})
        except Exception as error:
            await self.handle_task_exception(error)
            self.operations.pop(operation.id, None)
            raise


def decode_message(data: str | bytes) -> object:
    """One message of the socket; JSONDecodeError when it is too long or no JSON."""
    if len(data) > limits.BODY_BYTES_MAX:
        raise json.JSONDecodeError("the message is too long", "", 0)
    return json.loads(data)
