"""A refused attempt is a fact that must be kept: decided inside the transaction, raised after it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.identity.service.ground import Ground
from wealthnexus.kit.context import SYSTEM, Actor, RequestInfo
from wealthnexus.kit.db.session import Binding, UnitOfWork
from wealthnexus.kit.errors import DomainError

T = TypeVar("T")


async def settle(
    ground: Ground,
    firm: FirmInfo,
    work: Callable[[UnitOfWork], Awaitable[T | DomainError]],
    *,
    request: RequestInfo,
    actor: Actor = SYSTEM,
) -> T:
    """Runs ``work`` in the firm's own transaction and commits; an error it *returned* is raised then.

    An error it raised rolls everything back, as anywhere else.
    """
    outcome = await ground.db.transact(Binding(firm.id), work, actor=actor, request=request)
    if isinstance(outcome, DomainError):
        raise outcome
    return outcome
