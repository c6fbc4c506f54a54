"""Which price counts and what is doubtful, as tables."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from wealthnexus.domain.markets.rules.prices import (
    Adjustment,
    Close,
    PricedSecurity,
    StoredPrice,
    faults_of,
    price_on,
)

D = Decimal
pytestmark = pytest.mark.unit
TUESDAY, WEDNESDAY = date(2021, 3, 30), date(2021, 3, 31)


def row(day: date, source: str, version: int, close: str, *, withdrawn: bool = False) -> StoredPrice:
    return StoredPrice(day, source, version, D(close), withdrawn)


FEED = row(WEDNESDAY, "Custodian", 1, "60")
MADE = row(WEDNESDAY, "SYNTHETIC", 2, "61")
HAND = row(WEDNESDAY, "MANUAL", 3, "62")
BACK = row(WEDNESDAY, "MANUAL", 4, "62", withdrawn=True)
BEFORE = row(TUESDAY, "Custodian", 1, "55")


@pytest.mark.parametrize(
    ("rows", "version", "expected"),
    [
        ([FEED, BEFORE], 9, "60"),
        ([MADE, BEFORE], 9, "61"),
        ([MADE, FEED], 9, "60"),  # a feed wins over what was generated, whatever came later
        ([FEED, MADE, HAND], 9, "62"),
        ([FEED, HAND, BACK], 9, "60"),  # taken back: the feed counts again
        ([FEED, HAND, BACK], 3, "62"),  # as known before it was taken back
        ([FEED, HAND, BACK], 2, "60"),
        ([BEFORE, HAND, BACK], 9, "55"),  # nothing else that day: the day before
        ([HAND, BACK], 9, None),
        ([HAND, BACK, row(WEDNESDAY, "MANUAL", 5, "63")], 9, "63"),  # entered anew
        ([FEED, row(WEDNESDAY, "Custodian", 6, "59")], 9, "59"),  # the feed corrected itself
        ([FEED, row(WEDNESDAY, "Other feed", 5, "58")], 9, "58"),  # between feeds the later word
        ([], 9, None),
    ],
)
def test_the_price_that_counts(rows: list[StoredPrice], version: int, expected: str | None) -> None:
    found = price_on(rows, WEDNESDAY, version)
    assert (str(found.close) if found else None) == expected


def security(
    *closes: tuple[str, str], adjustments: tuple[Adjustment, ...] = (), **values: object
) -> PricedSecurity:
    made = [Close(date.fromisoformat(day), D(close), "Custodian") for day, close in closes]
    given = {"key": "S", "currency": "USD", "exchange": "XNYS", **values}
    return PricedSecurity(closes=made, adjustments=adjustments, **given)  # type: ignore[arg-type]


def faults(judged: PricedSecurity, stale_before: str = "2021-03-24") -> list[tuple[str, str]]:
    return [(f.code, f.key) for f in faults_of(judged, WEDNESDAY, date.fromisoformat(stale_before))]


SPLIT = Adjustment(WEDNESDAY, D(4))


@pytest.mark.parametrize(
    ("judged", "expected"),
    [
        (security(("2021-03-30", "100"), ("2021-03-31", "125")), []),
        (security(("2021-03-30", "100"), ("2021-03-31", "125.01")), [("PRICE_JUMP", "S:2021-03-31")]),
        (security(("2021-03-30", "100"), ("2021-03-31", "74.99")), [("PRICE_JUMP", "S:2021-03-31")]),
        # a 4:1 split explains the fall, and makes staying where it was the jump
        (security(("2021-03-30", "100"), ("2021-03-31", "25.5"), adjustments=(SPLIT,)), []),
        (
            security(("2021-03-30", "100"), ("2021-03-31", "100"), adjustments=(SPLIT,)),
            [("PRICE_JUMP", "S:2021-03-31")],
        ),
        (
            security(("2021-03-30", "100"), ("2021-03-31", "25"), adjustments=(Adjustment(TUESDAY, D(4)),)),
            [("PRICE_JUMP", "S:2021-03-31")],  # the ex-date was before
        ),
        (
            security(
                ("2021-03-30", "100"), ("2021-03-31", "60"), adjustments=(Adjustment(WEDNESDAY, D(1), D(38)),)
            ),
            [],  # a special dividend
        ),
        (
            security(("2021-03-30", "100"), ("2021-03-31", "9"), adjustments=(Adjustment(WEDNESDAY, None),)),
            [],  # a merger: what it does to the price is not known
        ),
        (security(("2021-03-30", "100"), ("2021-03-31", "0")), [("ZERO_PRICE", "S:2021-03-31")]),
        (security(), [("MISSING_PRICE", "S")]),
        (security(("2021-03-23", "100")), [("STALE_PRICE", "S:2021-03-23")]),
        (
            security(("2021-03-26", "1"), ("2021-03-31", "1")),
            [("PRICE_GAP", "S:2021-03-30")],
        ),
        # Good Friday: nothing is missing between Thursday and Monday
        (security(("2021-03-26", "1"), ("2021-03-31", "1"), exchange=None), []),
        (security(("2021-03-26", "1"), ("2021-03-31", "1"), is_appraised=True), []),
        (
            security(("2021-03-30", "310"), ("2021-03-31", "31200"), currency="GBP", exchange="XLON"),
            [("WRONG_CURRENCY", "S:2021-03-31")],
        ),
        (
            security(
                ("2021-03-30", "5000"), ("2021-03-31", "45.3"), currency="JPY", rates=(("USD", D("0.00903")),)
            ),
            [("WRONG_CURRENCY", "S:2021-03-31")],
        ),
        (
            security(("2021-03-29", "1"), ("2021-03-30", "9"), ("2021-03-31", "9"), held_since=WEDNESDAY),
            [],  # a jump of a day on which nobody held it
        ),
    ],
)
def test_what_is_doubtful(judged: PricedSecurity, expected: list[tuple[str, str]]) -> None:
    assert faults(judged) == expected


def test_holidays_leave_no_gap() -> None:
    closes = [("2021-04-01", "1"), ("2021-04-05", "1")]
    found = faults_of(security(*closes), date(2021, 4, 5), date(2021, 3, 29))
    assert found == []


def test_a_fault_says_how_far_and_how_many() -> None:
    (jump,) = faults_of(security(("2021-03-30", "100"), ("2021-03-31", "150")), WEDNESDAY, TUESDAY)
    assert (jump.change, jump.before and jump.before.day) == (D("0.5"), TUESDAY)
    (gap,) = faults_of(security(("2021-03-24", "1"), ("2021-03-31", "1")), WEDNESDAY, TUESDAY)
    assert (gap.count, gap.day, gap.last) == (4, date(2021, 3, 25), TUESDAY)
    long_ago = security(("2020-01-02", "1"), ("2021-03-31", "1"))
    (old,) = faults_of(long_ago, WEDNESDAY, TUESDAY)
    assert old.day >= WEDNESDAY - timedelta(days=31)
