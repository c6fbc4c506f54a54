"""Which accounts must be played together with those asked for: one taxpayer's, relatives', and what moved
in kind between accounts.

Candidates are everything that is reached over households, owners, marriages, parents, grantors, shares and
named transfers, in one statement and under the caller's own row security; of these ``accounts_of_one_book``
makes the sets. What is reached from one account of a set is the same as from any other, so a figure does not
depend on what was asked for.
"""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain.ledger import texts
from wealthnexus.domain.ledger.lots.policy import LotPolicy
from wealthnexus.domain.ledger.lots.taxpayers import (
    AccountOwner,
    TaxpayerGroups,
    Tie,
    accounts_of_one_book,
    taxpayer_groups,
)
from wealthnexus.domain.ledger.repository.transactions import EFFECTIVE
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.errors import LimitExceeded

ACCOUNTS_MAX: Final = 1_000
REACHED_MAX: Final = 10 * ACCOUNTS_MAX
"""Accounts, households and parties: what is reached beyond would depend on the order of the search."""
_OWNING: Final = ("owner", "joint_survivorship", "joint_common", "minor", "grantor")
"""Roles over which other accounts are reached. A trustee or custodian may serve strangers."""
_FOLLOWED: Final = ("spouse", "parent", "grantor")
_TIES: Final = {
    "spouse": "SPOUSE",
    "parent": "RELATED",
    "guardian": "RELATED",
    "trustee": "RELATED",
    "grantor": "GRANTOR",
}
_REVOCABLE: Final = "REVOCABLE_TRUST"


def known(alias: str) -> str:
    """What a dated row must be to be known at the version, on whatever day it was in force."""
    return (
        f"{alias}.tenant_id = :tenant and {alias}.book_version <= :version"
        f" and ({alias}.superseded_version is null or {alias}.superseded_version > :version)"
    )


_IN_KIND: Final = "('TRANSFER_IN', 'TRANSFER_OUT', 'JOURNAL')"

_REACHED: Final = f"""
with recursive reached(kind, id) as (
  select 'A', x from unnest(:account_ids) x
  union
  select n.kind, n.id from reached r cross join lateral (
    select 'H' as kind, x.household_id as id from household_accounts x
    where r.kind = 'A' and x.account_id = r.id and {known("x")}
    union all
    select 'A', x.account_id from household_accounts x
    where r.kind = 'H' and x.household_id = r.id and {known("x")}
    union all
    select 'P', x.party_id from account_owners x
    where r.kind = 'A' and x.account_id = r.id and x.role = any(:kinds) and {known("x")}
    union all
    select 'A', x.account_id from account_owners x
    where r.kind = 'P' and x.party_id = r.id and x.role = any(:kinds) and {known("x")}
    union all
    select 'P', x.related_id from party_relationships x
    where r.kind = 'P' and x.party_id = r.id and x.kind = any(:words) and {known("x")}
    union all
    select 'P', x.party_id from party_relationships x
    where r.kind = 'P' and x.related_id = r.id and x.kind = any(:words) and {known("x")}
    union all
    select 'P', x.owned_id from party_ownerships x
    where r.kind = 'P' and x.owner_id = r.id and {known("x")}
    union all
    select 'P', x.owner_id from party_ownerships x
    where r.kind = 'P' and x.owned_id = r.id and {known("x")}
    union all
    select 'A', o.account_id from transactions x
    join transactions o on o.tenant_id = :tenant and o.source = x.source
      and o.source_id = x.related_source_id and o.type in {_IN_KIND} and o.book_version <= :version
    where r.kind = 'A' and x.tenant_id = :tenant and x.account_id = r.id and x.type in {_IN_KIND}
      and x.related_source_id is not null and x.book_version <= :version
    union all
    select 'A', o.account_id from transactions x
    join transactions o on o.tenant_id = :tenant and o.source = x.source
      and o.related_source_id = x.source_id and o.type in {_IN_KIND} and o.book_version <= :version
    where r.kind = 'A' and x.tenant_id = :tenant and x.account_id = r.id and x.type in {_IN_KIND}
      and x.book_version <= :version
  ) n
)
select kind, id from reached limit :row_limit
"""

