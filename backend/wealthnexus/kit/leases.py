"""Leases: at most one process acts, and one that was thought dead cannot act late.

A lease is a row with a holder, an end and a fencing token that goes up whenever the holder changes.
``confirm`` inside a unit of work proves, under the row's lock, that the lease still stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import case, select, update
from sqlalchemy.dialects.postgresql import insert

from wealthnexus.kit import clock
from wealthnexus.kit.db.platform_tables import leases
from wealthnexus.kit.db.session import Database, UnitOfWork


class LeaseLost(Exception):
    """Another holder has the lease now; nothing of this unit of work stays."""


@dataclass(frozen=True, slots=True)
class Lease:
    """``token`` goes up with every change of holder."""

    name: str
    holder: str
    token: int


async def acquire(database: Database, name: str, holder: str, term: timedelta) -> Lease | None:
    """Take or prolong the lease ``name`` for ``term``; None while somebody else has it."""
    instant = clock.now()
    statement = insert(leases).values(name=name, holder=holder, fencing_token=1, expires_at=instant + term)
    statement = statement.on_conflict_do_update(
        index_elements=["name"],
        set_={
            "holder": holder,
            "expires_at": instant + term,
            "fencing_token": case(
                (leases.c.holder == holder, leases.c.fencing_token), else_=leases.c.fencing_token + 1
            ),
        },
        where=(leases.c.holder == holder) | (leases.c.expires_at <= instant),
    )
    async with database.unit_of_work(None, role="system") as uow:
        token: int | None = await uow.scalar(statement.returning(leases.c.fencing_token))
    return Lease(name, holder, token) if token is not None else None


async def confirm(uow: UnitOfWork, lease: Lease) -> None:
    """LeaseLost unless ``lease`` still stands; it cannot change hands before this unit of work ends."""
    token = await uow.scalar(
        select(leases.c.fencing_token)
        .where(
            leases.c.name == lease.name,
            leases.c.fencing_token == lease.token,
            leases.c.expires_at > clock.now(),
        )
        .with_for_update(read=True)
    )
    if token is None:
        raise LeaseLost(f"{lease.holder} no longer holds the lease {lease.name!r} (token {lease.token})")


async def release(database: Database, lease: Lease) -> None:
    """Let another holder act at once. The row stays: its token must never go down."""
    async with database.unit_of_work(None, role="system") as uow:
        await uow.execute(
            update(leases)
            .where(leases.c.name == lease.name, leases.c.fencing_token == lease.token)
            .values(expires_at=clock.now())
        )
