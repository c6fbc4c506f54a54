"""Accounts with their figures: pages, by household, by id. One statement each."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain.clients.names import normalised
from wealthnexus.domain.clients.repository.force import TAGGED, in_force_sql, parameters
from wealthnexus.domain.clients.repository.households import IDS_MAX, MEMBERSHIP
from wealthnexus.domain.ledger.figures import (
    BASIS,
    BASIS_CASH,
    BASIS_SETTLED,
    SOURCE,
    FigureReason,
    MoneyFigure,
    accrued_total,
    as_money,
    explain_cash,
    explain_total,
    reasons_from,
)
from wealthnexus.domain.ledger.rules import Quality, quality_of
from wealthnexus.domain.ledger.statements import keyset, ordering, prepared
from wealthnexus.domain.ledger.valuation import ASKED_ALL, asked_from, live_values, stored_values
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.errors import LimitExceeded
from wealthnexus.kit.paging import Page, PageRequest, cut_page, decode_cursor, encode_cursor
from wealthnexus.kit.texts import TOO_MANY_IDS


class AccountOrderField(StrEnum):
    NAME = "NAME"
    MARKET_VALUE = "MARKET_VALUE"
    OPENED_ON = "OPENED_ON"


@dataclass(frozen=True, slots=True)
class AccountOrder:
    """MARKET_VALUE compares in the firm's currency; an account without a value stands below every other."""

    field: AccountOrderField = AccountOrderField.NAME
    descending: bool = False


@dataclass(frozen=True, slots=True)
class AccountFilter:
    household_id: UUID | None = None
    name_contains: str | None = None
    custodian: str | None = None
    account_type: str | None = None
    tag: str | None = None


# Not frozen: see MoneyFigure.
@dataclass(slots=True)
class AccountRow:
    """An account with its figures in its own currency."""

    id: UUID
    external_id: str
    name: str
    account_number_last4: str | None
    account_type: str
    tax_status: str
    custodian: str | None
    currency: str
    opened_on: date | None
    closed_on: date | None
    lot_method: str
    has_margin: bool
    custodianship_ends_on: date | None
    reconciled_through: date | None
    as_of: date
    market_value: MoneyFigure
    cash: MoneyFigure
    settled_cash: MoneyFigure
    accrued_interest: MoneyFigure
    version: int


COLUMNS: Final = """a.id, a.external_id, a.name, a.name_normalised, a.account_number_last4, a.account_type,
    a.tax_status, a.custodian, a.currency, a.opened_on, a.lot_method, a.closed_on,
    a.has_margin, a.custodianship_ends_on, a.reconciled_through, a.version"""

_VALUED: Final = """
valued as (
  select c.*, v.market_value, v.cash, v.settled_cash, v.position_count, v.unpriced_count, v.stale_count,
    v.unaccrued_count, v.accrued_interest,
    v.oldest_price_day, v.reasons, v.reporting_value, {terms} as terms_then
  from chosen c left join account_values v on v.account_id = c.id
)"""
# Another day, or what was known before: the terms of that day, as they were known then.
_TERMS_THEN: Final = f"""(
    select jsonb_build_array(x.account_type, x.tax_status, x.lot_method) from account_terms x
    where x.account_id = c.id and {in_force_sql("x")} order by x.effective_from desc limit 1)"""

_SORT: Final[dict[AccountOrderField, tuple[str, str, str]]] = {
    AccountOrderField.NAME: ("a.name_normalised", "s", "after_text"),
    AccountOrderField.MARKET_VALUE: ("coalesce(a.reporting_value, -1e30)", "n", "after_number"),
    AccountOrderField.OPENED_ON: ("coalesce(a.opened_on, date '1800-01-01')", "d", "after_day"),
}


@functools.lru_cache(maxsize=256)
def chain(chosen: str, *, stored: bool, everything: bool) -> str:
    """From ``chosen`` to ``valued``."""
    members = "members as (select c.id as account_id from chosen c)"
    if stored:
        only = "" if everything else "and v.account_id = any(array(select m.account_id from members m))"
        values = stored_values(only)
    elif everything:
        values = live_values(ASKED_ALL, only_asked=False)
    else:
        values = live_values(asked_from("members"), only_asked=True)
    valued = _VALUED.format(terms="null::jsonb" if stored else _TERMS_THEN)
    return f"with chosen as materialized ({chosen}), {members}, {values}, {valued}"


def _conditions(filter_: AccountFilter, *, portal: bool) -> tuple[str, dict[str, Any]]:
    found = ["a.tenant_id = :tenant"]
    values: dict[str, Any] = {}
    if filter_.household_id is not None:
        found.append(f"a.id in (select ha.account_id {MEMBERSHIP} and ha.household_id = :household_id)")
        values["household_id"] = filter_.household_id
    if filter_.name_contains and (part := normalised(filter_.name_contains)):
        found.append("strpos(a.name_normalised, :name_part) > 0")
        values["name_part"] = part
    if filter_.custodian is not None:
        found.append("a.custodian = :custodian")
        values["custodian"] = filter_.custodian
    if filter_.account_type is not None:
        found.append("a.account_type = :account_type")
        values["account_type"] = filter_.account_type
    if filter_.tag is not None:
        found.append("false" if portal else f"a.id in {TAGGED}")
        values |= {} if portal else {"tag": normalised(filter_.tag)}
    return " and ".join(found), values