# Before the version that opened it an account has what it was opened with: it has no entries then.
_ACCOUNTS: Final = f"""
select a.id::text as id, a.name, a.account_number_last4, a.currency, a.tax_status, a.lot_method,
  a.account_type,
  (select jsonb_agg(jsonb_build_array(x.effective_from, x.lot_method, x.tax_status, x.account_type)
     order by x.effective_from, x.id)
   from account_terms x where x.account_id = a.id and {known("x")}) as terms,
  (select jsonb_object_agg(p.id::text, p.name) from portfolios p
   where p.tenant_id = :tenant and p.account_id = a.id) as portfolio_names
from accounts a where a.tenant_id = :tenant and a.id = any(:account_ids) order by a.id
"""

_OWNERS: Final = f"""
select x.account_id::text as account, x.party_id::text as party, x.role, x.effective_from, x.effective_to
from account_owners x where x.account_id = any(:account_ids) and {known("x")}
order by x.account_id, x.effective_from, x.id
"""

_TIED: Final = f"""
select x.kind, x.party_id::text as first, x.related_id::text as second, null::numeric as share,
  x.effective_from, x.effective_to
from party_relationships x
where x.party_id = any(:ids) and x.related_id = any(:ids) and x.kind = any(:words) and {known("x")}
union all
select 'owns', x.owner_id::text, x.owned_id::text, x.share, x.effective_from, x.effective_to
from party_ownerships x
where x.owner_id = any(:ids) and x.owned_id = any(:ids) and {known("x")}
order by 1, 2, 3, 5
"""

_MOVES: Final = f"""
select t.account_id::text as account, t.security_id, t.units, t.trade_date, t.source, t.source_id,
  t.related_source_id as related
from transactions t
where t.tenant_id = :tenant and t.account_id = any(:account_ids) and t.type in {_IN_KIND}
  and t.security_id is not null and t.units <> 0 and t.trade_date <= :as_of and t.book_version <= :version
  and {EFFECTIVE}
order by t.security_id, t.trade_date
"""


@dataclass(frozen=True, slots=True)
class Reached:
    """The candidates, who is one taxpayer among them, and the sets that hold what was asked for."""

    accounts: Mapping[str, Row[Any]]
    groups: TaxpayerGroups
    sets: tuple[tuple[str, ...], ...]


async def reach(reader: Reader, view: BookView, account_ids: Sequence[UUID], policy: LotPolicy) -> Reached:
    """Five statements. LimitExceeded when more than 1,000 accounts belong together."""
    parameters = {"tenant": reader.tenant_id, "version": view.book_version}
    rows = await reader.rows(
        prepared(_REACHED),
        {
            **parameters,
            "account_ids": list(account_ids),
            "kinds": list(_OWNING),
            "words": list(_FOLLOWED),
            "row_limit": REACHED_MAX + 1,
        },
    )
    if len(rows) > REACHED_MAX:
        raise LimitExceeded(texts.TOO_MANY_REACHED(limit=REACHED_MAX))
    ids = [row.id for row in rows if row.kind == "A"]
    if len(ids) > ACCOUNTS_MAX:
        raise LimitExceeded(texts.TOO_MANY_TOGETHER(count=len(ids), limit=ACCOUNTS_MAX))
    of_accounts = {**parameters, "account_ids": ids}
    accounts = {row.id: row for row in await reader.rows(prepared(_ACCOUNTS), of_accounts)}
    owners = [
        owner
        for row in await reader.rows(prepared(_OWNERS), of_accounts)
        if row.account in accounts
        for owner in _in_role(row, accounts[row.account])
    ]
    parties = [row.id for row in rows if row.kind == "P"]
    ties = []
    if parties:
        tied = await reader.rows(prepared(_TIED), {**parameters, "ids": parties, "words": sorted(_TIES)})
        ties = _ties(tied, owners, accounts)
    groups = taxpayer_groups(owners, ties)
    moved = await reader.rows(prepared(_MOVES), {**of_accounts, "as_of": view.as_of})
    asked = {str(one) for one in account_ids}
    together = accounts_of_one_book(
        accounts, groups, _moves([row for row in moved if row.account in accounts], policy)
    )
    return Reached(accounts, groups, tuple(its for its in together if not asked.isdisjoint(its)))


@dataclass(frozen=True, slots=True)
class TermsSince:
    """The terms of an account from a day until the next of them."""

    since: date
    lot_method: str
    tax_status: str
    account_type: str


def terms_over_days(row: Row[Any]) -> list[TermsSince]:
    """Of a row of accounts, by their first day; at least one."""
    if row.terms is None:
        return [TermsSince(date.min, row.lot_method, row.tax_status, row.account_type)]
    told = [TermsSince(date.fromisoformat(since), *rest) for since, *rest in row.terms]
    return [replace(told[0], since=date.min), *told[1:]]


