"""Market data of the demo books: real closes, splits, dividends and ECB rates from ``demo/data``.

Prices are raw: as traded on the day, not adjusted for what came later. A ticker is not a company, so a row
is used only on days on which the map file says that the ticker was the company's: FB before 18 May 2012, WM
before 5 August 2009, BAC before 1 October 1998, EEM, USO and BNO before their funds existed belonged to
others; QQQ traded as QQQQ from December 2004 to 22 March 2011 and has no rows here for those years; Alphabet
Class A is GOOG until 2 April 2014 and GOOGL from the next day, Class C is GOOG from then on.
"""

from __future__ import annotations

import csv
import functools
import gzip
import io
import zipfile
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from importlib import resources
from typing import Final, NamedTuple

from .instruments import INSTRUMENTS

FIRST_DAY: Final = date(2012, 1, 3)
LAST_DAY: Final = date(2021, 3, 31)
"""The demo clock: the books end on this day."""
_PRICE_SCALE: Final = Decimal(10_000)
_TENTH_OF_A_CENT: Final = Decimal("0.001")
PAYMENT_LAG: Final = timedelta(days=21)
"""The sources give ex-dates only: a dividend of the demo books is paid three weeks later."""


class Bar(NamedTuple):
    """A day's trading: raw prices in USD, shares traded."""

    day: date
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: int


class Split(NamedTuple):
    """From the opening of ``ex_date``, ``ratio`` shares stand for each share held the evening before."""

    ex_date: date
    ratio: Decimal
    text: str


class Distribution(NamedTuple):
    """From the opening of ``ex_date`` each share of ``key`` brings ``ratio`` shares of ``other_key``."""

    ex_date: date
    key: str
    other_key: str
    ratio: Decimal
    text: str


class Dividend(NamedTuple):
    """USD per share for holders at the opening of ``ex_date``, paid on ``payable_on`` (a trading day)."""

    ex_date: date
    payable_on: date
    per_share: Decimal


# In the factor files but not in the derived actions, and plain in the prices: 2.13 to 18.00, 89.45 to 44.05.
# The Class C holders' settlement of 2015 was paid in shares; its ratio is that of the factor file.
_SPLITS_BY_FACTOR: Final = {
    "USO": (Split(date(2020, 4, 29), Decimal("0.125"), "1-for-8 reverse split"),),
    "BNO": (Split(date(2013, 8, 29), Decimal(2), "2-for-1 split"),),
    "GOOG": (Split(date(2015, 4, 27), Decimal("1.0027"), "Class C settlement, 0.0027 share for each"),),
}
DISTRIBUTIONS: Final = (
    Distribution(
        date(2014, 4, 3),
        "GOOGL",
        "GOOG",
        Decimal(1),
        "Distribution of one Class C share for each Class A share",
    ),
)


@dataclass(frozen=True)
class Market:
    """Everything the books were traded against, from ``FIRST_DAY`` to ``LAST_DAY``."""

    bars: dict[str, list[Bar]]
    closes: dict[str, dict[date, Decimal]]
    days: list[date]
    """Trading days."""
    settlement_days: list[date]
    """Trading days on which banks are open, running on a little after ``LAST_DAY``."""
    splits: dict[str, tuple[Split, ...]]
    dividends: dict[str, tuple[Dividend, ...]]
    euro_rates: dict[str, dict[date, Decimal]]
    """Currency: units per euro by day (ECB reference rates)."""
    euro_days: list[date]

    def close(self, key: str, day: date) -> Decimal:
        """The raw close of that very day; KeyError when it did not trade then."""
        return self.closes[key][day]

    def trades(self, key: str, day: date) -> bool:
        """Whether the listing has a close on that day."""
        return day in self.closes[key]

    def trading_day(self, day: date) -> date:
        """The last trading day on or before ``day`` (the first one of all for an earlier day)."""
        return self.days[max(bisect_right(self.days, day) - 1, 0)]

    def settlement(self, trade_date: date) -> date:
        """Settlement of a US equity trade: three days until 4 September 2017, then two."""
        cycle = 3 if trade_date < date(2017, 9, 5) else 2
        return self.settlement_days[bisect_right(self.settlement_days, trade_date) - 1 + cycle]

    def dollars_per(self, currency: str, day: date) -> Decimal:
        """USD for one unit of ``currency`` by the last ECB rates published on or before ``day``."""
        if currency == "USD":
            return Decimal(1)
        published = self.euro_days[bisect_right(self.euro_days, day) - 1]
        per_euro = self.euro_rates["USD"][published]
        return per_euro if currency == "EUR" else per_euro / self.euro_rates[currency][published]


@functools.cache
def load_market() -> Market:
    """Read the data files; once per process."""
    bars = {key: list(_bars(key)) for key in INSTRUMENTS}
    days = [bar.day for bar in bars["SPY"]]
    euro_rates = _euro_rates()
    return Market(
        bars=bars,
        closes={key: {bar.day: bar.close for bar in series} for key, series in bars.items()},
        days=days,
        settlement_days=_settlement_days(days),
        splits=_splits(),
        dividends=_dividends(days),
        euro_rates=euro_rates,
        euro_days=sorted(euro_rates["USD"]),
    )


