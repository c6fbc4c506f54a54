"""Debts with what is owed as of the day. One statement each."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain.clients.repository.force import in_force_sql, limited
from wealthnexus.domain.ledger.figures import (
    Explain,
    ExplainInput,
    ExplainSource,
    FigureReason,
    MoneyFigure,
    as_money,
)
from wealthnexus.domain.ledger.rules import quality_of
from wealthnexus.domain.ledger.statements import not_withdrawn, prepared
from wealthnexus.domain.ledger.valuation import RATES
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.money import plain
from wealthnexus.kit.text import message

FORMULA_VERSION: Final = "liability/1"
BASIS: Final = "last balance on or before the day"
SOURCE: Final = "own books"

_NO_BALANCE = message("clients.no_balance", "{name} has no balance on or before the date", name=str)
_STALE_BALANCE = message(
    "clients.stale_balance", "the latest balance of {name} is of {day, date}", name=str, day=date
)
_NO_RATE = message(
    "clients.no_debt_rate",
    "no exchange rate for {base} in {quote} on or before the date",
    base=str,
    quote=str,
)


# Not frozen: see MoneyFigure.
@dataclass(slots=True)
class LiabilityRow:
    """``balance`` in the debt's currency; ``reporting`` the same in the firm's, None without a rate.

    ``household_id`` and ``secured_account_id`` are None also where the caller may not see them.
    """

    id: UUID
    external_id: str
    household_id: UUID | None
    kind: str
    name: str
    lender: str | None
    currency: str
    original_amount: Decimal | None
    interest_rate: Decimal | None
    opened_on: date | None
    matures_on: date | None
    closed_on: date | None
    secured_account_id: UUID | None
    secured_security_id: UUID | None
    balance: MoneyFigure
    balance_day: date | None
    reporting: MoneyFigure
    version: int


# The pairs of the rates are those of the debts; what is held plays no part.
_ROWS: Final = f"""
with chosen as materialized ({{chosen}}),
asked as (select c.currency from chosen c),
holdings as (select null::text as security_currency, null::text as currency where false),
{RATES}
select c.*, b.balance, b.day as balance_day, b.source as balance_source,
  case when c.currency = :firm_currency then b.balance
    else round(b.balance * r.rate, :firm_minor) end as reporting,
  r.rate, r.day as rate_day
