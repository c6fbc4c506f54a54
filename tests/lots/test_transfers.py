"""Transfers in kind, journals and the lots that sources tell: dates and basis travel, or are None."""

from __future__ import annotations

from typing import Any

import pytest
from wealthnexus.domain.ledger.lots.inputs import GivenLot
from wealthnexus.domain.ledger.lots.vocabulary import Reason, View

from tests.lots.build import D, account, day, facts, gains, lots, number, script, table
from tests.lots.test_events import line, reasons

pytestmark = pytest.mark.unit


def test_a_transfer_in_kind_carries_lots_with_dates_and_basis() -> None:
    """120 of 200 leave oldest first; the new account knows both days, and no gain was made."""
    given = script().buy("2019-01-07", 100, 1000).buy("2021-01-04", 100, 2000)
    given.add("TRANSFER_IN", "2021-03-01", 120, account="B").add("TRANSFER_OUT", "2021-03-01", 120)
    book = given.play()
    assert table(book, account="A") == [("2021-01-04", "80", "1600.00")]
    assert table(book, account="B") == [("2019-01-07", "100", "1000.00"), ("2021-01-04", "20", "400.00")]
    assert (book.realised(), book.in_transit(), reasons(book)) == ((), (), [])


def test_lots_wait_between_two_accounts() -> None:
    given = script().buy("2019-01-07", 100, 1000).add("TRANSFER_OUT", "2021-03-01", 100)
    book = given.play()
    assert [lot.units for lot in book.in_transit()] == [D(100)]
    book.play(script().add("TRANSFER_IN", "2021-03-04", 100, account="B", id="IN").entries)
    assert table(book, account="B") == [("2019-01-07", "100", "1000.00")]


def test_a_transfer_may_arrive_in_parts_that_name_it() -> None:
    given = script().buy("2019-01-07", 100, 1000).buy("2021-01-04", 100, 2000)
    given.add("TRANSFER_OUT", "2021-03-01", 150, id="OUT")
    given.add("TRANSFER_IN", "2021-03-02", 120, account="B", related="OUT")
    book = given.add("TRANSFER_IN", "2021-03-20", 30, account="B", portfolio="INCOME", related="OUT").play()
    assert [(lot.portfolio, lot.units, lot.cost) for lot in lots(book, account="B")] == [
        ("", D(100), D(1000)),
        ("", D(20), D(400)),
        ("INCOME", D(30), D(600)),
    ]
    assert (book.in_transit(), reasons(book)) == ((), [])


def test_a_transfer_that_names_another_does_not_take_what_is_merely_alike() -> None:
    given = script().buy("2019-01-07", 100, 1000).add("TRANSFER_OUT", "2021-03-01", 100)
    book = given.add("TRANSFER_IN", "2021-03-02", 100, account="B", related="ELSEWHERE").play()
    assert table(book, account="B") == [("None", "100", None)]


def test_journals_between_accounts_and_sleeves_carry_lots() -> None:
    given = script().buy("2019-01-07", 100, 1000).add("JOURNAL", "2021-03-01", 40, portfolio="INCOME")
    given.add("JOURNAL", "2021-03-01", -40)
    book = given.play()
    assert [(lot.portfolio, lot.units, lot.cost) for lot in book.open_lots()] == [
        ("", D(60), D(600)),
        ("INCOME", D(40), D(400)),
    ]


def told(number_: int, units: Any, cost_: Any, acquired: str | None, **more: Any) -> GivenLot:
    return GivenLot(
        f"L{number_}", "A", "X", day(more.pop("as_of", "2021-03-01")), number(units),
        None if acquired is None else day(acquired), None if cost_ is None else number(cost_), **more,
    )  # fmt: skip


def test_lots_of_the_source_explain_what_arrives() -> None:
    given = script().add("TRANSFER_IN", "2021-03-01", 150).sell("2021-03-02", 100, 3000)
    sources = (told(1, 100, 1000, "2019-01-07", related="T1"), told(2, 50, None, "2020-12-01", related="T1"))
    book = given.play(facts(given_lots=sources))
    assert gains(book) == [("L1", "100", "2000.00", "LONG")]
    assert table(book) == [("2020-12-01", "50", None)]
    assert reasons(book) == [Reason.MISSING_BASIS]


