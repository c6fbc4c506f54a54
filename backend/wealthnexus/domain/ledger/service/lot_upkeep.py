"""Asks for a look at tax lots and corporate actions after the commit that may have changed them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from wealthnexus.domain.ledger import texts
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.jobs import enqueue_upkeep

JUDGE_LOTS_KIND: Final = "ledger.judge_lots"
LOOK_AT_ACTIONS_KIND: Final = "actions.look"
ACCOUNTS_MAX: Final = 5
"""Beyond, the whole firm is looked at."""


async def look_at_lots(uow: UnitOfWork, account_ids: Collection[UUID] = ()) -> None:
    """One waiting look at the whole firm, whoever asks; of a few accounts, one at what goes with each."""
    if not 0 < len(account_ids) <= ACCOUNTS_MAX:
        await enqueue_upkeep(uow, JUDGE_LOTS_KIND, title=texts.LOTS_JOB(), params={}, dedupe_key="lots")
        return
    for account_id in sorted(account_ids):
        await enqueue_upkeep(
            uow,
            JUDGE_LOTS_KIND,
            title=texts.LOTS_JOB(),
            params={"accountId": str(account_id)},
            dedupe_key=f"lots:{account_id}",
        )


async def look_at_actions(uow: UnitOfWork) -> None:
    """One waiting look at the desk of corporate actions: what is due and what contradicts."""
    await enqueue_upkeep(
        uow, LOOK_AT_ACTIONS_KIND, title=texts.ACTIONS_JOB(), params={}, dedupe_key="after-a-change"
    )


async def look_at_both(uow: UnitOfWork, account_ids: Collection[UUID] = ()) -> None:
    """After entries of these accounts were written; of none: of any account."""
    await look_at_lots(uow, account_ids)
    await look_at_actions(uow)
