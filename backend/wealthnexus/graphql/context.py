"""What one operation knows: who asks, of which firm, and the one state of the books it reads."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar

import strawberry
from sqlalchemy.exc import DBAPIError

from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.identity.caller import Caller
from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql import limits, texts
from wealthnexus.graphql.errors import Unauthenticated
from wealthnexus.kit.context import RequestInfo
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import PermissionDenied
from wealthnexus.kit.paging import FIRST_MAX, FIRST_MAX_BULK, PageRequest, page_request
from wealthnexus.kit.telemetry import logger

if TYPE_CHECKING:
    from wealthnexus.graphql.acts import Acts
    from wealthnexus.graphql.live import Live
    from wealthnexus.graphql.loaders import Loaders
    from wealthnexus.graphql.types.enums import Capability
    from wealthnexus.runtime import Platform

T = TypeVar("T")
_log = logger("graphql.context")
_ROW_SECURITY: Final = "violates row-level security policy"


class _Ended(Exception):
    """Nothing went wrong: the answer is complete."""


@dataclass(slots=True, eq=False)
class RequestContext:
    """One per operation. Its reader opens on first use and is the only one for the whole answer;
    a mutation field that commits ends it, so that what follows reads what was just written."""

    platform: Platform
    firm: FirmInfo | None
    request: RequestInfo
    signed_in: Caller | None = None
    is_bulk: bool = False
    connection_params: dict[str, Any] | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    statement_count: int = 0
    until: float | None = None
    """When the operation is broken off, on the event loop's clock; set as it begins."""
    _loaders: Loaders | None = None
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)
    _exit: contextlib.AsyncExitStack = field(default_factory=contextlib.AsyncExitStack)

    @property
    def caller(self) -> Caller:
        """Who asks; Unauthenticated when nobody is signed in."""
        if self.signed_in is None:
            raise Unauthenticated
        return self.signed_in

    def fork(self) -> RequestContext:
        """The same caller, another operation: operations of one socket share nothing else."""
        return RequestContext(self.platform, self.firm, self.request, self.signed_in)

    async def loaders(self) -> Loaders:
        """The batch functions over this operation's one transaction."""
        if self._loaders is None:
            async with self._opening:
                if self._loaders is None:
                    self._loaders = await self._open()
        return self._loaders

    async def _open(self) -> Loaders:
        from wealthnexus.graphql.loaders import Loaders

        # A field that fails cancels those beside it; the fields elsewhere go on with the same transaction.
        until = self.until or asyncio.get_running_loop().time() + limits.OPERATION_SECONDS_MAX
        reading = self.platform.db.reading(self.caller.binding(), until=until)
        reader = await self._exit.enter_async_context(reading)
        return Loaders(self, reader)

    @contextlib.asynccontextmanager
    async def changing(self) -> AsyncIterator[None]:
        """Around one mutation field: what was read before is closed, what follows is read anew."""
        await self.close()
        yield

    async def change(self, work: Callable[[UnitOfWork], Awaitable[T]]) -> T:
        """The one write transaction of a mutation field; again from the start after a deadlock."""
        caller = self.caller

        async def counted(uow: UnitOfWork) -> T:
            try:
                return await work(uow)
            finally:
                self.statement_count += uow.statement_count

        try:
            return await self.platform.db.transact(
                caller.binding(), counted, actor=caller.actor(), request=self.request
            )
        except DBAPIError as error:
            # What somebody limited writes must lie in what they see; the database holds the line.
            if caller.scope == "limited" and _ROW_SECURITY in str(error.orig):
                _log.warning("a write beyond the caller's scope", request_id=self.request.request_id)
                raise PermissionDenied(texts.BEYOND_SCOPE()) from error
            raise

    async def close(self) -> None:
        """Ends the operation's transaction."""
        if self._loaders is not None:
            self.statement_count += self._loaders.reader.statement_count
            self._loaders = None
        stack, self._exit = self._exit, contextlib.AsyncExitStack()
        # Read-only, so it is rolled back: that also works after a statement was cut off by a time-out
        # or by the failure of a field beside it, where a commit is refused.
        try:
            await stack.__aexit__(_Ended, _Ended(), None)
        except _Ended:
            pass
        except Exception as error:
            _log.warning("a read transaction ended badly", reason=str(error)[:200])

    def page(
        self,
        first: int | None,
        after: str | None,
        last: int | None = None,
        before: str | None = None,
    ) -> PageRequest:
        """The page asked for; documents marked bulk may ask for more at once."""
        return page_request(first, after, last, before, limit=FIRST_MAX_BULK if self.is_bulk else FIRST_MAX)

    def capabilities(self, *pairs: tuple[Permission, Capability]) -> list[Capability]:
        """Of what the object allows, what the caller's roles allow as well."""
        permissions = self.caller.permissions
        return [capability for permission, capability in pairs if permission in permissions]

    @property
    def acts(self) -> Acts:
        from wealthnexus.graphql.acts import Acts

        return Acts(self)

    @property
    def live(self) -> Live:
        from wealthnexus.graphql.live import Live

        return Live(self)


Info = strawberry.Info[RequestContext, None]
__all__ = ["Info", "RequestContext"]
