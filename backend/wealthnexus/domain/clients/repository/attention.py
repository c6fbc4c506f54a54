"""What about a household asks for attention: each a condition on its own, so that they combine.

A condition is either on households (``PLAIN``, on ``h``, known before any figure) or on their figures
(``FIGURES``, on ``f``). Days count from the day of the view; parameters tenant, version, as_of.
"""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Final

from wealthnexus.domain.clients.repository.force import in_force_sql
from wealthnexus.domain.clients.rules.ownership import OWNING_ROLES

KYC_AHEAD_DAYS: Final = 30
COMING_OF_AGE_AHEAD_DAYS: Final = 90
NO_CONTACT_DAYS: Final = 365
HIGH_CASH_SHARE: Final = Decimal("0.10")


class Attention(StrEnum):
    """In the order in which they are shown."""

    OPEN_ITEMS = "OPEN_ITEMS"
    OPEN_BREAKS = "OPEN_BREAKS"
    UNPRICED = "UNPRICED"
    STALE = "STALE"
    KYC_OVERDUE = "KYC_OVERDUE"
    KYC_DUE = "KYC_DUE"
    NO_OWNER = "NO_OWNER"
    HIGH_CASH = "HIGH_CASH"
    NO_CONTACT = "NO_CONTACT"
    COMING_OF_AGE = "COMING_OF_AGE"
    JOINED = "JOINED"
    LEFT = "LEFT"


class Standing(StrEnum):
    """CURRENT: looked after on the day; LEFT: no longer."""

    CURRENT = "CURRENT"
    LEFT = "LEFT"


_HELD: Final = f"household_accounts ha on {in_force_sql('ha')}"
_QUARTER: Final = "cast(date_trunc('quarter', cast(:as_of as timestamp)) as date)"
_OWNING: Final = ", ".join(f"'{role}'" for role in sorted(OWNING_ROLES))
_OPEN_ACCOUNT: Final = "(a.closed_on is null or a.closed_on > :as_of)"
_DUE: Final = """h.id in (
  select hm.household_id from parties p
  join household_members hm on {members} and hm.party_id = p.id
  where p.tenant_id = :tenant and p.status in ('active', 'prospect') and {due})"""
_MEMBERS: Final = in_force_sql("hm")
_RECENT_NOTES: Final = f"""
  from notes n {{join}}
  where n.tenant_id = :tenant and n.removed_at is null
    and n.created_at >= cast(:as_of as date) - {NO_CONTACT_DAYS}"""

OPEN_ITEMS: Final = f"""h.id in (
  select coalesce(ha.household_id, w.subject_id) from work_items w
  left join {_HELD} and ha.account_id = w.subject_id
  where w.tenant_id = :tenant and w.state in ('OPEN', 'IN_PROGRESS') and w.subject_id is not null)"""

PLAIN: Final[dict[Attention, str]] = {
    Attention.OPEN_ITEMS: OPEN_ITEMS,
    Attention.OPEN_BREAKS: f"""h.id in (
  select ha.household_id from reconciliation_breaks k
  join {_HELD} and ha.account_id = k.account_id
  where k.tenant_id = :tenant and k.state = 'OPEN')""",
    Attention.KYC_OVERDUE: _DUE.format(members=_MEMBERS, due="p.kyc_refresh_due < :as_of"),
    Attention.KYC_DUE: _DUE.format(
        members=_MEMBERS,
        due=f"p.kyc_refresh_due >= :as_of and p.kyc_refresh_due <= cast(:as_of as date) + {KYC_AHEAD_DAYS}",
    ),
    Attention.NO_OWNER: f"""h.id in (
  select ha.household_id from accounts a
  join {_HELD} and ha.account_id = a.id
  where a.tenant_id = :tenant and {_OPEN_ACCOUNT} and not exists (
    select 1 from account_owners o
    where {in_force_sql("o")} and o.account_id = a.id and o.role in ({_OWNING})))""",
    Attention.NO_CONTACT: f"""h.id not in (
  select n.subject_id {_RECENT_NOTES.format(join="")}
  union all
  select ha.household_id {_RECENT_NOTES.format(join=f"join {_HELD} and ha.account_id = n.subject_id")}
  union all
  select hm.household_id
  {_RECENT_NOTES.format(join=f"join household_members hm on {_MEMBERS} and hm.party_id = n.subject_id")})""",
    Attention.COMING_OF_AGE: f"""h.id in (
  select ha.household_id from accounts a
  join {_HELD} and ha.account_id = a.id
  where a.tenant_id = :tenant and {_OPEN_ACCOUNT}
    and a.custodianship_ends_on <= cast(:as_of as date) + {COMING_OF_AGE_AHEAD_DAYS})""",
    Attention.JOINED: f"""h.id in (
  select ha.household_id from accounts a
  join {_HELD} and ha.account_id = a.id
  where a.tenant_id = :tenant and a.opened_on >= {_QUARTER} and a.opened_on <= :as_of
    and not exists (
      select 1 from household_accounts e
      join accounts b on b.tenant_id = :tenant and b.id = e.account_id and b.opened_on < {_QUARTER}
      where {in_force_sql("e")} and e.household_id = ha.household_id))""",
    Attention.LEFT: f"h.left_on >= {_QUARTER} and h.left_on <= :as_of",
}
FIGURES: Final[dict[Attention, str]] = {
    Attention.UNPRICED: "(f.unpriced_count > 0 or f.missing_accounts > 0)",
    Attention.STALE: "f.stale_count > 0",
    Attention.HIGH_CASH: "(f.value > 0 and f.cash > f.value * :min_share)",
}
STANDING: Final[dict[Standing, str]] = {
    Standing.CURRENT: "(h.left_on is null or h.left_on > :as_of)",
    Standing.LEFT: "h.left_on <= :as_of",
}

OF_BOOK: Final = f"""h.id in (
  with recursive below as (
    select b.id from books b where b.tenant_id = :tenant and b.id = :book_id
    union
    select b.id from books b join below on b.tenant_id = :tenant and b.parent_id = below.id)
  select ha.household_id from below
  join account_assignments s on {in_force_sql("s")} and s.book_id = below.id
  join {_HELD} and ha.account_id = s.account_id)"""
"""Households of which the book ``:book_id``, or one below it, has an account."""
