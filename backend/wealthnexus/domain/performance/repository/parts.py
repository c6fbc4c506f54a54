"""What each part of a scope (security, class, sector, currency) was worth, with accrued interest, and gained.

Each part of each account counts with the share of the account that takes part in the day's result
(``PartShare``), so that the parts of a household and of a client by ownership share sum as the whole does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger.daily import daily_values, joined_by_hash, parameters
from wealthnexus.domain.ledger.statements import prepared, used
from wealthnexus.domain.ledger.valuation import ASKED_BY_IDS
from wealthnexus.domain.ledger.view import OF_SLEEVE
from wealthnexus.kit.db.session import Reader


class PartKind(StrEnum):
    """Into which parts a scope is divided; accounts are divided from their own values."""

    SECURITY = "SECURITY"
    ASSET_CLASS = "ASSET_CLASS"
    SECTOR = "SECTOR"
    CURRENCY = "CURRENCY"


@dataclass(frozen=True, slots=True)
class PartShare:
    """From one listed day to another (counted from 1, both included) ``share`` of the account counts."""

    account_id: UUID
    first: int
    last: int
    share: Decimal


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part on a listed day, in the scope's currency, not rounded. ``paid``: cash of its entries, as signed
    (a purchase is negative)."""

    key: str
    day: date
    opening: Decimal
    closing: Decimal
    paid: Decimal


_KEYS: Final = {
    PartKind.SECURITY: "s.id::text",
    PartKind.ASSET_CLASS: "s.asset_class",
    PartKind.SECTOR: "coalesce(s.sub_asset_class, s.asset_class)",
    PartKind.CURRENCY: "s.currency",
}
_PARTS: Final = """
with {daily},
shares as (
  select * from unnest(:account_ids, :first_places, :last_places, :numbers) x(account_id, n, last_n, share)
),
entries as (
  select t.account_id, t.security_id, width_bucket(t.trade_date - 1, :days) + 1 as n, sum(t.amount) as amount
  from transactions t
  where t.tenant_id = :tenant and t.trade_date <= :as_of and t.book_version <= :version
    and t.account_id = any(array(select k.account_id from asked k)) and t.security_id is not null
    and t.type <> 'ADVISORY_FEE' {sleeve}
  group by 1, 2, 3
),
changes as (
  select p.account_id, p.security_id, p.n, p.n as rate_n, 0 as opening,
    p.value + coalesce(p.accrued, 0) as closing, 0 as paid
  from positions p
  union all
  select p.account_id, p.security_id, p.n + 1, p.n, p.value + coalesce(p.accrued, 0), 0, 0 from positions p
  union all
  select e.account_id, e.security_id, e.n, e.n, 0, 0, e.amount from entries e
)
select {key} as key, c.n, sum(h.share * coalesce(c.opening, 0) * coalesce(r.rate, 1)) as opening,
  sum(h.share * coalesce(c.closing, 0) * coalesce(r.rate, 1)) as closing,
  sum(h.share * c.paid * coalesce(r.rate, 1)) as paid
from changes c
join shares h on h.account_id = c.account_id and c.n between h.n and h.last_n
join asked k on k.account_id = c.account_id
join securities s on s.tenant_id = :tenant and s.id = c.security_id
left join rates r on r.base = k.currency and r.quote = :scope_currency and r.n = c.rate_n
where c.n between :place_from and :place_to
group by 1, 2
"""


async def parts_of(
    reader: Reader,
    view: BookView,
    shares: Sequence[PartShare],
    days: Sequence[date],
    *,
    span: tuple[int, int],
    currency: str,
    kind: PartKind,
) -> list[PartRow]:
    """The parts on the listed days of ``span`` (counted from 1, both included); cash is not among them."""
    sql = view.narrowed(_PARTS.format(daily=daily_values(ASKED_BY_IDS), key=_KEYS[kind], sleeve=OF_SLEEVE))
    given = {
        "tenant": reader.tenant_id,
        **parameters(view, days, currency),
        "account_ids": [each.account_id for each in shares],
        "first_places": [each.first for each in shares],
        "last_places": [each.last for each in shares],
        "numbers": [each.share for each in shares],
        "place_from": span[0],
        "place_to": span[1],
    }
    async with joined_by_hash(reader):
        rows = await reader.rows(prepared(sql), used(sql, given))
    return [
        PartRow(key, days[n - 1], opening, closing, paid)
        for key, n, opening, closing, paid in map(tuple, rows)
    ]


_LABELS: Final = """
select s.id, s.name, s.asset_class, coalesce(s.sub_asset_class, s.asset_class) as sector, s.currency
from securities s where s.tenant_id = :tenant and s.id = any(:security_ids)
"""


@dataclass(frozen=True, slots=True)
class SecurityFacts:
    """By what a security is grouped."""

    name: str
    asset_class: str
    sector: str
    currency: str

    def key(self, kind: PartKind, security_id: UUID) -> str:
        return {
            PartKind.SECURITY: str(security_id),
            PartKind.ASSET_CLASS: self.asset_class,
            PartKind.SECTOR: self.sector,
            PartKind.CURRENCY: self.currency,
        }[kind]


async def facts_of(reader: Reader, security_ids: Sequence[UUID]) -> dict[UUID, SecurityFacts]:
    """Names and groups of securities."""
    if not security_ids:
        return {}
    rows = await reader.rows(
        prepared(_LABELS), {"tenant": reader.tenant_id, "security_ids": list(security_ids)}
    )
    return {row.id: SecurityFacts(row.name, row.asset_class, row.sector, row.currency) for row in rows}
