"""An account of a demo firm that is run in two parts: a core, and a satellite with shares and cash."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy import text

from wealthnexus.domain.clients.service import SleeveCommand, change_sleeve, open_sleeve
from wealthnexus.domain.ledger.service import SleeveJournal, journal_between_sleeves
from wealthnexus.domain.ledger.view import FirmBooks
from wealthnexus.kit.db.session import UnitOfWork

ACCOUNT: Final = "A-0030-1"
SINCE: Final = date(2020, 11, 2)
CORE: Final = "Core"
SATELLITE: Final = "Satellite"
STRATEGY: Final = "Large growth"
# None of the shares pays a dividend: what the custodian sends of them is of the core.
MOVED: Final = (("FB", Decimal(300)), ("GOOG", Decimal(30)), ("GOOGL", Decimal(30)))
CASH: Final = Decimal("5000.00")

_FOUND: Final = text("""
select a.id, p.id as core_id, p.version from accounts a
join portfolios p on p.tenant_id = :tenant and p.account_id = a.id and p.is_default
where a.tenant_id = :tenant and a.external_id = :account
  and not exists (select 1 from portfolios o where o.tenant_id = :tenant and o.account_id = a.id
    and not o.is_default)
""")
_SECURITIES: Final = text("""
select s.security_key, s.id from securities s where s.tenant_id = :tenant and s.security_key = any(:keys)
""")


async def ensure_sleeves(uow: UnitOfWork, firm: FirmBooks) -> None:
    """Makes them of the account, where the firm has it and it is run as one."""
    row = await uow.one_or_none(_FOUND, {"tenant": uow.tenant_id, "account": ACCOUNT})
    if row is None:
        return
    await change_sleeve(uow, firm, row.core_id, {"name": CORE}, expected_version=row.version)
    command = SleeveCommand(row.id, SATELLITE, STRATEGY, SINCE)
    made = await open_sleeve(uow, firm, command)
    given = {"tenant": uow.tenant_id, "keys": [key for key, _ in MOVED]}
    securities = {each.security_key: each.id for each in await uow.rows(_SECURITIES, given)}
    for key, units in MOVED:
        moved = SleeveJournal(
            row.id, row.core_id, made.id, SINCE, security_id=securities[key], quantity=units
        )
        await journal_between_sleeves(uow, firm, moved)
    await journal_between_sleeves(uow, firm, SleeveJournal(row.id, row.core_id, made.id, SINCE, CASH))
