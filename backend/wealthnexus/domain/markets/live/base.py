"""What the watched subjects consist of, read under the watcher's own row security."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal
from uuid import UUID

from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.valuation import ASKED_BY_IDS, live_positions
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.domain.markets.rules.live import LiveAccount, LiveHolding
from wealthnexus.kit.db.session import Reader

SubjectKind = Literal["household", "account"]


@dataclass(frozen=True, slots=True)
class Subject:
    kind: SubjectKind
    id: UUID


@dataclass(frozen=True, slots=True)
class Base:
    """The books behind one watcher's subjects, of one version: accounts, and which subject has which.

    ``subjects`` has those the watcher may see; the others are missing.
    """

    book_version: int
    firm_currency: str
    subjects: dict[Subject, tuple[UUID, ...]]
    accounts: dict[UUID, LiveAccount]

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
"""

_ACCOUNTS: Final = f"""
with {live_positions(ASKED_BY_IDS)}
select v.account_id, v.currency, v.cash, r.rate
from account_values v
left join rates r on r.base = v.currency and r.quote = :firm_currency
"""

_HOLDINGS: Final = f"""
with {live_positions(ASKED_BY_IDS)}
select p.account_id, p.portfolio_id, p.security_id, p.units, p.price_multiplier, p.rate, p.close
from positions p order by p.account_id, p.security_id, p.portfolio_id
"""


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
            "household_ids": [each.id for each in subjects if each.kind == "household"],
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
    """The books behind the subjects as the caller sees them; three statements."""
    seen = await seen_subjects(reader, view, subjects)
    wanted = sorted({account for accounts in seen.values() for account in accounts})
    parameters = {"tenant": reader.tenant_id, **view.parameters(), "account_ids": wanted}
    holdings: dict[UUID, list[LiveHolding]] = {}
    accounts: dict[UUID, LiveAccount] = {}
    if wanted:
        for row in map(tuple, await reader.rows(prepared(_HOLDINGS), parameters)):
            account, portfolio, security, units, multiplier, rate, close = row
            holdings.setdefault(account, []).append(
                LiveHolding(
                    f"{account}.{portfolio}.{security}", security, units, multiplier,
                    None if rate is None else Decimal(rate), close,
                )
            )  # fmt: skip
        for account, currency, cash, rate in map(tuple, await reader.rows(prepared(_ACCOUNTS), parameters)):
            accounts[account] = LiveAccount(
                account, currency, view.currency, cash, rate, tuple(holdings.get(account, ()))
            )
    return Base(view.book_version, view.currency, seen, accounts)