def _data(*parts: str) -> bytes:
    return resources.files("wealthnexus.demo").joinpath("data", *parts).read_bytes()


def ticker_periods(key: str) -> list[tuple[str, date, date]]:
    """(ticker, first day, last day) of a company by its map file: when which ticker was its own."""
    lines = [line.split(",") for line in _data("us_map_files", f"{key.lower()}.csv").decode().split()]
    entries = [(date.fromisoformat(f"{d[:4]}-{d[4:6]}-{d[6:]}"), ticker) for d, ticker, *_ in lines]
    periods: list[tuple[str, date, date]] = []
    begins = entries[0][0]
    for last_day, ticker in entries[1:]:
        if last_day >= begins:
            periods.append((ticker, begins, last_day))
        begins = last_day + timedelta(days=1)
    return periods


def _bars(key: str) -> Iterator[Bar]:
    for ticker, begins, ends in ticker_periods(key):
        first, last = max(begins, FIRST_DAY), min(ends, LAST_DAY)
        if first <= last:
            yield from _ticker_bars(ticker, first, last)


def _ticker_bars(ticker: str, first: date, last: date) -> Iterator[Bar]:
    """Rows of one ticker's file between two days; nothing when the file is not among the data."""
    try:
        raw = _data("us_equity_daily", f"{ticker}.zip")
    except FileNotFoundError:
        return
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        text = archive.read(f"{ticker}.csv").decode()
    begin, end = first.strftime("%Y%m%d"), last.strftime("%Y%m%d")
    for line in text.split("\n"):
        if not begin <= line[:8] <= end:
            continue
        stamp, opened, high, low, close, volume = line.split(",")
        day = date(int(stamp[:4]), int(stamp[4:6]), int(stamp[6:8]))
        prices = [Decimal(price) / _PRICE_SCALE for price in (opened, high, low, close)]
        yield Bar(day, prices[0], prices[1], prices[2], prices[3], int(volume))


def _actions() -> list[tuple[str, date, str, Decimal]]:
    rows = csv.DictReader(io.StringIO(_data("corporate_actions_derived.csv").decode()))
    return [
        (row["ticker"], date.fromisoformat(row["ex_date"]), row["type"], Decimal(row["value"]))
        for row in rows
        if row["ex_date"] >= FIRST_DAY.isoformat()
    ]


def _splits() -> dict[str, tuple[Split, ...]]:
    listed: dict[str, list[Split]] = {key: list(_SPLITS_BY_FACTOR.get(key, ())) for key in INSTRUMENTS}
    for ticker, ex_date, kind, value in _actions():
        if kind == "split":
            ratio = value.quantize(Decimal(1))
            listed[ticker].append(Split(ex_date, ratio, f"{ratio}-for-1 split"))
    return {key: tuple(sorted(splits)) for key, splits in listed.items()}


def _dividends(days: list[date]) -> dict[str, tuple[Dividend, ...]]:
    """Rates per share to a tenth of a cent: the derived figures are good to about 1e-4."""
    listed: dict[str, list[Dividend]] = {key: [] for key in INSTRUMENTS}
    for ticker, ex_date, kind, value in _actions():
        per_share = value.quantize(_TENTH_OF_A_CENT, rounding=ROUND_HALF_UP)
        if kind != "dividend" or not per_share:
            continue
        position = bisect_right(days, ex_date + PAYMENT_LAG)
        if position < len(days):
            listed[ticker].append(Dividend(ex_date, days[position], per_share))
    return {key: tuple(sorted(dividends)) for key, dividends in listed.items()}


def _euro_rates() -> dict[str, dict[date, Decimal]]:
    text = gzip.decompress(_data("fx", "ecb_reference_rates_1999_2021.csv.gz")).decode()
    rates: dict[str, dict[date, Decimal]] = {}
    # From a few days before the books begin, so that the first of them already has a rate.
    since = (FIRST_DAY - timedelta(days=7)).isoformat()
    for row in csv.DictReader(io.StringIO(text)):
        if row["Date"] < since:
            continue
        day = date.fromisoformat(row.pop("Date"))
        for currency, rate in row.items():
            rates.setdefault(currency, {})[day] = Decimal(rate)
    return rates


def _settlement_days(days: list[date]) -> list[date]:
    """Trading days without Columbus Day and Veterans Day: exchanges open then, banks do not."""
    after = [date(2021, 4, 1), date(2021, 4, 5), date(2021, 4, 6), date(2021, 4, 7), date(2021, 4, 8)]
    return [day for day in (*days, *after) if not _is_bank_holiday(day)]


def _is_bank_holiday(day: date) -> bool:
    columbus = day.month == 10 and day.weekday() == 0 and 8 <= day.day <= 14
    # On a Sunday it is observed on the Monday after it, on a Saturday not at all.
    veterans = day.month == 11 and (day.day == 11 or (day.day == 12 and day.weekday() == 0))
    return columbus or veterans
