"""What the watched subjects consist of, read under the watcher's own row security."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal
from uuid import UUID

from wealthnexus.domain.ledger.statements import not_withdrawn, prepared
from wealthnexus.domain.ledger.valuation import ASKED_BY_IDS, RATES, live_positions
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.domain.markets.rules.live import LiveAccount, LiveHolding
from wealthnexus.kit.db.session import Reader

SubjectKind = Literal["household", "account", "access", "viewer"]
"""``access``: what one grant opens to its holder; ``viewer``: what all grants open to the watcher."""


@dataclass(frozen=True, slots=True)
class Subject:
    kind: SubjectKind
    id: UUID


@dataclass(frozen=True, slots=True)
class Base:
    """The books behind one watcher's subjects, of one version: accounts, and which subject has which.

    ``subjects`` has those the watcher may see; the others are missing. ``debts``: what is owed behind a
    subject that is no account, in the firm's currency; None where no balance is known.
    """

    book_version: int
    firm_currency: str
    subjects: dict[Subject, tuple[UUID, ...]]
    accounts: dict[UUID, LiveAccount]
    debts: dict[Subject, Decimal | None]

    def securities(self) -> set[UUID]:
        return {each.security_id for account in self.accounts.values() for each in account.holdings}


_SEEN: Final = """
select 'household', h.id, x.account_id from households h
left join lateral (
  select ha.account_id from household_accounts ha
  where ha.tenant_id = :tenant and ha.household_id = h.id and ha.book_version <= :version
    and (ha.superseded_version is null or ha.superseded_version > :version)
    and ha.effective_from <= :as_of and (ha.effective_to is null or ha.effective_to > :as_of)
) x on true
where h.tenant_id = :tenant and h.id = any(:household_ids)
union
select 'account', a.id, a.id from accounts a where a.tenant_id = :tenant and a.id = any(:account_ids)
union
select 'access', g.id, x.subject_id from access_grants g
left join lateral (
  select s.subject_id from access_scope s
  where s.tenant_id = :tenant and s.principal_id = :principal and s.grant_id = g.id and s.kind = 'account'
    and (s.expires_at is null or s.expires_at > now())
) x on true
where g.tenant_id = :tenant and g.principal_id = :principal and g.id = any(:grant_ids)
  and g.revoked_at is null and exists (
    select 1 from access_scope s where s.tenant_id = :tenant and s.principal_id = :principal
      and s.grant_id = g.id and (s.expires_at is null or s.expires_at > now()))
union
select 'viewer', :principal, x.subject_id from (select 1) one
left join lateral (
  select s.subject_id from access_scope s
  where s.tenant_id = :tenant and s.principal_id = :principal and s.kind = 'account'
    and (s.expires_at is null or s.expires_at > now())
) x on true
where :principal = any(:viewer_ids)
"""

# The latest balance of each open debt behind a subject, as ``clients.repository.liabilities`` reads it.
_DEBTS: Final = f"""
with behind as (
  select 'household' as kind, l.household_id as key, l.id as liability_id from liabilities l
  where l.tenant_id = :tenant and l.household_id = any(:household_ids)
  union
  select 'access', s.grant_id, s.subject_id from access_scope s
  where s.tenant_id = :tenant and s.principal_id = :principal and s.grant_id = any(:grant_ids)
    and s.kind = 'liability' and (s.expires_at is null or s.expires_at > now())
  union
  select 'viewer', :principal, s.subject_id from access_scope s
  where s.tenant_id = :tenant and s.principal_id = :principal and :principal = any(:viewer_ids)
    and s.kind = 'liability' and (s.expires_at is null or s.expires_at > now())
),
chosen as materialized (
  select l.id, l.currency from liabilities l
  where l.tenant_id = :tenant and l.id in (select b.liability_id from behind b)
    and (l.opened_on is null or l.opened_on <= :as_of) and (l.closed_on is null or l.closed_on > :as_of)
),
asked as (select c.currency from chosen c),
holdings as (select null::text as security_currency, null::text as currency where false),
{RATES},
owed as (
  select c.id, case when c.currency = :firm_currency then b.balance
    else round(b.balance * r.rate, :firm_minor) end as reporting
  from chosen c
  left join rates r on r.base = c.currency and r.quote = :firm_currency
  left join lateral (
    select b.balance from liability_balances b
    where b.tenant_id = :tenant and b.liability_id = c.id and b.day <= :as_of and b.book_version <= :version
      and {not_withdrawn("liability_balances", "b", "liability_id", "day", "source", version=":version")}
    order by b.day desc, (b.source = 'MANUAL') desc, b.book_version desc limit 1
  ) b on true
)
select b.kind, b.key, sum(o.reporting) from behind b join owed o on o.id = b.liability_id group by 1, 2
"""

_ACCOUNTS: Final = f"""
with {live_positions(ASKED_BY_IDS)}
select v.account_id, v.currency, v.cash, r.rate
from account_values v
left join rates r on r.base = v.currency and r.quote = :firm_currency
"""

_HOLDINGS: Final = f"""
with {live_positions(ASKED_BY_IDS)}
select p.account_id, p.portfolio_id, p.security_id, p.units, p.price_multiplier, p.rate, p.close,
  coalesce(p.accrued, 0) as accrued
