"""Reads of the firm's securities: by id, as a page, and who holds them."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from wealthnexus.domain.clients.names import normalised
from wealthnexus.domain.ledger.statements import keyset, ordering, prepared
from wealthnexus.domain.ledger.valuation import LATEST_PRICE
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.paging import Page, PageRequest, cut_page, decode_cursor, encode_cursor


# Not frozen: thousands are made for one answer.
@dataclass(slots=True)
class SecurityRow:
    """One of the firm's securities. Prices times ``price_multiplier`` are per unit."""

    id: UUID
    security_key: str
    name: str
    symbol: str | None
    exchange: str | None
    security_type: str
    asset_class: str
    sub_asset_class: str | None
    currency: str
    price_multiplier: Decimal
    version: int
    source: str
    underlying_id: UUID | None
    option_type: str | None
    strike: Decimal | None
    expiry: date | None
    contract_size: Decimal | None
    coupon: Decimal | None
    maturity: date | None


_COLUMNS: Final = """s.id, s.security_key, s.name, s.symbol, s.exchange, s.security_type, s.asset_class,
  s.sub_asset_class, s.currency, s.price_multiplier, s.version, s.source, s.underlying_id, s.option_type,
  trim_scale(s.strike) as strike, s.expiry, trim_scale(s.contract_size) as contract_size,
  trim_scale(s.coupon) as coupon, s.maturity"""
_SECURITIES: Final = f"select {_COLUMNS} from securities s where s.tenant_id = :tenant and s.id = any(:ids)"


async def securities_by_ids(reader: Reader, ids: Sequence[UUID]) -> dict[UUID, SecurityRow]:
    """The securities the caller may see, by id; others are absent."""
    rows = await reader.rows(prepared(_SECURITIES), {"tenant": reader.tenant_id, "ids": list(ids)})
    return {row[0]: SecurityRow(*row) for row in map(tuple, rows)}


# -- a page --------------------------------------------------------------------------------------------------


class SecurityOrderField(StrEnum):
    NAME = "NAME"
    SYMBOL = "SYMBOL"
    SECURITY_TYPE = "SECURITY_TYPE"
    ASSET_CLASS = "ASSET_CLASS"


@dataclass(frozen=True, slots=True)
class SecurityFilter:
    """None and empty do not filter. ``is_held``: by any account the caller may see, on the view's day.

    ``has_findings``: with an open finding about it.
    """

    name_contains: str | None = None
    security_types: Sequence[str] = ()
    asset_classes: Sequence[str] = ()
    currency: str | None = None
    is_held: bool | None = None
    has_findings: bool | None = None


@dataclass(frozen=True, slots=True)
class SecurityOrder:
    field: SecurityOrderField = SecurityOrderField.NAME
    descending: bool = False


_SORT: Final = {
    SecurityOrderField.NAME: "s.name_normalised",
    SecurityOrderField.SYMBOL: "coalesce(s.symbol, '')",
    SecurityOrderField.SECURITY_TYPE: "s.security_type",
    SecurityOrderField.ASSET_CLASS: "s.asset_class",
}
_HELD: Final = """exists (
    select 1 from transactions t where t.tenant_id = :tenant and t.security_id = s.id
      and t.trade_date <= :as_of and t.book_version <= :version
    group by t.account_id having sum(t.units) <> 0)"""
_DOUBTED: Final = """exists (select 1 from findings f where f.tenant_id = :tenant and f.subject_id = s.id
    and f.state = 'OPEN')"""


def _conditions(view: BookView, filter_: SecurityFilter, *, portal: bool) -> tuple[list[str], dict[str, Any]]:
    found: list[str] = ["s.tenant_id = :tenant"]
    values: dict[str, Any] = {}
    if filter_.name_contains and (part := normalised(filter_.name_contains)):
        found.append("(strpos(s.name_normalised, :name_part) > 0 or strpos(lower(s.symbol), :name_part) > 0)")
        values["name_part"] = part
    if filter_.security_types:
        found.append("s.security_type = any(:types)")
        values["types"] = list(filter_.security_types)
    if filter_.asset_classes:
        found.append("s.asset_class = any(:kinds)")
        values["kinds"] = list(filter_.asset_classes)
    if filter_.currency is not None:
        found.append("s.currency = :kind")
        values["kind"] = filter_.currency
    if filter_.is_held is not None:
        found.append(_HELD if filter_.is_held else f"not {_HELD}")
        values |= {"as_of": view.as_of, "version": view.book_version}
    if filter_.has_findings is not None and not portal:
        found.append(_DOUBTED if filter_.has_findings else f"not {_DOUBTED}")
    elif filter_.has_findings:
        found.append("false")  # clients have no right to the firm's findings
    return found, values