async def accounts_page(
    reader: Reader,
    view: BookView,
    request: PageRequest,
    filter: AccountFilter = AccountFilter(),
    order: AccountOrder = AccountOrder(),
) -> Page[AccountRow]:
    """One page; by name and opening date, figures are computed for the page alone."""
    where, values = _conditions(filter, portal=reader.binding.role == "portal")
    column, letter, parameter = _SORT[order.field]
    columns, names = (column, "a.id"), (parameter, "after_id")
    sorting = ordering(columns, descending=order.descending, backward=request.backward)
    after = ""
    if request.after is not None:
        values.update(zip(names, decode_cursor(request.after, letter + "u"), strict=True))
        after = keyset(columns, names, descending=order.descending, backward=request.backward)
    by_value = order.field is AccountOrderField.MARKET_VALUE
    cut = f"order by {sorting} limit :row_limit"
    if by_value:
        chosen = f"select {COLUMNS} from accounts a where {where}"
        final = f"select a.*, {column} as sort_value from valued a {f'where {after}' if after else ''} {cut}"
    else:
        if after:
            where = f"{where} and {after}"
        chosen = f"select {COLUMNS} from accounts a where {where} {cut}"
        final = f"select a.*, {column} as sort_value from valued a order by {sorting}"
    everything = by_value and len(values) == 0
    rows = await reader.rows(
        prepared(f"{chain(chosen, stored=view.is_stored, everything=everything)} {final}"),
        {"tenant": reader.tenant_id, **view.parameters(), **values, "row_limit": request.first + 1},
    )
    cursors = [encode_cursor([row.sort_value, row.id]) for row in rows]
    return cut_page([account_row(row, view) for row in rows], cursors, request)


async def accounts_count(
    reader: Reader,
    view: BookView,
    filter: AccountFilter = AccountFilter(),
) -> int:
    """How many accounts the unpaged list has."""
    where, values = _conditions(filter, portal=reader.binding.role == "portal")
    sql = f"select count(*) from accounts a where {where}"
    bound = {"tenant": reader.tenant_id, **view.parameters(), **values}
    return int(await reader.scalar(prepared(sql), bound))


async def accounts_by_ids(reader: Reader, view: BookView, ids: Sequence[UUID]) -> dict[UUID, AccountRow]:
    """The accounts the caller may see, by id; others are absent. At most 1,000 ids."""
    if not ids:
        return {}
    if len(ids) > IDS_MAX:
        raise LimitExceeded(TOO_MANY_IDS(count=len(ids), limit=IDS_MAX), path=("ids",))
    chosen = f"select {COLUMNS} from accounts a where a.tenant_id = :tenant and a.id = any(:ids)"
    rows = await reader.rows(
        prepared(f"{chain(chosen, stored=view.is_stored, everything=False)} select * from valued"),
        {"tenant": reader.tenant_id, **view.parameters(), "ids": list(ids)},
    )
    return {row.id: account_row(row, view) for row in rows}


async def accounts_by_household_ids(
    reader: Reader, view: BookView, household_ids: Sequence[UUID], request: PageRequest
) -> dict[UUID, Page[AccountRow]]:
    """The first accounts of each household (after the cursor, when one is given), by name."""
    return await _accounts_by_parents(reader, view, _OF_HOUSEHOLDS, household_ids, request)


async def accounts_by_party_ids(
    reader: Reader, view: BookView, party_ids: Sequence[UUID], request: PageRequest
) -> dict[UUID, Page[AccountRow]]:
    """The first accounts that each party owns or acts for, in whatever role, by name."""
    return await _accounts_by_parents(reader, view, _OF_PARTIES, party_ids, request)


_OF_HOUSEHOLDS: Final = f"""select ha.household_id as parent_id, ha.account_id {MEMBERSHIP}
  and ha.household_id = any(:ids)"""
_OF_PARTIES: Final = f"""select distinct o.party_id as parent_id, o.account_id from account_owners o
  where {in_force_sql("o")} and o.party_id = any(:ids)"""


async def accounts_count_by_party_ids(
    reader: Reader, view: BookView, party_ids: Sequence[UUID]
) -> dict[UUID, int]:
    """How many accounts each party owns or acts for."""
    rows = await reader.rows(
        prepared(
            f"select p.parent_id, count(*) as account_count from ({_OF_PARTIES}) p group by p.parent_id"
        ),
        parameters(reader, view, ids=list(party_ids)),
    )
    return {row.parent_id: row.account_count for row in rows}


