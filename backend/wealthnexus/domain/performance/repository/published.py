"""What was published of accounts and households, and what was written since that may change it."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.performance.rules.figures import Reason
from wealthnexus.kit.db.session import Reader

VERSIONS_MAX: Final = 2_000


@dataclass(frozen=True, slots=True)
class Publication:
    """What was said of a subject for a day. ``number``: how often it was said, this time included.
    ``account_count``: how many accounts it was said of."""

    id: UUID
    subject_id: UUID
    subject_kind: str
    account_count: int
    as_of: date
    number: int
    currency: str
    reason: str
    policy_version: str
    policy_digest: str
    engine_version: str
    book_version: int
    author_name: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class PublishedReturn:
    """The figures of one period and basis as they were said; amounts in the publication's currency."""

    period: str
    basis: str
    begin: date
    time_weighted: Decimal | None
    reason: str | None
    annualised: Decimal | None
    money_weighted: Decimal | None
    opening: Decimal | None
    closing: Decimal | None
    net_flows: Decimal
    fees: Decimal
    gain: Decimal | None
    input_digest: str


_COLUMNS: Final = """
p.id, p.subject_id, p.subject_kind, p.account_count, p.as_of, p.number, p.currency, p.reason,
p.policy_version, p.policy_digest, p.engine_version, p.book_version, p.author_name, p.published_at
"""
_OF_SUBJECT: Final = f"""
select {_COLUMNS} from publications p
where p.tenant_id = :tenant and p.subject_id = :id
order by p.as_of desc, p.number desc limit :row_limit
"""
_BY_IDS: Final = f"select {_COLUMNS} from publications p where p.tenant_id = :tenant and p.id = any(:ids)"
_LATEST: Final = f"""
select distinct on (p.subject_id) {_COLUMNS} from publications p
where p.tenant_id = :tenant and p.as_of = :as_of and p.subject_id = any(:ids)
order by p.subject_id, p.number desc
"""
# The accounts that were those of the subject when it was said, as far as the caller sees them.
_SEEN_WHOLE: Final = """
select p.id from publications p
where p.tenant_id = :tenant and p.id = any(:ids) and p.account_count <= case p.subject_kind
  when 'ACCOUNT' then (
    select count(*) from accounts a where a.tenant_id = :tenant and a.id = p.subject_id)
  else (
    select count(distinct a.id) from household_accounts ha
    join accounts a on a.tenant_id = :tenant and a.id = ha.account_id
    where ha.tenant_id = :tenant and ha.household_id = p.subject_id and ha.book_version <= p.book_version
      and (ha.superseded_version is null or ha.superseded_version > p.book_version)) end
"""
_RETURNS: Final = """
select r.publication_id, r.period, r.basis, r.period_begin, r.time_weighted, r.time_weighted_reason,
  r.annualised, r.money_weighted, r.opening_value, r.closing_value, r.net_flows, r.fees, r.gain,
  r.input_digest
from published_returns r
where r.tenant_id = :tenant and r.publication_id = any(:ids)
"""


async def publications_of(reader: Reader, subject_id: UUID, row_limit: int) -> list[Publication]:
    """The latest day first, on each day the latest number first."""
    given = {"tenant": reader.tenant_id, "id": subject_id, "row_limit": row_limit}
    return [Publication(*tuple(row)) for row in await reader.rows(prepared(_OF_SUBJECT), given)]


async def by_ids(reader: Reader, ids: Sequence[UUID]) -> dict[UUID, Publication]:
    """Those of them that the caller may see."""
    rows = await reader.rows(prepared(_BY_IDS), {"tenant": reader.tenant_id, "ids": list(ids)})
    return {row.id: Publication(*tuple(row)) for row in rows}


async def seen_whole(reader: Reader, ids: Sequence[UUID]) -> set[UUID]:
    """Those of which the caller sees as many accounts as they were said of."""
    rows = await reader.rows(prepared(_SEEN_WHOLE), {"tenant": reader.tenant_id, "ids": list(ids)})
    return {row.id for row in rows}


async def latest_on(reader: Reader, as_of: date, subjects: Sequence[UUID]) -> dict[UUID, Publication]:
    """What was said last of each subject for a day; nothing of which nothing was said."""
    given = {"tenant": reader.tenant_id, "as_of": as_of, "ids": list(subjects)}
    found = [Publication(*tuple(row)) for row in await reader.rows(prepared(_LATEST), given)]
    return {each.subject_id: each for each in found}


async def returns_of(reader: Reader, ids: Sequence[UUID]) -> dict[UUID, list[PublishedReturn]]:
    """The figures of publications."""
    found: dict[UUID, list[PublishedReturn]] = {key: [] for key in ids}
    rows = await reader.rows(prepared(_RETURNS), {"tenant": reader.tenant_id, "ids": list(ids)})
    for row in rows:
        said = PublishedReturn(*tuple(row)[1:])
        found[row.publication_id].append(replace(said, gain=gain_said(said.gain, said.reason)))
    return found


