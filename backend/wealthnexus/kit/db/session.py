"""Engines per role, and the only two ways to the data: ``reading`` and ``unit_of_work``.

A tenant is bound per transaction only, by ``set_config(..., true)`` sent in the same round trip as
BEGIN. A transaction without a binding can use the few shared tables; any tenant table raises.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar
from uuid import UUID

import asyncpg
from opentelemetry import trace
from sqlalchemy import Executable, Row, event
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from wealthnexus.kit import json as kit_json
from wealthnexus.kit import texts
from wealthnexus.kit.context import SYSTEM, Actor, RequestInfo, internal_request
from wealthnexus.kit.db.tables import ROLES, Role
from wealthnexus.kit.errors import ValidationFailed

T = TypeVar("T")
_tracer = trace.get_tracer("wealthnexus.db")
_NOBODY = UUID(int=0)
_RETRIABLE = {"40001", "40P01"}  # serialization_failure, deadlock_detected
_OUT_OF_RANGE = "22003"  # numeric_value_out_of_range
_AWAY = (
    ConnectionError,
    PoolTimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
)


class UnsafeRoleError(Exception):
    """The process would connect as a role that row security does not hold."""


@dataclass(frozen=True, slots=True)
class Binding:
    """Whose data, for whom: the firm, the principal and how far the principal sees."""

    tenant_id: UUID
    principal_id: UUID | None = None
    scope: Literal["firm", "limited"] = "firm"
    role: Role = "app"

    def statement(self) -> str:
        """The settings as one statement; only parsed UUIDs and literals are formatted in."""
        return (
            f"select set_config('app.tenant_id','{UUID(str(self.tenant_id))}',true),"
            f"set_config('app.principal_id','{UUID(str(self.principal_id or _NOBODY))}',true),"
            f"set_config('app.scope','{'firm' if self.scope == 'firm' else 'limited'}',true)"
        )


class _BoundConnection(asyncpg.Connection):  # type: ignore[misc]
    """Appends the binding to the BEGIN that the driver sends."""

    __slots__ = ("binding",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.binding: Binding | None = None

    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> str:  # noqa: ASYNC109
        if self.binding is not None and not args and query.startswith("BEGIN"):
            query = query.rstrip(";") + ";" + self.binding.statement()
        result: str = await super().execute(query, *args, timeout=timeout)
        return result


class Reader:
    """One connection inside one transaction. Concurrent callers are served one after the other.

    ``until``: set where callers that know nothing of each other share it. A caller that is cancelled then
    leaves its statement to end (one that is broken off would cost the others their connection), but not
    beyond this time of the event loop's clock.
    """

    def __init__(
        self,
        connection: AsyncConnection,
        binding: Binding | None,
        facts: Mapping[str, Any] | None = None,
        until: float | None = None,
    ) -> None:
        self._connection = connection
        self._until = until
        self._is_closed = False
        self._lock = asyncio.Lock()
        self._binding = binding
        self.statement_count = 0
        self.facts: dict[str, Any] = dict(facts or {})
        """The process's facts (``keyring``) and the rooms' memory of this one transaction."""

    @property
    def binding(self) -> Binding:
        if self._binding is None:
            raise RuntimeError("this transaction is bound to no firm")
        return self._binding

    @property
    def tenant_id(self) -> UUID:
        return self.binding.tenant_id

    async def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        async with self._lock:
            if self._is_closed:
                raise RuntimeError("this transaction has ended")
            self.statement_count += 1
            with _tracer.start_as_current_span("db.statement"):
                if self._until is None:
                    return await self._connection.execute(statement, parameters)
                sent = asyncio.ensure_future(self._connection.execute(statement, parameters))
                try:
                    return await asyncio.shield(sent)
                except asyncio.CancelledError:
                    await _ended(sent, self._until)
                    raise

    async def close(self) -> None:
        """Nothing is asked any more; what somebody who was cancelled had begun to ask has ended."""
        self._is_closed = True
        if self._until is not None:
            async with self._lock:
                pass

    async def rows(
        self, statement: Executable, parameters: Mapping[str, Any] | None = None
    ) -> Sequence[Row[Any]]:
        return (await self.execute(statement, parameters)).all()

    async def one_or_none(
        self, statement: Executable, parameters: Mapping[str, Any] | None = None
    ) -> Row[Any] | None:
        return (await self.execute(statement, parameters)).one_or_none()

    async def scalar(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> Any:
        return (await self.execute(statement, parameters)).scalar()

    async def driver(self) -> asyncpg.Connection:
        """The driver's connection, inside this transaction: for COPY only."""
        raw = await self._connection.get_raw_connection()
        return raw.driver_connection