async def _accounts_by_parents(
    reader: Reader, view: BookView, source: str, ids: Sequence[UUID], request: PageRequest
) -> dict[UUID, Page[AccountRow]]:
    if not ids:
        return {}
    columns, names = ("a.name_normalised", "a.id"), ("after_text", "after_id")
    values: dict[str, Any] = {}
    after = ""
    if request.after is not None:
        values = dict(zip(names, decode_cursor(request.after, "su"), strict=True))
        after = "and " + keyset(columns, names, descending=False, backward=request.backward)
    sorting = ordering(columns, descending=False, backward=request.backward)
    picked = (
        f"select * from (select m.parent_id, row_number() over (partition by m.parent_id"
        f" order by {sorting}) as place, {COLUMNS} from ({source}) m"
        f" join accounts a on a.tenant_id = :tenant and a.id = m.account_id {after}) n"
        f" where n.place <= :row_limit"
    )
    rows = await reader.rows(
        prepared(
            f"{chain(picked, stored=view.is_stored, everything=False)}"
            " select * from valued order by parent_id, place"
        ),
        {
            "tenant": reader.tenant_id,
            **view.parameters(),
            **values,
            "ids": list(ids),
            "row_limit": request.first + 1,
        },
    )
    grouped: dict[UUID, list[Row[Any]]] = {parent_id: [] for parent_id in ids}
    made: dict[UUID, AccountRow] = {}
    for row in rows:
        grouped[row.parent_id].append(row)
        if row.id not in made:
            made[row.id] = account_row(row, view)
    return {
        parent_id: cut_page(
            [made[row.id] for row in of_parent],
            [encode_cursor([row.name_normalised, row.id]) for row in of_parent],
            request,
        )
        for parent_id, of_parent in grouped.items()
    }


# -- rows --------------------------------------------------------------------------------------------------


def account_row(row: Row[Any], view: BookView) -> AccountRow:
    account_type, tax_status, lot_method = row.terms_then or (
        row.account_type, row.tax_status, row.lot_method,
    )  # fmt: skip
    return AccountRow(
        id=row.id,
        external_id=row.external_id,
        name=row.name,
        account_number_last4=row.account_number_last4,
        account_type=account_type,
        tax_status=tax_status,
        custodian=row.custodian,
        currency=row.currency,
        opened_on=row.opened_on,
        closed_on=row.closed_on,
        lot_method=lot_method,
        has_margin=row.has_margin,
        custodianship_ends_on=row.custodianship_ends_on,
        reconciled_through=row.reconciled_through,
        as_of=view.as_of,
        market_value=account_value(row, view),
        cash=account_cash(row, view, row.cash, BASIS_CASH),
        settled_cash=account_cash(row, view, row.settled_cash, BASIS_SETTLED),
        accrued_interest=account_accrued(row, view),
        version=row.version,
    )


def account_value(row: Row[Any], view: BookView, what: str = "account") -> MoneyFigure:
    value, cash = as_money(row.market_value, row.currency), as_money(row.cash, row.currency)
    unpriced, stale, unaccrued = row.unpriced_count or 0, row.stale_count or 0, row.unaccrued_count or 0
    reasons: tuple[FigureReason, ...] = ()
    if unpriced or stale or unaccrued:
        reasons = reasons_from(row.reasons, unpriced + stale + unaccrued)
    return MoneyFigure(
        value,
        row.currency,
        view.as_of,
        BASIS,
        SOURCE,
        view.computed_at,
        quality_of(value, unpriced + unaccrued, stale),
        reasons,
        view.book_version,
        lambda: explain_total(
            what=what,
            currency=row.currency,
            as_of=view.as_of,
            book_version=view.book_version,
            positions_value=None
            if value is None or cash is None
            else value - cash - (row.accrued_interest or 0),
            accrued=as_money(row.accrued_interest, row.currency),
            cash=cash,
            position_count=row.position_count or 0,
            unpriced_count=unpriced,
            stale_count=stale,
            unaccrued_count=unaccrued,
            oldest_price_day=row.oldest_price_day,
        ),
    )


def account_accrued(row: Row[Any], view: BookView) -> MoneyFigure:
    """The interest that is in its market value."""
    unaccrued, records = row.unaccrued_count or 0, row.reasons or ()
    return accrued_total(row.accrued_interest, view, row.currency, unaccrued=unaccrued, records=records)


def account_cash(row: Row[Any], view: BookView, amount: Decimal | None, basis: str) -> MoneyFigure:
    cash = as_money(amount, row.currency)
    return MoneyFigure(
        cash,
        row.currency,
        view.as_of,
        basis,
        SOURCE,
        view.computed_at,
        Quality.COMPLETE if cash is not None else Quality.UNAVAILABLE,
        (),
        view.book_version,
        lambda: explain_cash(
            currency=row.currency, as_of=view.as_of, book_version=view.book_version, cash=cash, basis=basis
        ),
    )
