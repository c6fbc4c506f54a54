"""Reads of the price desk: what every source says, how far days are covered, and the exchange rates."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from wealthnexus.domain.ledger.rules import APPRAISED_TYPES, freshness, last_weekdays
from wealthnexus.domain.ledger.statements import not_withdrawn, prepared
from wealthnexus.domain.ledger.valuation import PRICE_RANK
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.domain.markets.repository.judged import held_securities
from wealthnexus.domain.markets.repository.prices import STANDING
from wealthnexus.domain.markets.rules import calendars
from wealthnexus.kit.db.session import Reader

RATES_LOOKED_BACK_DAYS: Final = 400


@dataclass(slots=True)
class PriceWord:
    """The last word of one source on a day. ``precedence``: 1 is the price that counts; None: withdrawn."""

    date: date
    source: str
    close: Decimal
    precedence: int | None
    entered_by: UUID | None
    reason: str | None


@dataclass(slots=True)
class Coverage:
    """Of what is held now: whose market traded on the day, what has a price of the day, and from whom."""

    date: date
    expected_count: int
    priced_count: int
    manual_count: int
    synthetic_count: int


@dataclass(slots=True)
class RateRow:
    """1 ``base`` = ``rate`` ``quote``; the rate before it is of an earlier day."""

    base: str
    quote: str
    rate: Decimal
    before: Decimal | None
    before_date: date | None
    source: str
    is_stale: bool
    date: date


_WORDS: Final = f"""
with latest as (
  select distinct on (p.security_id, p.day, p.source) p.security_id, p.day, p.source, p.book_version,
    p.close, p.is_withdrawn, p.entered_by, p.reason
  from security_prices p
  where p.tenant_id = :tenant and p.security_id = any(:ids) and p.day between :day_from and :day_to
    and p.book_version <= :version
  order by p.security_id, p.day, p.source, p.book_version desc
)
select l.security_id, l.day, l.source, trim_scale(l.close) as close, case when not l.is_withdrawn then
    row_number() over (partition by l.security_id, l.day, l.is_withdrawn
      order by {PRICE_RANK.format(source="l.source")}, l.book_version desc, l.source) end as precedence,
  l.entered_by, l.reason
from latest l
order by l.security_id, l.day desc, precedence nulls last, l.source
"""

_COVERED: Final = f"""
with {STANDING}
select s.security_id, s.day, s.source from standing s
"""

_TRADED_AT: Final = """
select s.id, s.exchange, s.security_type from securities s where s.tenant_id = :tenant and s.id = any(:ids)
"""

_RATES: Final = f"""
with latest as (
  select distinct on (x.base, x.quote, x.day) x.base, x.quote, x.day, trim_scale(x.rate) as rate, x.source
  from fx_rates x
  where x.tenant_id = :tenant and x.day between :day_from and :day_to and x.book_version <= :version
    and {not_withdrawn("fx_rates", "x", "base", "quote", "day", "source", version=":version")}
  order by x.base, x.quote, x.day, (x.source = 'MANUAL') desc, x.book_version desc
),
placed as (
  select l.*, lag(l.rate) over w as before, lag(l.day) over w as before_day,
    row_number() over (partition by l.base, l.quote order by l.day desc) as place
  from latest l window w as (partition by l.base, l.quote order by l.day)
)
select * from placed p where p.place = 1 order by p.base, p.quote
"""


async def price_words(
    reader: Reader, view: BookView, ids: Sequence[UUID], *, day_from: date, day_to: date
) -> dict[UUID, list[PriceWord]]:
    """Every source's last word on each day, latest day first, in the order of the precedence."""
    found: dict[UUID, list[PriceWord]] = {key: [] for key in ids}
    given = {
        "tenant": reader.tenant_id, "ids": list(ids), "day_from": day_from,
        "day_to": min(day_to, view.as_of), "version": view.book_version,
    }  # fmt: skip
    for key, *rest in map(tuple, await reader.rows(prepared(_WORDS), given)):
        found[key].append(PriceWord(*rest))
    return found


async def coverage(reader: Reader, view: BookView, days: int) -> list[Coverage]:
    """The last weekdays, oldest first: what of the securities held now has a price of the day itself."""
    dates = last_weekdays(view.as_of, days)
    held = dict(await held_securities(reader, view))
    given = {
        "tenant": reader.tenant_id, "ids": list(held), "day_from": dates[0], "day_to": dates[-1],
        "version": view.book_version,
    }  # fmt: skip
    sources = {(row.security_id, row.day): row.source for row in await reader.rows(prepared(_COVERED), given)}
    traded = [
        (row.id, calendars.calendar_of(row.exchange))
        for row in await reader.rows(prepared(_TRADED_AT), given)
        if row.security_type not in APPRAISED_TYPES
    ]
    found = []
    for day in dates:
        expected = [
            key
            for key, calendar in traded
            if held[key] <= day and (calendar is None or calendar.is_session(day))
        ]
        given_by = [sources[key, day] for key in expected if (key, day) in sources]
        found.append(
            Coverage(day, len(expected), len(given_by), given_by.count("MANUAL"), given_by.count("SYNTHETIC"))
        )
    return found


async def rates(reader: Reader, view: BookView) -> list[RateRow]:
    """The rate of each published pair that counts, with the one before it."""
    given = {
        "tenant": reader.tenant_id, "version": view.book_version, "day_to": view.as_of,
        "day_from": view.as_of - timedelta(days=RATES_LOOKED_BACK_DAYS),
    }  # fmt: skip
    edge = freshness(view.as_of).unlisted
    return [
        RateRow(
            row.base, row.quote, row.rate, row.before, row.before_day, row.source, row.day < edge, row.day
        )
        for row in await reader.rows(prepared(_RATES), given)
    ]