async def securities_page(
    reader: Reader,
    view: BookView,
    request: PageRequest,
    filter_: SecurityFilter = SecurityFilter(),
    order: SecurityOrder = SecurityOrder(),
) -> Page[SecurityRow]:
    """One page of the securities the caller may see."""
    conditions, values = _conditions(view, filter_, portal=reader.binding.role == "portal")
    column = _SORT[order.field]
    columns, parameters = (column, "s.id"), ("after_text", "after_id")
    if request.after is not None:
        values |= dict(zip(parameters, decode_cursor(request.after, "su"), strict=True))
        conditions.append(keyset(columns, parameters, descending=order.descending, backward=request.backward))
    sorting = ordering(columns, descending=order.descending, backward=request.backward)
    sql = (
        f"select {_COLUMNS}, {column} as sort_value from securities s"
        f" where {' and '.join(conditions)} order by {sorting} limit :row_limit"
    )
    rows = await reader.rows(
        prepared(sql), {"tenant": reader.tenant_id, **values, "row_limit": request.first + 1}
    )
    found = [tuple(row) for row in rows]
    cursors = [encode_cursor([row[-1], row[0]]) for row in found]
    return cut_page([SecurityRow(*row[:-1]) for row in found], cursors, request)


async def securities_count(reader: Reader, view: BookView, filter_: SecurityFilter) -> int:
    conditions, values = _conditions(view, filter_, portal=reader.binding.role == "portal")
    sql = f"select count(*) from securities s where {' and '.join(conditions)}"
    return int(await reader.scalar(prepared(sql), {"tenant": reader.tenant_id, **values}))


# -- who holds it --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class HolderRow:
    """An account's holding of a security; the value at the price that counts, in the security's currency.

    ``price`` and ``value`` None: there is no price.
    """

    security_id: UUID
    account_id: UUID
    account_name: str
    last4: str | None
    units: Decimal
    price: Decimal | None
    price_date: date | None
    price_source: str | None


_HOLDERS: Final = f"""
with held as (
  select t.security_id, t.account_id, sum(t.units) as units
  from transactions t
  where t.tenant_id = :tenant and t.security_id = any(:ids) and t.trade_date <= :as_of
    and t.book_version <= :version
  group by t.security_id, t.account_id having sum(t.units) <> 0
),
placed as (
  select h.*, a.name, a.account_number_last4 as last4, a.name_normalised,
    row_number() over (partition by h.security_id order by {{sorting}}) as place
  from held h join accounts a on a.tenant_id = :tenant and a.id = h.account_id
  {{after}}
)
select h.security_id, h.account_id, h.name, h.last4, trim_scale(h.units), trim_scale(p.close), p.day,
  p.source, h.name_normalised
from placed h
left join lateral ({LATEST_PRICE.format(security="h.security_id", day=":as_of")}) p on true
where h.place <= :row_limit order by h.security_id, h.place
"""
_HOLDER_KEYS: Final = ("a.name_normalised", "a.id")


async def holders_by_security_ids(
    reader: Reader, view: BookView, ids: Sequence[UUID], request: PageRequest
) -> dict[UUID, Page[HolderRow]]:
    """The accounts that hold each security on the view's day, by name, as far as the caller may see them."""
    values: dict[str, Any] = {}
    after = ""
    if request.after is not None:
        names = ("after_text", "after_id")
        values = dict(zip(names, decode_cursor(request.after, "su"), strict=True))
        after = "where " + keyset(_HOLDER_KEYS, names, descending=False, backward=request.backward)
    sorting = ordering(_HOLDER_KEYS, descending=False, backward=request.backward)
    rows = await reader.rows(
        prepared(_HOLDERS.format(sorting=sorting, after=after)),
        {
            "tenant": reader.tenant_id,
            "ids": list(ids),
            "as_of": view.as_of,
            "version": view.book_version,
            "row_limit": request.first + 1,
            **values,
        },
    )
    grouped: dict[UUID, list[tuple[Any, ...]]] = {security_id: [] for security_id in ids}
    for row in map(tuple, rows):
        grouped[row[0]].append(row)
    return {
        security_id: cut_page(
            [HolderRow(*row[:-1]) for row in found],
            [encode_cursor([row[-1], row[1]]) for row in found],
            request,
        )
        for security_id, found in grouped.items()
    }
