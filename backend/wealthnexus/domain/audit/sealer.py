"""The sealer: links committed audit rows into the firm's chain, one sealer per firm at a time."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select, text

from wealthnexus.domain.audit import repository
from wealthnexus.domain.audit.rules import chain_hash, genesis_hash
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import UnitOfWork

BATCH: Final = 2_000


async def seal_firm(uow: UnitOfWork, *, batch: int = BATCH) -> int:
    """Link up to ``batch`` rows of the bound firm (role ``system``); returns how many.

    Another sealer of the same firm at work: 0. Rows are linked in the order (occurred_at, id) among
    those committed by now; a row that commits later comes later, whatever its instant.
    """
    if not await uow.scalar(
        select(text("pg_try_advisory_xact_lock(hashtextextended('audit.seal:' || :tenant, 0))")),
        {"tenant": str(uow.tenant_id)},
    ):
        return 0
    events = await repository.pending_events(uow, batch)
    if not events:
        return 0
    head = await repository.chain_head(uow)
    previous, seq = (head.chain_hash, head.seq) if head else (genesis_hash(uow.tenant_id), 0)
    sealed_at = clock.now()
    links = []
    for event in events:
        seq += 1
        linked = chain_hash(previous, seq, event.id, event.content_hash)
        links.append(
            {
                "seq": seq,
                "audit_id": event.id,
                "occurred_on": event.occurred_on,
                "content_hash": event.content_hash,
                "previous_hash": previous,
                "chain_hash": linked,
                "sealed_at": sealed_at,
            }
        )
        previous = linked
    await repository.insert_links(uow, links)
    return len(links)
