"""The composite of a demo firm: accounts of its books with a long history, beside the firm's benchmark."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select, text

from wealthnexus.domain.performance.models import composites
from wealthnexus.domain.performance.service import (
    ChangeMembers,
    CreateComposite,
    add_members,
    create_composite,
)
from wealthnexus.kit.db.session import UnitOfWork

NAME: Final = "Discretionary accounts in US dollars"
SINCE: Final = date(2017, 1, 1)
MEMBERS_MAX: Final = 8
_DESCRIPTION: Final = "Discretionary accounts in US dollars whose books reach back to 2016 or before."
_REASON: Final = "A composite of the demo books"
# What has no price leaves its account, and with it the composite, without a value.
_LONG_HELD: Final = text("""
select a.id from accounts a
where a.tenant_id = :tenant and a.currency = 'USD'
  and exists (select 1 from transactions t where t.tenant_id = :tenant and t.account_id = a.id
    and t.trade_date < '2016-12-01')
  and not exists (select 1 from account_securities h where h.tenant_id = :tenant and h.account_id = a.id
    and not exists (select 1 from security_prices p where p.tenant_id = :tenant
      and p.security_id = h.security_id))
order by a.external_id, a.id limit :row_limit
""")


async def ensure_composite(uow: UnitOfWork, benchmark: UUID) -> UUID:
    """Makes it with its members; what is there already stays."""
    c = composites.c
    known = await uow.rows(select(c.id).where(c.tenant_id == uow.tenant_id, c.name == NAME))
    if known:
        return UUID(str(known[0].id))
    rows = await uow.rows(_LONG_HELD, {"tenant": uow.tenant_id, "row_limit": MEMBERS_MAX})
    key = await create_composite(
        uow, CreateComposite(NAME, _DESCRIPTION, "USD", _REASON, benchmark_id=benchmark)
    )
    if rows:
        await add_members(uow, ChangeMembers(key, tuple(row.id for row in rows), SINCE, _REASON))
    return key
