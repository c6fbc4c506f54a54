"""The rows a tax-lot book is made of, one statement each, as known at a book version."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain.ledger.lot_books.reach import known
from wealthnexus.domain.ledger.lots.identical import IdenticalPair, IdenticalTable
from wealthnexus.domain.ledger.lots.inputs import CorporateAction, SecurityTerms
from wealthnexus.domain.ledger.lots.rates import RateTable
from wealthnexus.domain.ledger.lots.vocabulary import ActionType, Treatment
from wealthnexus.domain.ledger.repository.transactions import EFFECTIVE
from wealthnexus.domain.ledger.rules import common_currencies
from wealthnexus.domain.ledger.statements import not_withdrawn, prepared
from wealthnexus.domain.ledger.valuation import LATEST_PRICE
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader

# The action as it is known at the version: its terms may have been told after an entry named it.
_ACTION_NOW: Final = f"""
select x.id::text from corporate_actions c
join corporate_actions x on x.source = c.source and x.external_id = c.external_id and {known("x")}
where c.tenant_id = :tenant and c.id = t.corporate_action_id"""

# What moves cash alone is in no lot. A replacement stands in the place of what it replaced.
_ENTRIES: Final = f"""
select t.id::text as id, t.account_id::text as account, t.portfolio_id::text as portfolio, t.type,
  t.trade_date, t.settlement_date, t.security_id::text as security, trim_scale(t.quantity) as quantity,
  trim_scale(t.price) as price, trim_scale(t.amount) as amount,
  trim_scale(t.accrued_interest) as accrued_interest, t.lot_selection, t.related_source_id as related,
  t.source, t.source_id, t.order_reference, trim_scale(t.exchange_rate) as exchange_rate,
  coalesce(t.is_deep_in_the_money, false) as is_deep_in_the_money, t.source_file, t.source_line,
  case when t.corporate_action_id is not null then ({_ACTION_NOW}) end as action
from transactions t
left join transactions o on t.entry_kind = 'REPLACEMENT' and o.tenant_id = :tenant and o.source = t.source
  and o.source_id = t.source_id and o.entry_kind = 'ORIGINAL' and o.revision = 1
where t.tenant_id = :tenant and t.account_id = any(:account_ids) and t.security_id is not null
  and t.type not in ('DIVIDEND', 'INTEREST', 'DEPOSIT', 'WITHDRAWAL', 'ADVISORY_FEE', 'EXPENSE', 'TAX')
  and t.trade_date <= :as_of and t.book_version <= :version and {EFFECTIVE}
order by t.trade_date, coalesce(o.book_version, t.book_version),
  coalesce(o.source_line, t.source_line, 0), t.id
limit :row_limit
"""

_GIVEN: Final = f"""
select x.id::text as id, x.account_id::text as account, x.security_id::text as security, x.as_of,
  trim_scale(x.quantity) as quantity, x.acquired_on, trim_scale(x.cost_basis) as cost, x.source,
  x.source_id, x.related_source_id as related, x.source_line
from lots x where x.account_id = any(:account_ids) and {known("x")}
order by x.as_of, x.source_line, x.id
"""

_ACTIONS: Final = f"""
select x.id::text as id, x.security_id::text as security, x.type, x.ex_date,
  trim_scale(x.ratio_new) as ratio_new, trim_scale(x.ratio_old) as ratio_old,
  trim_scale(x.cash_amount) as cash_amount, x.other_security_id::text as other,
  trim_scale(x.basis_fraction) as basis_fraction, coalesce(x.is_taxable, false) as is_taxable
from corporate_actions x
where (x.security_id = any(:security_ids) or x.other_security_id = any(:security_ids))
  and x.type <> 'CASH_DIVIDEND' and {known("x")}
order by x.ex_date, x.id
"""

_SECURITIES: Final = f"""
with recursive named(id) as (
  select x from unnest(:security_ids) x
  union
  select s.underlying_id from named n
  join securities s on s.tenant_id = :tenant and s.id = n.id and s.underlying_id is not null
)
select s.id::text as id, s.name, s.symbol, s.currency, s.security_type, s.price_multiplier,
  s.underlying_id::text as underlying, s.option_type, trim_scale(s.strike) as strike,
  trim_scale(s.contract_size) as contract_size,
  (select i.value from security_identifiers i
   where i.security_id = s.id and i.scheme = 'CUSIP' and {known("i")}
     and (i.effective_from is null or i.effective_from <= :as_of)
   order by i.effective_from desc nulls last, i.id limit 1) as cusip
from named n join securities s on s.tenant_id = :tenant and s.id = n.id
order by s.id
"""

# Of the day itself: the day before a spin-off the parent's price has the other still in it.
_PRICES: Final = f"""
select a.security::text as security, a.day, trim_scale(p.close) as close
from unnest(:security_ids, :days) a(security, day)
cross join lateral ({LATEST_PRICE.format(security="a.security", day="a.day")}) p
where p.day = a.day
"""

_RATES: Final = f"""
select distinct on (x.base, x.quote, x.day) x.base, x.quote, x.day, x.rate
from fx_rates x
where x.tenant_id = :tenant and x.base = any(:words) and x.quote = any(:words) and x.day <= :as_of
  and x.book_version <= :version
  and {not_withdrawn("fx_rates", "x", "base", "quote", "day", "source", version=":version")}
