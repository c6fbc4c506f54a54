"""Who a symbol was on a day, by the real histories of names of US listings."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from importlib import resources
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wealthnexus.domain.markets.rules.resolution import Naming, names_in_order, overlaps, resolve_on

pytestmark = pytest.mark.unit
EXCHANGES = {"Q": "XNAS", "N": "XNYS"}
LAST = date(2050, 12, 31)
COMPANIES = {
    name: UUID(int=number)
    for number, name in enumerate(
        ("aapl", "aig", "bac", "bno", "eem", "fb", "goog", "googl", "ibm", "iwm", "qqq", "spy", "uso", "wm"),
        1,
    )
}


def history(name: str) -> list[Naming]:
    """The names of one company: each line of its map file is the last day of a name."""
    text = (resources.files("wealthnexus") / "demo" / "data" / "us_map_files" / f"{name}.csv").read_text()
    found: list[Naming] = []
    start: date | None = None
    for last, symbol, *exchange in csv.reader(text.splitlines()):
        day = date.fromisoformat(f"{last[:4]}-{last[4:6]}-{last[6:]}")
        place = EXCHANGES.get(exchange[0]) if exchange else None
        end = None if day == LAST else day + timedelta(days=1)
        found.append(Naming(COMPANIES[name], "SYMBOL", symbol.upper(), place, start or day, end))
        start = day + timedelta(days=1)
    return names_in_order(found)


NAMES = [naming for name in COMPANIES for naming in history(name)]


def who(symbol: str, day: str, exchange: str | None = None) -> str:
    namings = [naming for naming in NAMES if naming.value == symbol]
    found = resolve_on(namings, date.fromisoformat(day), exchange)
    if found.security_id is None:
        return found.outcome
    return next(name for name, key in COMPANIES.items() if key == found.security_id)


@pytest.mark.parametrize(
    ("symbol", "day", "company"),
    [
        # Class A was GOOG through 2 April 2014; since the split of that day class C is, and class A GOOGL.
        ("GOOG", "2004-08-18", "elsewhen"),
        ("GOOG", "2004-08-19", "googl"),
        ("GOOG", "2014-04-02", "googl"),
        ("GOOG", "2014-04-03", "goog"),
        ("GOOGL", "2014-04-02", "elsewhen"),
        ("GOOGL", "2014-04-03", "googl"),
        ("GOOCV", "2014-03-31", "goog"),
        ("GOOCV", "2014-04-03", "elsewhen"),
        # The Nasdaq-100 trust was QQQ, QQQQ from December 2004 to March 2011, and QQQ again.
        ("QQQ", "2004-11-30", "qqq"),
        ("QQQ", "2004-12-01", "elsewhen"),
        ("QQQQ", "2004-12-01", "qqq"),
        ("QQQQ", "2011-03-22", "qqq"),
        ("QQQQ", "2011-03-23", "elsewhen"),
        ("QQQ", "2011-03-23", "qqq"),
        # NationsBank became BankAmerica on 1 October 1998.
        ("NB", "1998-09-30", "bac"),
        ("BAC", "1998-09-30", "elsewhen"),
        ("BAC", "1998-10-01", "bac"),
        ("WM", "2009-08-05", "wm"),
        ("UW", "1998-07-16", "wm"),
        ("WMI", "2009-08-04", "wm"),
        ("UW", "1998-07-17", "elsewhen"),
        ("ZZZZ", "2020-01-02", "unknown"),
    ],
)
def test_a_renamed_and_a_reused_symbol_by_date(symbol: str, day: str, company: str) -> None:
    assert who(symbol, day) == company


def test_the_real_histories_never_overlap() -> None:
    assert overlaps(NAMES) == []
    assert [n.value for n in history("qqq")] == ["QQQ", "QQQQ", "QQQ"]


def named(key: int, exchange: str | None, start: str | None, end: str | None) -> Naming:
    return Naming(
        UUID(int=key), "SYMBOL", "ABC", exchange,
        date.fromisoformat(start) if start else None, date.fromisoformat(end) if end else None,
    )  # fmt: skip


def test_an_exchange_decides_between_two_that_share_a_symbol() -> None:
    two = [named(1, "XNYS", None, None), named(2, "XLON", None, None)]
    assert resolve_on(two, date(2020, 1, 2)).outcome == "ambiguous"
    assert resolve_on(two, date(2020, 1, 2), "XLON").security_id == UUID(int=2)
    assert resolve_on(two, date(2020, 1, 2), "XETR").outcome == "unknown"


def test_what_is_named_at_the_exchange_wins_over_what_is_named_anywhere() -> None:
    two = [named(1, None, None, None), named(2, "XLON", None, None)]
    assert resolve_on(two, date(2020, 1, 2), "XLON").security_id == UUID(int=2)
    assert resolve_on(two, date(2020, 1, 2), "XNYS").security_id == UUID(int=1)


def test_two_at_one_time_on_one_exchange_are_found() -> None:
    first, second = named(1, "XNYS", "2010-01-01", "2015-06-02"), named(2, "XNYS", "2015-06-01", None)
    assert overlaps([second, first]) == [(first, second)]
    assert overlaps([named(1, "XNYS", "2010-01-01", "2015-06-01"), second]) == []
    assert overlaps([first, named(1, "XNYS", "2012-01-01", None)]) == []
    assert overlaps([named(1, "XNYS", None, None), named(2, "XLON", None, None)]) == []


DAYS = st.integers(0, 40).map(lambda n: date(2020, 1, 1) + timedelta(days=n))
NAMINGS = st.lists(
    st.builds(
        lambda key, start, length: Naming(
            UUID(int=key), "SYMBOL", "ABC", "XNYS", start,
            None if length is None else start + timedelta(days=length),
        ),
        st.integers(1, 3), DAYS, st.one_of(st.none(), st.integers(1, 15)),
    ),
    max_size=6,
)  # fmt: skip


@given(NAMINGS)
def test_a_value_is_ambiguous_on_some_day_exactly_when_namings_overlap(namings: list[Naming]) -> None:
    days = [date(2020, 1, 1) + timedelta(days=n) for n in range(60)]
    ambiguous = any(resolve_on(namings, day, "XNYS").outcome == "ambiguous" for day in days)
    assert ambiguous == bool(overlaps(namings))


@given(NAMINGS, DAYS)
def test_joining_pieces_of_a_name_changes_no_answer(namings: list[Naming], day: date) -> None:
    own = [n for n in namings if n.security_id == UUID(int=1)]
    assert resolve_on(names_in_order(own), day).security_id == resolve_on(own, day).security_id