async def _ended(sent: asyncio.Future[Any], until: float) -> None:
    """Waits for what nobody waits for any more; breaks it off at ``until`` or when cancelled again."""
    try:
        await asyncio.wait({sent}, timeout=max(0.0, until - asyncio.get_running_loop().time()))
    finally:
        if sent.cancel():
            await asyncio.wait({sent})
        elif not sent.cancelled():
            sent.exception()  # nobody is left to hear of it


class UnitOfWork(Reader):
    """One write transaction: the change, its audit row and its outbox rows together or not at all.

    Services receive it and never commit; ``Database.unit_of_work`` does.
    """

    def __init__(
        self,
        connection: AsyncConnection,
        binding: Binding | None,
        actor: Actor,
        request: RequestInfo,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(connection, binding, facts)
        self.actor = actor
        self.request = request

    @contextlib.asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Rolled back alone when the block raises; what the block remembered in ``facts`` goes too."""
        before = dict(self.facts)
        try:
            async with self._connection.begin_nested():
                yield
        except BaseException:
            self.facts.clear()
            self.facts.update(before)
            raise


class Database:
    """The engines of one process. ``urls``: one per role it may use.

    ``facts`` are handed to every transaction: ``{"keyring": Keyring}`` wherever personal values are
    written or shown.
    """

    def __init__(
        self,
        urls: Mapping[Role, str],
        *,
        pool_size: int = 8,
        statement_timeout_ms: int = 15_000,
        lock_timeout_ms: int = 5_000,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        self.facts: dict[str, Any] = dict(facts or {})
        self._engines: dict[Role, AsyncEngine] = {}
        for role, url in urls.items():
            engine = create_async_engine(
                url,
                pool_size=pool_size,
                max_overflow=0,
                pool_timeout=10,
                pool_pre_ping=False,
                hide_parameters=True,  # an error is logged whole: what people typed must not be in it
                json_serializer=kit_json.dumps,
                json_deserializer=kit_json.loads,
                connect_args={
                    "connection_class": _BoundConnection,
                    "server_settings": {
                        "application_name": f"wealthnexus-{role}",
                        "timezone": "UTC",
                        "statement_timeout": str(statement_timeout_ms),
                        "lock_timeout": str(lock_timeout_ms),
                        "idle_in_transaction_session_timeout": "60000",
                    },
                },
            )
            event.listen(engine.sync_engine, "checkout", _refuse_closed)
            event.listen(engine.sync_engine, "checkin", _forget_binding)
            self._engines[role] = engine

    def engine(self, role: Role) -> AsyncEngine:
        try:
            return self._engines[role]
        except KeyError:
            raise RuntimeError(f"this process has no connection for the role {role!r}") from None

    async def close(self) -> None:
        for engine in self._engines.values():
            await engine.dispose()

    async def refuse_unsafe_roles(self) -> None:
        """Raises UnsafeRoleError when a role is superuser, bypasses row security or owns a table."""
        query = (
            "select current_user, rolsuper, rolbypassrls,"
            " exists (select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            "   where c.relowner = r.oid and n.nspname = 'public') as owns"
            " from pg_roles r where rolname = current_user"
        )
        for role, engine in self._engines.items():
            async with engine.connect() as connection:
                row: Row[Any] = (await connection.exec_driver_sql(query)).one()
                name, is_super, bypasses, owns = tuple(row)
            faults = [
                text
                for text, present in (
                    ("is a superuser", is_super),
                    ("bypasses row security", bypasses),
                    ("owns tables", owns),
                )
                if present
            ]
            if faults:
                raise UnsafeRoleError(
                    f"the {role} connection logs in as {name!r}, which {' and '.join(faults)};"
                    " expected a plain role. Nothing was started."
                )

    @contextlib.asynccontextmanager
    async def reading(
        self, binding: Binding | None, *, role: Role = "app", until: float | None = None
    ) -> AsyncIterator[Reader]:
        """One read-only REPEATABLE READ transaction: an answer never mixes two states of the books.

        ``until``: see ``Reader``.
        """
        engine = self.engine(binding.role if binding else role)
        async with engine.connect() as plain:
            connection = await plain.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            await _bind(connection, binding)
            async with connection.begin():
                reader = Reader(connection, binding, self.facts, until)
                try:
                    yield reader
                finally:
                    await reader.close()

    @contextlib.asynccontextmanager
    async def unit_of_work(
        self,
        binding: Binding | None,
        *,
        actor: Actor = SYSTEM,
        request: RequestInfo | None = None,
        role: Role = "app",
    ) -> AsyncIterator[UnitOfWork]:
        """One write transaction (READ COMMITTED); commits on a clean exit, else rolls back whole.

        ValidationFailed when a figure that follows from what was given is beyond what NUMERIC columns keep.
        """
        engine = self.engine(binding.role if binding else role)
        async with engine.connect() as connection:
            await _bind(connection, binding)
            try:
                async with connection.begin():
                    yield UnitOfWork(
                        connection, binding, actor, request or internal_request("internal"), self.facts
                    )
            except DBAPIError as error:
                # Each value was fit for its column; what they make together is not: theirs to put right.
                if getattr(error.orig, "sqlstate", None) == _OUT_OF_RANGE:
                    raise ValidationFailed(texts.BEYOND_NUMBERS()) from error
                raise

    async def transact(
        self,
        binding: Binding | None,
        work: Callable[[UnitOfWork], Awaitable[T]],
        *,
        actor: Actor = SYSTEM,
        request: RequestInfo | None = None,
        role: Role = "app",
        attempts_max: int = 3,
    ) -> T:
        """``work`` in a unit of work, again from the start after a deadlock or serialisation failure."""
        for attempt in range(1, attempts_max + 1):
            try:
                async with self.unit_of_work(binding, actor=actor, request=request, role=role) as uow:
                    return await work(uow)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in _RETRIABLE or attempt == attempts_max:
                    raise
                await asyncio.sleep(0.02 * attempt)
        raise AssertionError("unreachable: the last attempt returns or raises")


def is_unavailable(error: BaseException | None) -> bool:
    """Whether the error says that the database cannot be reached now, or was lost on the way: the same
    request may succeed in a moment. A change whose commit was under way may have been made."""
    for _ in range(8):  # the wrapping layers, each naming the one below
        if error is None:
            return False
        if isinstance(error, _AWAY):
            return True
        if isinstance(error, FileNotFoundError) and error.filename is None:
            return True  # the socket of a server that is gone
        if isinstance(error, asyncpg.InterfaceError) and "clos" in str(error):
            return True
        if isinstance(error, DBAPIError):
            if error.connection_invalidated:
                return True
            error = error.orig or error.__cause__
        else:
            error = error.__cause__
    return False


async def _bind(connection: AsyncConnection, binding: Binding | None) -> None:
    raw = await connection.get_raw_connection()
    driver = raw.driver_connection
    if not isinstance(driver, _BoundConnection):
        raise TypeError(f"expected the binding connection class, got {type(driver).__name__}")
    driver.binding = binding


def _refuse_closed(dbapi_connection: Any, _record: Any, _proxy: Any) -> None:
    """What the server has closed meanwhile (it was restarted) is replaced, without a round trip to ask."""
    driver = getattr(dbapi_connection, "driver_connection", None)
    if isinstance(driver, _BoundConnection) and driver.is_closed():
        raise DisconnectionError("the server has closed this connection")


def _forget_binding(dbapi_connection: Any, _record: Any) -> None:
    driver = getattr(dbapi_connection, "driver_connection", None)
    if isinstance(driver, _BoundConnection):
        driver.binding = None


__all__ = [
    "ROLES",
    "Binding",
    "Database",
    "Reader",
    "UnitOfWork",
    "UnsafeRoleError",
    "is_unavailable",
]