order by x.base, x.quote, x.day, (x.source = 'MANUAL') desc, x.book_version desc
"""

_IDENTICAL: Final = f"""
select x.security_id::text as one, x.other_security_id::text as other, x.treatment, x.author_name, x.reason,
  x.effective_from, x.effective_to
from identical_securities x
where x.security_id = any(:security_ids) and x.other_security_id = any(:security_ids) and {known("x")}
order by x.book_version, x.id
"""

_ENTRY_LIMIT: Final = 1
DEFAULT_CONTRACT_SIZE: Final = Decimal(100)


def _of_view(reader: Reader, view: BookView) -> dict[str, Any]:
    return {"tenant": reader.tenant_id, "version": view.book_version, "as_of": view.as_of}


async def entry_rows(
    reader: Reader, view: BookView, accounts: Sequence[str], limit: int
) -> Sequence[Row[Any]]:
    """What stands at the version and moves units or basis, by day and as recorded; one more than ``limit``
    when there are more."""
    parameters = {**_of_view(reader, view), "account_ids": list(accounts), "row_limit": limit + _ENTRY_LIMIT}
    return await reader.rows(prepared(_ENTRIES), parameters)


async def action_now(reader: Reader, view: BookView, action_id: UUID) -> str | None:
    """The action that an id names, as it is known at the version: its terms may have been told since."""
    sql = f"select ({_ACTION_NOW}) from (select cast(:id as uuid) as corporate_action_id) t"
    parameters = {"tenant": reader.tenant_id, "version": view.book_version, "id": action_id}
    found: str | None = await reader.scalar(prepared(sql), parameters)
    return found


async def given_rows(reader: Reader, view: BookView, accounts: Sequence[str]) -> Sequence[Row[Any]]:
    """Lots that sources told."""
    parameters = {"tenant": reader.tenant_id, "version": view.book_version, "account_ids": list(accounts)}
    return await reader.rows(prepared(_GIVEN), parameters)


async def actions_of(reader: Reader, view: BookView, securities: Collection[str]) -> list[CorporateAction]:
    """Of these securities or into them."""
    parameters = {
        "tenant": reader.tenant_id, "version": view.book_version, "security_ids": sorted(securities),
    }  # fmt: skip
    return [
        CorporateAction(
            row.id, row.security, ActionType(row.type), row.ex_date, row.ratio_new, row.ratio_old,
            row.cash_amount, row.other, row.basis_fraction, row.is_taxable,
        )
        for row in await reader.rows(prepared(_ACTIONS), parameters)
    ]  # fmt: skip


async def security_rows(reader: Reader, view: BookView, securities: Collection[str]) -> dict[str, Row[Any]]:
    """They and what they are options on, by id."""
    parameters = {**_of_view(reader, view), "security_ids": sorted(securities)}
    return {row.id: row for row in await reader.rows(prepared(_SECURITIES), parameters)}


def terms_of(row: Row[Any]) -> SecurityTerms:
    return SecurityTerms(
        row.currency, row.security_type, row.cusip, row.price_multiplier, row.underlying, row.option_type,
        row.strike, row.contract_size or DEFAULT_CONTRACT_SIZE,
    )  # fmt: skip


async def closes(
    reader: Reader, view: BookView, wanted: Iterable[tuple[str, date]]
) -> dict[tuple[str, date], Decimal]:
    """The close that counts on each security's day; absent where it has none on that very day."""
    pairs = sorted(set(wanted))
    if not pairs:
        return {}
    parameters = {
        "tenant": reader.tenant_id,
        "version": view.book_version,
        "security_ids": [security for security, _day in pairs],
        "days": [day for _security, day in pairs],
    }
    return {(row.security, row.day): row.close for row in await reader.rows(prepared(_PRICES), parameters)}


async def rate_table(reader: Reader, view: BookView, currencies: Collection[str]) -> RateTable | None:
    """Rates between the currencies, also across the common ones; None where there is one currency."""
    if len(currencies) < 2:
        return None
    words = sorted({*currencies, *common_currencies(view.currency)})
    rows = await reader.rows(prepared(_RATES), {**_of_view(reader, view), "words": words})
    return RateTable((row.base, row.quote, row.day, row.rate) for row in rows)


async def identical_table(reader: Reader, view: BookView, securities: Mapping[str, Any]) -> IdenticalTable:
    """What the firm has judged of pairs of these securities."""
    parameters = {
        "tenant": reader.tenant_id, "version": view.book_version, "security_ids": sorted(securities),
    }  # fmt: skip
    return IdenticalTable(
        tuple(
            IdenticalPair(
                row.one, row.other, Treatment(row.treatment), row.author_name, row.reason,
                row.effective_from, row.effective_to,
            )
            for row in await reader.rows(prepared(_IDENTICAL), parameters)
        )
    )  # fmt: skip
