"""A posting or correction on a day the custodian has spoken of: both sides are compared anew."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.jobs import enqueue
from wealthnexus.kit.text import message

_TITLE: Final = message("ledger.compare_title", "Compare the changed books with the custodian")
_IS_COMPARED: Final = """
select exists (select 1 from reconciliations r
  where r.tenant_id = :tenant and r.account_id = :account_id and r.day >= :day)
"""


async def compare_anew(uow: UnitOfWork, account_id: UUID, day: date, version: int) -> None:
    """Asks for the comparison after the commit; nothing where no compared day is from ``day`` on."""
    given = {"tenant": uow.tenant_id, "account_id": account_id, "day": day}
    if await uow.scalar(prepared(_IS_COMPARED), given):
        await enqueue(
            uow,
            "feeds.reconcile",
            title=_TITLE(),
            params={"bookVersion": version},
            dedupe_key=f"version-{version}",
        )
