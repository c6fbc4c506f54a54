"""Asks for a look at tax lots after the commit that may have changed them."""

from __future__ import annotations

from typing import Final

from wealthnexus.domain.ledger import texts
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.jobs import enqueue_upkeep

JUDGE_LOTS_KIND: Final = "ledger.judge_lots"


async def look_at_lots(uow: UnitOfWork) -> None:
    """One waiting look at the whole firm, whoever asks."""
    await enqueue_upkeep(uow, JUDGE_LOTS_KIND, title=texts.LOTS_JOB(), params={}, dedupe_key="lots")