def gain_said(gain: Decimal | None, reason: str | None) -> Decimal | None:
    """None where the history begins within the period: it would be the gain of a shorter one."""
    return None if reason == Reason.HISTORY_TOO_SHORT.value else gain


# -- what was written since ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Written:
    """A book version that wrote something a published figure stands on.

    ``first_day``: the earliest day it speaks of; counts by what it wrote. ``terms``: of securities and
    accounts that were there before; they are kept as they are now.
    """

    version: int
    kind: str
    closed_at: datetime
    author_name: str | None
    entries: int
    prices: int
    rates: int
    memberships: int
    policies: int
    actions: int
    terms: int
    first_day: date | None


# Versions within (:after_version, :version]: entries of the accounts, prices of what they ever held, rates,
# the household's accounts, conventions, corporate actions near what was ever held, terms of securities and
# accounts. A superseded row names the version that ended it.
_WRITTEN: Final = """
with wrote as (
  select t.book_version as v, 'entries' as what, t.trade_date as day from transactions t
  where t.tenant_id = :tenant and t.account_id = any(:account_ids)
    and t.book_version > :after_version and t.book_version <= :version and t.trade_date <= :as_of
  union all
  select t.book_version, 'entries', t.trade_date from transactions t
  where t.tenant_id = :tenant and t.billed_account_id = any(:account_ids)
    and t.account_id <> all(:account_ids)
    and t.book_version > :after_version and t.book_version <= :version and t.trade_date <= :as_of
  union all
  select p.book_version, 'prices', p.day from security_prices p
  where p.tenant_id = :tenant and p.book_version > :after_version and p.book_version <= :version
    and p.day <= :as_of and p.security_id in (
      select x.security_id from account_securities x
      where x.tenant_id = :tenant and x.account_id = any(:account_ids))
  union all
  select r.book_version, 'rates', r.day from fx_rates r
  where r.tenant_id = :tenant and r.book_version > :after_version and r.book_version <= :version
    and r.day <= :as_of
  union all
  select w.v, 'memberships', ha.effective_from from household_accounts ha
  cross join lateral (values (ha.book_version), (ha.superseded_version)) w (v)
  where ha.tenant_id = :tenant and ha.household_id = :household_id
    and w.v > :after_version and w.v <= :version
  union all
  select c.book_version, 'policies', null from calculation_policies c
  where c.tenant_id = :tenant and c.report is null and (c.household_id is null or c.household_id = :id)
    and c.book_version > :after_version and c.book_version <= :version
  union all
  select w.v, 'actions', c.ex_date from corporate_actions c
  cross join lateral (values (c.book_version), (c.superseded_version)) w (v)
  where c.tenant_id = :tenant and w.v > :after_version and w.v <= :version and c.ex_date - 5 <= :as_of
    and exists (
      select 1 from account_securities x where x.tenant_id = :tenant and x.account_id = any(:account_ids)
        and x.security_id in (c.security_id, c.other_security_id))
  union all
  select b.version, 'terms', null from book_versions b
  join securities s on s.tenant_id = :tenant and s.batch_id = b.batch_id and s.version > 1
  where b.tenant_id = :tenant and b.version > :after_version and b.version <= :version
    and s.id in (
      select x.security_id from account_securities x
      where x.tenant_id = :tenant and x.account_id = any(:account_ids))
  union all
  select b.version, 'terms', null from book_versions b
  join accounts a on a.tenant_id = :tenant and a.batch_id = b.batch_id and a.version > 1
  where b.tenant_id = :tenant and b.version > :after_version and b.version <= :version
    and a.id = any(:account_ids)
)
select b.version, b.kind, b.closed_at, u.name,
  count(*) filter (where w.what = 'entries') as entries, count(*) filter (where w.what = 'prices') as prices,
  count(*) filter (where w.what = 'rates') as rates,
  count(*) filter (where w.what = 'memberships') as memberships,
  count(*) filter (where w.what = 'policies') as policies,
  count(*) filter (where w.what = 'actions') as actions,
  count(*) filter (where w.what = 'terms') as terms, min(w.day) as first_day
from wrote w
join book_versions b on b.tenant_id = :tenant and b.version = w.v
left join users u on u.tenant_id = :tenant and u.id = b.actor_id
group by b.version, b.kind, b.closed_at, u.name
order by b.version limit :row_limit
"""


async def written_since(
    reader: Reader,
    publication: Publication,
    version: int,
    account_ids: Sequence[UUID],
    policy_household_id: UUID | None,
) -> list[Written]:
    """Versions up to ``version`` that wrote what the figures stand on, in order; 2,000 at most."""
    given = {
        "tenant": reader.tenant_id,
        "after_version": publication.book_version,
        "version": version,
        "as_of": publication.as_of,
        "account_ids": list(account_ids),
        "household_id": publication.subject_id,
        "id": policy_household_id,
        "row_limit": VERSIONS_MAX,
    }
    rows = await reader.rows(prepared(_WRITTEN), given)
    return [Written(*tuple(row)) for row in rows]
