"""A posting or correction on a day the custodian has spoken of: both sides are compared anew."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.jobs import enqueue_upkeep
from wealthnexus.kit.text import message

_TITLE: Final = message("ledger.compare_title", "Compare the changed books with the custodian")
_IS_COMPARED: Final = """
select exists (select 1 from reconciliations r
  where r.tenant_id = :tenant and r.account_id = :account_id and r.day >= :day)
"""


_IS_SPOKEN_OF: Final = """
select exists (select 1 from custodian_positions e
  where e.tenant_id = :tenant and e.security_id = :security_id and e.day >= :day)
"""


async def compare_anew(uow: UnitOfWork, account_id: UUID, day: date, version: int) -> None:
    """Asks for the comparison after the commit; nothing where no compared day is from ``day`` on."""
    given = {"tenant": uow.tenant_id, "account_id": account_id, "day": day}
    if await uow.scalar(prepared(_IS_COMPARED), given):
        await compare_since(uow, version)


async def compare_since(uow: UnitOfWork, version: int) -> None:
    """One waiting comparison for the firm: it takes up everything from the first version that asked."""
    await enqueue_upkeep(
        uow,
        "feeds.reconcile",
        title=_TITLE(),
        params={"bookVersion": version},
        dedupe_key="changed-books",
    )


async def compare_holders(uow: UnitOfWork, security_id: UUID, day: date, version: int) -> None:
    """The same for a price that was given or taken back: where the custodian speaks of the security."""
    given = {"tenant": uow.tenant_id, "security_id": security_id, "day": day}
    if await uow.scalar(prepared(_IS_SPOKEN_OF), given):
        await compare_since(uow, version)
