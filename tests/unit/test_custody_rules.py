"""Comparing one account and day: equal books give no break, each planted difference exactly one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wealthnexus.domain.feeds.custody.rules import (
    Compared,
    Held,
    Key,
    Lot,
    Policy,
    Side,
    cash_tolerance,
    compare,
    lots_of_day,
    severity_of,
)

pytestmark = pytest.mark.unit
D = Decimal
ACME, BOND, GHOST = UUID(int=1), UUID(int=2), UUID(int=3)
BOOKS = Side(
    held={
        ACME: Held(D(100), "USD", D("6000.00"), D(60)),
        BOND: Held(D(5000), "USD", D("5050.00"), D(101)),
    },
    cash={"USD": D("4750.25")},
    lots={
        ACME: (Lot(date(2020, 1, 2), D(60), D("2500.00")), Lot(date(2021, 1, 4), D(40), D("2500.00"))),
    },
)


def with_held(key: UUID, held: Held | None) -> Side:
    kept = {k: v for k, v in BOOKS.held.items() if k != key}
    return replace(BOOKS, held=kept if held is None else {**kept, key: held})


def with_lots(*lots: Lot) -> Side:
    return replace(BOOKS, lots={ACME: lots})


CASES = {
    "fewer units": (
        with_held(ACME, Held(D(90), "USD", D("5400.00"), D(60))),
        (Key("QUANTITY", ACME, "USD"), D(100), D(90), D(-10), D("600")),
    ),
    "not at the custodian": (
        with_held(BOND, None),
        (Key("QUANTITY", BOND, "USD"), D(5000), None, D(-5000), D("5050")),
    ),
    "not in our books": (
        with_held(GHOST, Held(D(7), "USD", None, None)),
        (Key("QUANTITY", GHOST, "USD"), None, D(7), D(7), None),
    ),
    "a cent of cash": (
        replace(BOOKS, cash={"USD": D("4750.26")}),
        (Key("CASH", None, "USD"), D("4750.25"), D("4750.26"), D("0.01"), D("0.01")),
    ),
    "another currency": (
        replace(BOOKS, cash={**BOOKS.cash, "EUR": D("12.50")}),
        (Key("CASH", None, "EUR"), None, D("12.50"), D("12.50"), D("12.50")),
    ),
    "another price": (
        with_held(ACME, Held(D(100), "USD", D("6100.00"), D(61))),
        (Key("MARKET_VALUE", ACME, "USD"), D("6000.00"), D("6100.00"), D(100), D(100)),
    ),
    "units of another day": (
        with_lots(Lot(date(2020, 1, 2), D(50), D("2083.33")), Lot(date(2021, 1, 4), D(50), D("2916.67"))),
        (Key("LOTS", ACME, "USD"), D(60), D(50), D(-10), D("600")),
    ),
    "another cost": (
        with_lots(Lot(date(2020, 1, 2), D(60), D("2400.00")), Lot(date(2021, 1, 4), D(40), D("2500.00"))),
        (Key("LOTS", ACME, "USD"), D("2500.00"), D("2400.00"), D(-100), D(100)),
    ),
    "a day not known": (
        with_lots(Lot(date(2020, 1, 2), D(60), D("2500.00")), Lot(None, D(40), D("2500.00"))),
        (Key("LOTS", ACME, "USD"), D(40), None, D(-40), D("2400")),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_planted_difference_is_one_break(name: str) -> None:
    theirs, expected = CASES[name]
    breaks = compare(BOOKS, theirs).breaks
    assert [(b.key, b.ours, b.theirs, b.difference, b.worth) for b in breaks] == [expected]


def test_equal_books_differ_in_nothing() -> None:
    # Two quantities, one balance, two values, and the lots of the one security that has them.
    assert compare(BOOKS, BOOKS) == Compared(6, ())


@pytest.mark.parametrize(
    ("theirs", "is_break"),
    [("6030.15", False), ("6030.16", True), ("5970.14", True), ("5970.15", False)],
)
def test_values_within_half_a_percent_of_theirs_are_equal(theirs: str, is_break: bool) -> None:
    # 0.5 % of 6,030.15 is 30.15075, of 5,970.15 it is 29.85075.
    their_books = with_held(ACME, Held(D(100), "USD", D(theirs), None))
    assert bool(compare(BOOKS, their_books).breaks) is is_break


def test_small_values_are_equal_within_one_unit() -> None:
    mine = Side(held={ACME: Held(D(1), "USD", D("10.00"), D(10))})
    for value, expected in (("11.00", 0), ("11.01", 1)):
        their = Side(held={ACME: Held(D(1), "USD", D(value), None)})
        assert len(compare(mine, their).breaks) == expected
    strict = Policy(value_share=D(0), value_least=D(0))
    their = Side(held={ACME: Held(D(1), "USD", D("10.01"), None)})
    assert len(compare(mine, their, strict).breaks) == 1


def test_what_a_side_does_not_say_is_not_compared() -> None:
    silent = Side(has_positions=False, has_lots=False)
    assert compare(BOOKS, silent).count == 0
    assert compare(BOOKS, replace(BOOKS, lots={}, has_lots=False)).count == 5
    unpriced = with_held(ACME, Held(D(100), "USD"))
    assert compare(unpriced, BOOKS).breaks == ()
    in_euros = with_held(ACME, Held(D(100), "EUR", D("5100.00")))
    assert compare(BOOKS, in_euros).breaks == ()
    # Our lots add up to 60 of the 100 we hold: they are not those of the day.
    partly = replace(BOOKS, lots={ACME: BOOKS.lots[ACME][:1]})
    assert compare(partly, BOOKS) == Compared(5, ())


def test_units_that_differ_explain_value_and_lots() -> None:
    theirs = replace(
        with_held(ACME, Held(D(1), "USD", D(60), D(60))), lots={ACME: (Lot(date(2020, 1, 2), D(1), D(50)),)}
    )
    assert [b.key.kind for b in compare(BOOKS, theirs).breaks] == ["QUANTITY"]


def test_cash_is_equal_up_to_a_hundredth_of_the_smallest_unit() -> None:
    assert [cash_tolerance(c) for c in ("USD", "JPY", "KWD")] == [D("0.0001"), D("0.01"), D("0.00001")]
    near = replace(BOOKS, cash={"USD": D("4750.2501")})
    assert compare(BOOKS, near).breaks == ()
    assert compare(BOOKS, replace(BOOKS, cash={"USD": D("4750.25011")})).breaks != ()
    nothing = replace(BOOKS, cash={**BOOKS.cash, "EUR": D(0)})
    assert compare(BOOKS, nothing).breaks == ()


@pytest.mark.parametrize(
    ("worth", "age", "expected"),
    [("10000", 4, "WARNING"), ("10000.01", 0, "BREACH"), ("0.01", 5, "BREACH"), (None, 0, "BREACH")],
)
def test_size_and_age_make_a_breach(worth: str | None, age: int, expected: str) -> None:
    assert severity_of(None if worth is None else D(worth), age) == expected


def test_our_lots_of_a_day_are_those_that_add_up() -> None:
    first, second, third = (Lot(date(2020, 1, n), D(n * 10)) for n in (1, 2, 3))
    given_on = {date(2020, 6, 30): [first], date(2020, 12, 31): [second, third]}
    assert lots_of_day(given_on, D(60)) == [first, second, third]
    assert lots_of_day(given_on, D(50)) == [second, third]
    assert lots_of_day(given_on, D(10)) == ()
    assert lots_of_day({}, D(0)) == ()


numbers = st.decimals(min_value=-10_000, max_value=10_000, places=4)
securities = st.integers(min_value=1, max_value=8).map(lambda n: UUID(int=n))


@st.composite
def sides(draw: st.DrawFn) -> Side:
    units = draw(st.dictionaries(securities, numbers.filter(bool), max_size=6))
    held = {key: Held(each, "USD", (each * 3).quantize(D("0.01"))) for key, each in units.items()}
    cash = draw(st.dictionaries(st.sampled_from(["USD", "EUR", "JPY"]), numbers, max_size=3))
    lots = {
        key: (Lot(date(2020, 1, 1), each.quantity / 2, D(10)), Lot(None, each.quantity / 2, None))
        for key, each in held.items()
    }
    return Side(held, cash, lots)


@given(sides())
@settings(max_examples=100, deadline=None)
def test_any_book_equals_itself(books: Side) -> None:
    assert compare(books, books).breaks == ()


@given(sides(), sides())
@settings(max_examples=100, deadline=None)
def test_the_other_way_round_the_signs_change(ours: Side, theirs: Side) -> None:
    policy = Policy(value_share=D(0))
    there, back = compare(ours, theirs, policy).breaks, compare(theirs, ours, policy).breaks
    assert [(b.key, b.ours, b.theirs, b.difference) for b in there if b.key.kind != "LOTS"] == [
        (b.key, b.theirs, b.ours, -b.difference) for b in back if b.key.kind != "LOTS"
    ]


@given(sides(), securities, numbers.filter(bool), st.data())
@settings(max_examples=100, deadline=None)
def test_each_plant_is_found_alone(books: Side, key: UUID, by: Decimal, data: st.DataObject) -> None:
    held = books.held.get(key)
    planted = (held.quantity if held else D(0)) + by
    their = {**books.held, key: Held(planted, "USD")}
    found = compare(books, replace(books, held=their)).breaks
    assert [(b.key.kind, b.key.security_id, b.difference) for b in found] == [("QUANTITY", key, by)]
    currency = data.draw(st.sampled_from(["USD", "EUR", "JPY"]))
    cash = {**books.cash, currency: books.cash.get(currency, D(0)) + by * 1000}
    found = compare(books, replace(books, cash=cash)).breaks
    assert [(b.key, b.difference) for b in found] == [(Key("CASH", None, currency), by * 1000)]