from positions p order by p.account_id, p.security_id, p.portfolio_id
"""


def _asked(reader: Reader, subjects: Sequence[Subject]) -> dict[str, Any]:
    """Nobody but the watcher themselves is a viewer, or has an access."""
    return {
        "principal": reader.binding.principal_id,
        "household_ids": [each.id for each in subjects if each.kind == "household"],
        "grant_ids": [each.id for each in subjects if each.kind == "access"],
        "viewer_ids": [each.id for each in subjects if each.kind == "viewer"],
    }


async def _debts(
    reader: Reader, view: BookView, subjects: Sequence[Subject]
) -> dict[Subject, Decimal | None]:
    """Zero where nothing is owed."""
    wanted = [each for each in subjects if each.kind != "account"]
    if not wanted:
        return {}
    given = view.parameters()
    rows = await reader.rows(
        prepared(_DEBTS),
        {
            "tenant": reader.tenant_id,
            **{name: given[name] for name in ("as_of", "version", "firm_currency", "firm_minor", "common")},
            **_asked(reader, wanted),
        },
    )
    found: dict[Subject, Decimal | None] = dict.fromkeys(wanted, Decimal(0))
    found.update({Subject(kind, key): owed for kind, key, owed in map(tuple, rows)})
    return found


async def seen_subjects(
    reader: Reader, view: BookView, subjects: Sequence[Subject]
) -> dict[Subject, tuple[UUID, ...]]:
    """The subjects the caller may see now, each with its accounts on the view's day; one statement."""
    rows = await reader.rows(
        prepared(_SEEN),
        {
            "tenant": reader.tenant_id,
            "version": view.book_version,
            "as_of": view.as_of,
            **_asked(reader, subjects),
            "account_ids": [each.id for each in subjects if each.kind == "account"],
        },
    )
    found: dict[Subject, list[UUID]] = {}
    for kind, key, account in map(tuple, rows):
        accounts = found.setdefault(Subject(kind, key), [])
        if account is not None:
            accounts.append(account)
    return {subject: tuple(sorted(accounts)) for subject, accounts in found.items()}


async def load_base(reader: Reader, view: BookView, subjects: Sequence[Subject]) -> Base:
    """The books behind the subjects as the caller sees them; four statements at most."""
    seen = await seen_subjects(reader, view, subjects)
    wanted = sorted({account for accounts in seen.values() for account in accounts})
    parameters = {"tenant": reader.tenant_id, **view.parameters(), "account_ids": wanted}
    holdings: dict[UUID, list[LiveHolding]] = {}
    accounts: dict[UUID, LiveAccount] = {}
    if wanted:
        for row in map(tuple, await reader.rows(prepared(_HOLDINGS), parameters)):
            account, portfolio, security, units, multiplier, rate, close, accrued = row
            holdings.setdefault(account, []).append(
                LiveHolding(
                    f"{account}.{portfolio}.{security}", security, units, multiplier,
                    None if rate is None else Decimal(rate), close, accrued,
                )
            )  # fmt: skip
        for account, currency, cash, rate in map(tuple, await reader.rows(prepared(_ACCOUNTS), parameters)):
            accounts[account] = LiveAccount(
                account, currency, view.currency, cash, rate, tuple(holdings.get(account, ()))
            )
    debts = await _debts(reader, view, list(seen))
    return Base(view.book_version, view.currency, seen, accounts, debts)