from chosen c
left join rates r on r.base = c.currency and r.quote = :firm_currency
left join lateral (
  select b.balance, b.day, b.source from liability_balances b
  where b.tenant_id = :tenant and b.liability_id = c.id and b.day <= :as_of and b.book_version <= :version
    and {not_withdrawn("liability_balances", "b", "liability_id", "day", "source", version=":version")}
  order by b.day desc, (b.source = 'MANUAL') desc, b.book_version desc limit 1
) b on true
order by c.name_normalised, c.id
"""
# Read from the tables they point at: a debtor is not told the id of what is hidden.
_COLUMNS: Final = """l.id, l.external_id, l.kind, l.name, l.name_normalised, l.lender,
  l.currency, l.original_amount, l.interest_rate, l.opened_on, l.matures_on, l.closed_on,
  (select h.id from households h where h.tenant_id = :tenant and h.id = l.household_id) as household_id,
  (select a.id from accounts a
    where a.tenant_id = :tenant and a.id = l.secured_account_id) as secured_account_id,
  (select s.id from securities s
    where s.tenant_id = :tenant and s.id = l.secured_security_id) as secured_security_id, l.version"""
_OPEN: Final = """l.tenant_id = :tenant and (l.opened_on is null or l.opened_on <= :as_of)
  and (l.closed_on is null or l.closed_on > :as_of)"""
_BY_IDS: Final = f"select {_COLUMNS} from liabilities l where l.tenant_id = :tenant and l.id = any(:ids)"
_BY_HOUSEHOLDS: Final = f"select {_COLUMNS} from liabilities l where {_OPEN} and l.household_id = any(:ids)"
_BY_PARTIES: Final = f"""select {_COLUMNS} from liabilities l where {_OPEN} and l.id in (
  select o.liability_id from liability_owners o where {in_force_sql("o")} and o.party_id = any(:ids))"""


async def _read(reader: Reader, view: BookView, chosen: str, ids: Sequence[UUID]) -> list[LiabilityRow]:
    if not ids:
        return []
    rows = await reader.rows(
        prepared(_ROWS.format(chosen=chosen)),
        {
            **{
                name: value
                for name, value in view.parameters().items()
                if name in ("as_of", "version", "firm_currency", "firm_minor", "common")
            },
            "tenant": reader.tenant_id,
            "ids": list(ids),
        },
    )
    stale_before = view.parameters()["fresh_appraised"]
    return [_liability(row, view, stale_before) for row in rows]


async def liabilities_by_ids(reader: Reader, view: BookView, ids: Sequence[UUID]) -> dict[UUID, LiabilityRow]:
    """The debts the caller may see, by id, closed ones too; at most 1,000 ids."""
    return {row.id: row for row in await _read(reader, view, _BY_IDS, limited(ids))}


async def liabilities_by_household_ids(
    reader: Reader, view: BookView, ids: Sequence[UUID]
) -> dict[UUID, list[LiabilityRow]]:
    """The debts of each household that are open on the day, by name."""
    found: dict[UUID, list[LiabilityRow]] = {key: [] for key in ids}
    for row in await _read(reader, view, _BY_HOUSEHOLDS, limited(ids)):
        if row.household_id is not None:
            found[row.household_id].append(row)
    return found


async def liabilities_of_parties(
    reader: Reader, view: BookView, party_ids: Sequence[UUID]
) -> list[LiabilityRow]:
    """Every open debt that one of the parties owes a share of, once each, by name."""
    return await _read(reader, view, _BY_PARTIES, list(party_ids))


def _liability(row: Row[Any], view: BookView, stale_before: date) -> LiabilityRow:
    balance = as_money(row.balance, row.currency)
    reasons: tuple[FigureReason, ...] = ()
    is_stale = row.balance_day is not None and row.balance_day < stale_before
    if balance is None:
        reasons = (FigureReason("NO_BALANCE", _NO_BALANCE, {"name": row.name}),)
    elif is_stale:
        reasons = (FigureReason("STALE_BALANCE", _STALE_BALANCE, {"name": row.name, "day": row.balance_day}),)
    reporting = as_money(row.reporting, view.currency)
    further = reasons
    if balance is not None and reporting is None:
        pair = {"base": row.currency, "quote": view.currency}
        further = (FigureReason("NO_RATE", _NO_RATE, pair),)

    def explain() -> Explain:
        inputs = [ExplainInput("book version", str(view.book_version))]
        sources = [ExplainSource("BOOK", None, f"book version {view.book_version}", view.as_of)]
        if balance is not None:
            inputs.insert(
                0, ExplainInput("balance", f"{plain(balance)} {row.currency}", f"of {row.balance_day}")
            )
            sources.append(ExplainSource("BALANCE", None, row.balance_source, row.balance_day))
        if row.currency != view.currency and row.rate is not None:
            note = f"1 {row.currency} in {view.currency}, of {row.rate_day}"
            inputs.append(ExplainInput("rate", plain(round(row.rate, 14).normalize()), note))
        return Explain(
            "the last balance reported on or before the day", FORMULA_VERSION, tuple(inputs), tuple(sources)
        )

    def figure(value: Decimal | None, currency: str, why: tuple[FigureReason, ...]) -> MoneyFigure:
        return MoneyFigure(
            value, currency, view.as_of, BASIS, SOURCE, view.computed_at,
            quality_of(value, 0, int(is_stale)), why, view.book_version, explain,
        )  # fmt: skip

    return LiabilityRow(
        id=row.id,
        external_id=row.external_id,
        household_id=row.household_id,
        kind=row.kind,
        name=row.name,
        lender=row.lender,
        currency=row.currency,
        original_amount=row.original_amount,
        interest_rate=row.interest_rate,
        opened_on=row.opened_on,
        matures_on=row.matures_on,
        closed_on=row.closed_on,
        secured_account_id=row.secured_account_id,
        secured_security_id=row.secured_security_id,
        balance=figure(balance, row.currency, reasons),
        balance_day=row.balance_day,
        reporting=figure(reporting, view.currency, further),
        version=row.version,
    )