def _in_role(row: Row[Any], account: Row[Any]) -> Iterable[AccountOwner]:
    """What a grantor put into a revocable account is still the grantor's own (IRC 671, 676)."""
    role, period = row.role.upper(), (row.effective_from, row.effective_to)
    if role != "GRANTOR":
        yield AccountOwner(row.account, row.party, role, *period)
        return
    for begins, ends, is_its in _cut(period, list(_revocable(account))):
        yield AccountOwner(row.account, row.party, "OWNER" if is_its else role, begins, ends)


def _ties(
    rows: Sequence[Row[Any]], owners: Sequence[AccountOwner], accounts: Mapping[str, Row[Any]]
) -> list[Tie]:
    """A trust is its grantor's while it keeps a revocable account (IRC 676); another one is related."""
    revocable: dict[str, list[tuple[date, date]]] = {}
    for owner in owners:
        revocable.setdefault(owner.party, []).extend(_revocable(accounts[owner.account]))
    found: list[Tie] = []
    for row in rows:
        kind = "OWNS" if row.kind == "owns" else _TIES[row.kind]
        period = (row.effective_from, row.effective_to)
        if kind == "GRANTOR":
            found += _granted(row.first, row.second, period, revocable.get(row.second, []))
        else:
            found.append(Tie(kind, row.first, row.second, row.share, *period))
    return found


def _revocable(account: Row[Any]) -> Iterable[tuple[date, date]]:
    """Periods, half open, in which the account was registered as a revocable trust's."""
    terms = terms_over_days(account)
    ends = [*(one.since for one in terms[1:]), date.max]
    for one, end in zip(terms, ends, strict=True):
        if one.account_type == _REVOCABLE:
            yield one.since, end


def _granted(
    grantor: str,
    trust: str,
    period: tuple[date | None, date | None],
    revocable: Sequence[tuple[date, date]],
) -> Iterable[Tie]:
    for begins, ends, is_its in _cut(period, revocable):
        yield Tie("GRANTOR" if is_its else "RELATED", grantor, trust, None, begins, ends)


def _cut(
    period: tuple[date | None, date | None], revocable: Sequence[tuple[date, date]]
) -> Iterable[tuple[date | None, date | None, bool]]:
    """The parts of a period, half open, each with whether it is a revocable one."""
    first, last = period[0] or date.min, period[1] or date.max
    inner = {day for both in revocable for day in both if first < day < last}
    for begins, ends in itertools.pairwise([first, *sorted(inner), last]):
        is_its = any(since <= begins < until for since, until in revocable)
        yield None if begins == date.min else begins, None if ends == date.max else ends, is_its


def _moves(rows: Sequence[Row[Any]], policy: LotPolicy) -> Iterable[tuple[str, str]]:
    """Pairs of accounts between which lots may have gone: named, or like units within a few days."""
    by_name = {(row.source, row.source_id): row.account for row in rows}
    sent: dict[Any, list[Row[Any]]] = {}
    for row in rows:
        if row.related is not None:
            other = by_name.get((row.source, row.related))
            if other is not None and other != row.account:
                yield row.account, other
        if row.units < 0:
            sent.setdefault((row.security_id, -row.units), []).append(row)
    days = timedelta(days=policy.transfer_days)
    for row in rows:
        if row.units > 0:
            for other in sent.get((row.security_id, row.units), ()):
                if other.account != row.account and abs(row.trade_date - other.trade_date) <= days:
                    yield other.account, row.account


_OF_HOUSEHOLDS: Final = """
select ha.household_id, ha.account_id from household_accounts ha
join accounts a on a.tenant_id = :tenant and a.id = ha.account_id
where ha.tenant_id = :tenant and ha.household_id = any(:household_ids) and ha.book_version <= :version
  and (ha.superseded_version is null or ha.superseded_version > :version)
  and ha.effective_from <= :as_of and (ha.effective_to is null or ha.effective_to > :as_of)
order by ha.household_id, ha.account_id
"""


async def accounts_of_households(
    reader: Reader, view: BookView, household_ids: Sequence[UUID]
) -> dict[UUID, list[UUID]]:
    """The accounts that belong to each household on the day and that the caller may see."""
    found: dict[UUID, list[UUID]] = {key: [] for key in household_ids}
    parameters = {
        "tenant": reader.tenant_id, "version": view.book_version, "as_of": view.as_of,
        "household_ids": list(household_ids),
    }  # fmt: skip
    for row in await reader.rows(prepared(_OF_HOUSEHOLDS), parameters):
        found[row.household_id].append(row.account_id)
    return found
