"""Bonds of some accounts whose terms do not tell their interest, and the days on which they were held."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger.accrual import BEARS, LACKS
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.view import OF_SLEEVE
from wealthnexus.domain.performance.rules.flaws import Flaw, FlawKind
from wealthnexus.kit.db.session import Reader

_HELD: Final = f"""
with bonds as materialized (
  select x.account_id, s.id, s.name, s.maturity from account_securities x
  join securities s on s.tenant_id = :tenant and s.id = x.security_id
  where x.tenant_id = :tenant and x.account_id = any(:account_ids)
    and {BEARS.format(s="s")} and {LACKS.format(s="s")}
),
steps as (
  select t.account_id, t.portfolio_id, t.security_id, t.trade_date, sum(t.units) as units
  from transactions t
  where t.tenant_id = :tenant and t.account_id = any(array(select b.account_id from bonds b))
    and t.security_id = any(array(select b.id from bonds b)) and t.trade_date <= :as_of
    and t.book_version <= :version and t.units <> 0 {OF_SLEEVE}
  group by 1, 2, 3, 4
),
runs as (
  select r.account_id, r.portfolio_id, r.security_id, r.trade_date, sum(r.units) over w as units,
    lead(r.trade_date) over w as next_date
  from steps r
  window w as (partition by r.account_id, r.portfolio_id, r.security_id order by r.trade_date)
)
select r.account_id, r.portfolio_id, r.security_id, b.name, min(r.trade_date) as first,
  least(max(coalesce(r.next_date, :as_of)), b.maturity) as last
from runs r
join bonds b on b.account_id = r.account_id and b.id = r.security_id
where r.units <> 0 and (b.maturity is null or r.trade_date < b.maturity)
group by 1, 2, 3, 4, b.maturity
order by 4, 1, 2
"""


async def accruing_of(
    reader: Reader, view: BookView, account_ids: Sequence[UUID], days: Sequence[date]
) -> list[Flaw]:
    """What the accounts held of them: their value is without the interest that accrued until they mature."""
    if not account_ids or not days:
        return []
    given = {
        "tenant": reader.tenant_id,
        "account_ids": list(account_ids),
        "as_of": days[-1],
        "version": view.book_version,
        **view.of_one(),
    }
    return [
        Flaw(
            FlawKind.NO_ACCRUED_INTEREST,
            row.account_id,
            row.portfolio_id,
            row.security_id,
            row.name,
            None,
            max(row.first, days[0]),
            row.last,
        )
        for row in await reader.rows(prepared(view.narrowed(_HELD)), given)
    ]