def test_lots_of_the_day_and_of_later_days_are_found_without_being_named() -> None:
    given = script().add("TRANSFER_IN", "2021-03-01", 150)
    same_day = given.play(facts(given_lots=(told(1, 150, 1000, "2019-01-07"),)))
    assert table(same_day) == [("2019-01-07", "150", "1000.00")]
    later = given.play(facts(given_lots=(told(1, 150, 1000, "2019-01-07", as_of="2021-03-20"),)))
    assert table(later) == [("2019-01-07", "150", "1000.00")]
    other = given.play(facts(given_lots=(told(1, 149, 1000, "2019-01-07", as_of="2021-03-20"),)))
    assert table(other) == [("None", "150", None)]


def test_lots_that_do_not_add_up_leave_the_rest_unknown() -> None:
    given = script().add("TRANSFER_IN", "2021-03-01", 150)
    book = given.play(facts(given_lots=(told(1, 100, 1000, "2019-01-07"),)))
    assert table(book) == [("None", "50", None), ("2019-01-07", "100", "1000.00")]
    assert reasons(book) == [Reason.LOTS_DIFFER_FROM_UNITS, Reason.NO_LOTS_CAME]


def test_an_opening_short_position() -> None:
    given = script().add("JOURNAL", "2021-03-01", -100).add("COVER", "2021-04-01", 100, -900)
    book = given.play(facts(given_lots=(told(1, -100, 1000, "2021-01-04"),)))
    assert gains(book) == [("L1", "100", "100.00", "SHORT")]


def test_lots_that_came_in_explain_nothing_that_goes_out() -> None:
    given = script().buy("2019-01-07", 100, 1000).add("JOURNAL", "2021-03-01", -100)
    book = given.add("TRANSFER_IN", "2021-03-01", 70).play(
        facts(given_lots=(told(1, 70, 900, "2020-05-04"),))
    )
    assert (table(book), reasons(book)) == ([("2020-05-04", "70", "900.00")], [])
    assert [lot.units for lot in book.in_transit()] == [D(100)]


def test_a_lot_that_belongs_to_nothing_is_a_finding() -> None:
    book = script().buy("2021-03-02", 1, 1).play(facts(given_lots=(told(1, 100, 1000, "2019-01-07"),)))
    assert (table(book), reasons(book)) == ([("2021-03-02", "1", "1.00")], [Reason.LOT_WITHOUT_UNITS])


def test_without_lots_there_is_no_basis_and_no_term() -> None:
    book = script().add("TRANSFER_IN", "2021-03-01", 10).sell("2021-03-02", 10, 500).play()
    assert gains(book) == [("T1", "10", None, None)]
    assert set(line(book).reasons) == {Reason.NO_LOTS_CAME, Reason.UNKNOWN_ACQUISITION_DATE}
    assert line(book).views[View.ECONOMIC].recognised is None
    assert reasons(book) == [Reason.NO_LOTS_CAME]


def test_a_transfer_into_another_currency_converts_at_the_day_of_acquisition() -> None:
    both = {"A": account(), "B": account(currency="EUR")}
    given = script().buy("2019-01-07", 100, 1100).add("TRANSFER_OUT", "2021-03-01", 100)
    given.add("TRANSFER_IN", "2021-03-01", 100, account="B")
    rate = given.play(
        facts(accounts=both, rate_on=lambda base, _quote, _day: D("0.9") if base == "USD" else None)
    )
    assert [(lot.currency, lot.cost) for lot in rate.open_lots()] == [("EUR", D("990.00"))]
    none = given.play(facts(accounts=both))
    assert [(lot.cost, lot.reasons) for lot in none.open_lots()] == [(None, (Reason.FX_RATE_MISSING,))]
