"""Sessions against the library they come from, against published closings, and settlement dates."""

from __future__ import annotations

import json
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wealthnexus.domain.markets.rules import calendars
from wealthnexus.domain.markets.rules.calendars import ExchangeCalendar

pytestmark = pytest.mark.unit
TRUTH = json.loads((Path(__file__).parent.parent / "truths" / "calendars.json").read_text())


def of(code: str) -> ExchangeCalendar:
    found = calendars.calendar_of(code)
    assert found is not None
    return found


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize("case", TRUTH["cases"], ids=lambda case: case["id"])
def test_settlement_dates_others_published(case: dict[str, str]) -> None:
    assert calendars.settlement_date("XNYS", d(case["trade_date"])) == d(case["settlement"])


@pytest.mark.filterwarnings("ignore:Series.values")  # within the library
@pytest.mark.parametrize("code", ["XNYS", "XLON", "XETR", "XTKS"])
def test_the_file_says_what_the_library_says(code: str) -> None:
    """After an upgrade of the library: .venv/bin/python scripts/write_calendars.py"""
    import exchange_calendars

    ours = of(code)
    theirs = exchange_calendars.get_calendar(code)
    last = min(ours.known_through, theirs.last_session.date())
    first = max(ours.first, theirs.first_session.date())
    window = theirs.schedule.loc[str(first) : str(last)]
    assert [day.date() for day in window.index] == ours.sessions(first, last)
    closes = [at.tz_convert(theirs.tz).time() for at in window["close"]]
    assert closes == [ours.closes_at(day.date()) for day in window.index]
    opens = [at.tz_convert(theirs.tz).time() for at in window["open"]]
    assert opens == [ours.opens_at(day.date()) for day in window.index]


@pytest.mark.parametrize(
    "closed",
    [
        "2001-09-11", "2001-09-14",  # after the attacks
        "2004-06-11", "2007-01-02", "2018-12-05", "2025-01-09",  # days of mourning for presidents
        "2012-10-29", "2012-10-30",  # hurricane Sandy
        "2021-04-02",  # Good Friday
        "2021-12-24",  # Christmas on a Saturday
        "2022-06-20",  # the first Juneteenth
        "2024-05-27", "2026-11-26",
    ],
)  # fmt: skip
def test_days_on_which_new_york_did_not_trade(closed: str) -> None:
    assert not of("XNYS").is_session(d(closed))
    assert of("XNYS").closes_at(d(closed)) is None


def test_new_year_on_a_saturday_closes_nothing() -> None:
    assert of("XNYS").is_session(d("2021-12-31"))


@pytest.mark.parametrize(
    ("code", "day", "close"),
    [
        ("XNYS", "2021-11-26", time(13)), ("XNAS", "2024-07-03", time(13)), ("ARCX", "2024-12-24", time(13)),
        ("XNYS", "2021-11-24", time(16)), ("XLON", "2021-12-24", time(12, 30)),
        ("XTKS", "2024-11-01", time(15)), ("XTKS", "2024-11-05", time(15, 30)),
    ],
)  # fmt: skip
def test_half_days_close_early(code: str, day: str, close: time) -> None:
    assert of(code).closes_at(d(day)) == close
    assert of(code).is_half_day(d(day)) == (close in (time(13), time(12, 30)))


@pytest.mark.parametrize(
    ("traded", "settles"),
    [
        ("1995-06-06", "1995-06-13"),  # the last day of T+5
        ("1995-06-07", "1995-06-12"),  # the first of T+3
        ("2017-09-01", "2017-09-07"),  # T+3 over Labor Day
        ("2017-09-05", "2017-09-07"),  # the first of T+2: both settle on the 7th
        ("2021-03-31", "2021-04-05"),  # over Good Friday
        ("2024-05-28", "2024-05-29"),  # the first of T+1
        ("2023-10-06", "2023-10-11"),  # Columbus Day trades and does not settle ...
        ("2023-10-09", "2023-10-11"),  # ... so that two days settle together
        ("2024-11-08", "2024-11-12"),  # Veterans Day likewise
        ("2018-11-08", "2018-11-13"),  # kept on the Monday when it is a Sunday
        ("2024-05-25", "2024-05-29"),  # a Saturday
    ],
)
def test_settlement_over_holidays(traded: str, settles: str) -> None:
    assert calendars.settlement_date("XNAS", d(traded)) == d(settles)


@pytest.mark.parametrize(
    ("exchange", "kind", "traded", "settles"),
    [
        ("XNYS", "OPTION", "2021-03-31", "2021-04-01"),
        ("XNYS", "MONEY_MARKET_FUND", "2021-03-31", "2021-03-31"),
        ("XNYS", "MONEY_MARKET_FUND", "2021-04-02", "2021-04-05"),
        ("XLON", None, "2014-10-03", "2014-10-08"),
        ("XLON", None, "2014-10-06", "2014-10-08"),
        ("XTSE", None, "2024-05-24", "2024-05-28"),
        ("XTSE", None, "2024-05-27", "2024-05-28"),
        ("XETR", None, "2021-03-31", "2021-04-06"),  # Good Friday and Easter Monday
        ("ZZZZ", None, "2021-03-31", None),
    ],
)
def test_settlement_by_market_and_kind(
    exchange: str, kind: str | None, traded: str, settles: str | None
) -> None:
    expected = d(settles) if settles else None
    assert calendars.settlement_date(exchange, d(traded), kind) == expected


def test_beyond_a_year_days_are_projected_and_in_the_end_weekdays() -> None:
    new_york = of("XNYS")
    assert not new_york.is_projected(new_york.known_through)
    assert new_york.is_projected(new_york.known_through + timedelta(days=1))
    assert new_york.last - new_york.known_through > timedelta(days=365)
    beyond = new_york.last + timedelta(days=400)
    assert new_york.is_session(beyond) == (beyond.weekday() < 5)


@given(st.dates(date(1990, 2, 1), date(2028, 1, 1)), st.integers(0, 40))
def test_counting_back_and_between_agree(day: date, count: int) -> None:
    new_york = of("XNYS")
    back = new_york.sessions_back(day, count)
    assert new_york.is_session(back)
    assert new_york.sessions_between(back, day) == count


def test_stale_by_the_sessions_of_the_market() -> None:
    # Five sessions before Tuesday 6 April 2021: New York closed on Good Friday, Frankfurt also on Monday.
    assert calendars.stale_before("XNYS", d("2021-04-06"), 5) == d("2021-03-29")
    assert calendars.stale_before("XETR", d("2021-04-06"), 5) == d("2021-03-26")
    assert calendars.stale_before("XNYS", d("2021-04-04"), 5) == d("2021-03-25")
    assert calendars.stale_before("NOPE", d("2021-04-06"), 5) is None


def test_every_calendar_opens_before_it_closes() -> None:
    for code in calendars.calendar_codes():
        found = of(code)
        for day in found.sessions(d("2019-01-01"), d("2024-12-31")):
            opens, closes = found.opens_at(day), found.closes_at(day)
            assert opens is not None
            assert closes is not None
            assert opens < closes
        assert 240 <= len(found.sessions(d("2023-01-01"), d("2023-12-31"))) <= 262
