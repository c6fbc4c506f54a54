"""Corporate actions, options and transfers: what happens to dates, units and basis."""

from __future__ import annotations

from typing import Any

import pytest
from wealthnexus.domain.ledger.lots.book import LotBook
from wealthnexus.domain.ledger.lots.inputs import CorporateAction, Facts
from wealthnexus.domain.ledger.lots.results import RealisedGain
from wealthnexus.domain.ledger.lots.vocabulary import ActionType, Reason, Term

from tests.lots.build import D, day, facts, gains, lots, number, script, stock, table

pytestmark = pytest.mark.unit


def action(
    kind: str, when: str = "2021-03-01", new: Any = None, old: Any = 1, **more: Any
) -> CorporateAction:
    ratio = {} if new is None else {"ratio_new": number(new), "ratio_old": number(old)}
    return CorporateAction("ACT", more.pop("security", "X"), ActionType(kind), day(when), **ratio, **more)


def acted(*actions: CorporateAction, prices: dict[str, str] | None = None, **more: Any) -> Facts:
    known = {key: number(value) for key, value in (prices or {}).items()}
    return facts(actions=actions, price_on=lambda security, _day: known.get(security), **more)


def cost(book: LotBook) -> object:
    return sum((lot.cost or D(0) for lot in book.open_lots()), D(0))


def reasons(book: LotBook) -> list[Reason]:
    return [finding.reason for finding in book.findings()]


def line(book: LotBook, number_: int = 0) -> RealisedGain:
    return book.realised()[number_]


# -- splits --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["SPLIT", "JOURNAL"])
def test_a_forward_split_multiplies_units_and_keeps_basis_and_dates(kind: str) -> None:
    """4 for 1: 100 for 5,000.00 and 30 for 1,800.00 are 400 and 120; the bundle's JOURNAL is the same."""
    given = script().buy("2020-01-06", 100, 5000).buy("2021-01-04", 30, 1800).add(kind, "2021-03-01", 390)
    book = given.play(acted(action("SPLIT", new=4)))
    assert table(book) == [("2020-01-06", "400", "5000.00"), ("2021-01-04", "120", "1800.00")]
    assert reasons(book) == []


def test_a_reverse_split_with_cash_in_lieu_sells_the_fraction() -> None:
    """1 for 8 of 100 shares is 12.5: 12 stay, 0.5 is sold for 20.00 at 4 % of the basis."""
    given = script().buy("2020-01-06", 100, 5000).add("SPLIT", "2021-03-01", -88, 20)
    book = given.play(acted(action("SPLIT", new=1, old=8)))
    assert table(book) == [("2020-01-06", "12", "4800.00")]
    assert (line(book).units, line(book).cost, line(book).gain) == (D("0.5"), D(200), D(-180))
    assert (line(book).kind, line(book).term) == ("CASH_IN_LIEU", Term.LONG)


def test_a_reverse_split_rounded_up_keeps_the_basis() -> None:
    given = script().buy("2020-01-06", 100, 5000).add("SPLIT", "2021-03-01", -87)
    assert table(given.play(acted(action("SPLIT", new=1, old=8)))) == [("2020-01-06", "13", "5000.00")]


def test_cash_in_lieu_as_an_entry_of_its_own() -> None:
    given = script().buy("2020-01-06", 100, 5000).add("SPLIT", "2021-03-01", "-87.5")
    book = given.add("CASH_IN_LIEU", "2021-03-02", "0.5", 20).play(acted(action("SPLIT", new=1, old=8)))
    assert table(book) == [("2020-01-06", "12", "4800.00")]
    assert line(book).gain == D(-180)


def test_cash_for_a_fraction_nobody_can_count_has_no_gain() -> None:
    given = script().buy("2020-01-06", 100, 5000).add("SPLIT", "2021-03-01", -88, 20)
    book = given.play(facts())
    assert table(book) == [("2020-01-06", "12", "5000.00")]
    assert (line(book).proceeds, line(book).gain) == (D(20), None)
    assert Reason.FRACTION_UNKNOWN in line(book).reasons
    assert reasons(book) == [Reason.FRACTION_UNKNOWN]


def test_units_that_contradict_the_ratio_count_and_are_a_finding() -> None:
    given = script().buy("2020-01-06", 100, 5000).add("SPLIT", "2021-03-01", 200)
    book = given.play(acted(action("SPLIT", new=4)))
    assert table(book) == [("2020-01-06", "300", "5000.00")]
    assert reasons(book) == [Reason.UNITS_CONTRADICT_RATIO]
    assert book.findings()[0].message.endswith(
        "gives 300 units, the ratio gives 400.0000000000; the entry counts"
    )


def test_a_split_of_nothing_is_a_finding() -> None:
    book = script().add("SPLIT", "2021-03-01", 200).play(acted(action("SPLIT", new=4)))
    assert table(book) == [("None", "200", None)]
    assert reasons(book) == [Reason.NO_UNITS_HELD]


def test_a_stock_dividend_spreads_the_basis_over_old_and_new() -> None:
    """5 %: 105 shares for 2,100.00; sold at once the new ones have the old holding period."""
    given = script().buy("2019-01-07", 100, 2100).add("STOCK_DIVIDEND", "2021-03-01", 5)
    book = given.sell("2021-03-02", 5, 150).play(acted(action("STOCK_DIVIDEND", new=5, old=100)))
    assert gains(book) == [("T1", "5", "50.00", "LONG")]
    assert table(book) == [("2019-01-07", "100", "2000.00")]


def test_a_split_of_a_short_position() -> None:
    given = script().add("SHORT", "2021-01-04", 100, 5000).add("SPLIT", "2021-03-01", -300)
    assert table(given.play(acted(action("SPLIT", new=4)))) == [("2021-01-04", "-400", "5000.00")]


def test_a_split_comes_before_the_sales_of_its_day_wherever_it_was_recorded() -> None:
    given = script().buy("2021-01-04", 100, 400).sell("2021-03-01", 300, 600)
    book = given.add("JOURNAL", "2021-03-01", 300).play(acted(action("SPLIT", new=4)))
    assert gains(book) == [("T1", "300", "300.00", "SHORT")]


def test_a_journal_between_accounts_on_the_day_of_a_split_is_no_split() -> None:
    """A's 100 become 400; 40 of them go to B. Recorded ahead of the split or after it, it is the same."""
    for first, second in (("SPLIT", "MOVE"), ("MOVE", "SPLIT")):
        given = script().buy("2020-01-06", 100, 5000)
        for what in (first, second):
            if what == "SPLIT":
                given.add("JOURNAL", "2021-03-01", 300)
            else:
                given.add("JOURNAL", "2021-03-01", -40).add("JOURNAL", "2021-03-01", 40, account="B")
        book = given.play(acted(action("SPLIT", new=4)))
        assert table(book, account="A") == [("2020-01-06", "360", "4500.00")]
        assert table(book, account="B") == [("2020-01-06", "40", "500.00")]
        assert reasons(book) == []


def test_units_of_thirds_add_up_exactly() -> None:
    given = script()
    for number_ in range(3):
        given.buy(f"2021-01-{4 + number_:02}", 1, 10)
    book = given.add("SPLIT", "2021-03-01", -2).play(acted(action("SPLIT", new=1, old=3)))
    assert sum(lot.units for lot in book.open_lots()) == 1
    assert cost(book) == 30


# -- spin-offs -----------------------------------------------------------------------------------------------


def test_a_spin_off_divides_basis_by_the_issuers_fraction_and_conserves_it() -> None:
    """30 % of each lot's basis goes to one new share for two; dates travel."""
    given = script().buy("2019-01-07", 100, "1000.01").buy("2021-01-04", 50, 900)
    spun = action("SPIN_OFF", new=1, old=2, other_security="Y", basis_fraction=D("0.3"))
    book = given.add("SPIN_OFF", "2021-03-01", 75, security="Y").play(acted(spun))
    assert table(book, security="X") == [("2019-01-07", "100", "700.01"), ("2021-01-04", "50", "630.00")]
    assert table(book, security="Y") == [("2019-01-07", "50", "300.00"), ("2021-01-04", "25", "270.00")]


def test_a_spin_off_without_a_fraction_divides_as_the_two_first_closed() -> None:
    """60 and 40 at one for one: two fifths of the basis. The bundle posts it as a JOURNAL."""
    spun = action("SPIN_OFF", new=1, old=1, other_security="Y")
    given = script().buy("2019-01-07", 100, 1000).add("JOURNAL", "2021-03-01", 100, security="Y")
    book = given.play(acted(spun, prices={"X": "60", "Y": "40"}))
    assert table(book) == [("2019-01-07", "100", "600.00"), ("2019-01-07", "100", "400.00")]


def test_a_spin_off_whose_division_is_unknown_has_no_basis_on_either_side() -> None:
    spun = action("SPIN_OFF", new=1, old=1, other_security="Y")
    given = script().buy("2019-01-07", 100, 1000).add("SPIN_OFF", "2021-03-01", 100, security="Y")
    book = given.play(acted(spun))
    assert table(book) == [("2019-01-07", "100", None), ("2019-01-07", "100", None)]
    assert reasons(book) == [Reason.ALLOCATION_UNKNOWN]
    assert all(lot.reasons == (Reason.ALLOCATION_UNKNOWN,) for lot in book.open_lots())


def test_cash_for_the_fraction_of_a_spun_off_share() -> None:
    """75 held, one for two: 37.5; 37 come, half a share (2.00 of the 150.00) is sold for 5.00."""
    spun = action("SPIN_OFF", new=1, old=2, other_security="Y", basis_fraction=D("0.2"))
    given = script().buy("2019-01-07", 75, 750).add("SPIN_OFF", "2021-03-01", 37, 5, security="Y")
    book = given.play(acted(spun))
    assert (line(book).security, line(book).units, line(book).cost) == ("Y", D("0.5"), D(2))
    assert line(book).gain == D(3)
    assert cost(book) == D(748)


def test_a_spin_off_of_nothing_held_is_a_finding() -> None:
    spun = action("SPIN_OFF", new=1, old=2, other_security="Y", basis_fraction=D("0.2"))
    book = script().add("SPIN_OFF", "2021-03-01", 37, security="Y").play(acted(spun))
    assert (table(book), reasons(book)) == ([("None", "37", None)], [Reason.NO_UNITS_HELD])


# -- mergers -------------------------------------------------------------------------------------------------


def merged(given: Facts, out_cash: Any = 0, units: Any = 50, in_cash: Any = 0) -> LotBook:
    """100 X for 1,000.00 of 2019 give 50 Y."""
    entries = script().buy("2019-01-07", 100, 1000)
    entries.add("MERGER", "2021-03-01", units, in_cash, security="Y").add(
        "MERGER", "2021-03-01", -100, out_cash
    )
    return entries.play(given)


def test_a_stock_merger_carries_basis_and_dates() -> None:
    book = merged(acted(action("MERGER", new=1, old=2, other_security="Y")))
    assert table(book) == [("2019-01-07", "50", "1000.00")]
    assert (lots(book)[0].security, book.realised(), reasons(book)) == ("Y", (), [])


def test_a_cash_merger_is_a_sale() -> None:
    given = script().buy("2019-01-07", 100, 1000).add("MERGER", "2021-03-01", -100, 1700)
    book = given.play(acted(action("MERGER", cash_amount=D(17))))
    assert (gains(book), table(book)) == ([("T1", "100", "700.00", "LONG")], [])
    assert line(book).kind == "MERGER"


@pytest.mark.parametrize(
    ("price", "gain", "basis"),
    [
        ("30", "600.00", "1000.00"),  # 1,500 + 600 - 1,000 = 1,100 of gain, taxed up to the cash of 600
        ("12", "200.00", "600.00"),  # 600 + 600 - 1,000 = 200
        ("4", "0.00", "400.00"),  # a loss of 200 is not recognised; basis 1,000 - 600
    ],
)
def test_cash_in_a_merger_is_gain_up_to_the_gain(price: str, gain: str, basis: str) -> None:
    """IRC 356 and 358, with 600.00 of cash: new basis = old - cash + gain."""
    book = merged(
        acted(action("MERGER", new=1, old=2, other_security="Y"), prices={"Y": price}), out_cash=600
    )
    assert gains(book) == [("T1", "100", gain, "LONG")]
    assert table(book) == [("2019-01-07", "50", basis)]


def test_a_mixed_merger_without_a_price_has_no_gain_and_no_basis() -> None:
    book = merged(acted(action("MERGER", new=1, old=2, other_security="Y")), out_cash=600)
    assert gains(book) == [("T1", "100", None, "LONG")]
    assert table(book) == [("2019-01-07", "50", None)]
    assert reasons(book) == [Reason.FAIR_VALUE_UNKNOWN]


def test_a_taxable_merger_starts_anew_at_value() -> None:
    taxable = action("MERGER", new=1, old=2, other_security="Y", is_taxable=True)
    book = merged(acted(taxable, prices={"Y": "14"}))
    assert gains(book) == [("T1", "100", "-300.00", "LONG")]
    assert table(book) == [("2021-03-01", "50", "700.00")]


def test_cash_for_the_fraction_of_a_merger() -> None:
    """100 for 1,000.00 at 1.005: 100.5; half a share, 4.98 of the basis, is sold for 6.00."""
    book = merged(acted(action("MERGER", new="1.005", other_security="Y")), units=100, in_cash=6)
    assert gains(book) == [("T1", "0.5", "1.02", "LONG")]
    assert cost(book) == D("995.02")


def test_a_merger_posted_as_journals() -> None:
    given = script().buy("2019-01-07", 100, 1000)
    given.add("JOURNAL", "2021-03-01", 50, security="Y").add("JOURNAL", "2021-03-01", -100)
    book = given.play(acted(action("MERGER", new=1, old=2, other_security="Y")))
    assert table(book) == [("2019-01-07", "50", "1000.00")]
    assert reasons(book) == []


def test_new_shares_of_a_merger_nobody_knows() -> None:
    book = script().add("MERGER", "2021-03-01", 50, security="Y").play()
    assert (table(book), reasons(book)) == ([("None", "50", None)], [Reason.ACTION_MISSING])


def test_a_symbol_change_leaves_lots_alone_and_one_with_a_new_key_carries_them() -> None:
    same = script().buy("2019-01-07", 100, 1000).play(acted(action("SYMBOL_CHANGE")))
    assert table(same) == [("2019-01-07", "100", "1000.00")]
    given = script().buy("2019-01-07", 100, 1000).add("SYMBOL_CHANGE", "2021-03-01", -100)
    given.add("SYMBOL_CHANGE", "2021-03-01", 100, security="Y")
    book = given.play(acted(action("SYMBOL_CHANGE", other_security="Y")))
    assert table(book, security="Y") == [("2019-01-07", "100", "1000.00")]


# -- return of capital ---------------------------------------------------------------------------------------


def test_return_of_capital_lowers_basis_to_zero_and_is_gain_after() -> None:
    """100 shares for 300.00 and 100 for 1,000.00 receive 400.00 each... 200.00 a lot, then 200.00 again."""
    given = script().buy("2019-01-07", 100, 300).buy("2021-01-04", 100, 1000)
    given.add("RETURN_OF_CAPITAL", "2021-03-01", None, 400).add("RETURN_OF_CAPITAL", "2021-04-01", None, 400)
    book = given.play()
    assert table(book) == [("2019-01-07", "100", "0.00"), ("2021-01-04", "100", "600.00")]
    assert gains(book) == [("T1", "100", "100.00", "LONG")]
    assert (line(book).kind, line(book).proceeds, line(book).cost) == ("RETURN_OF_CAPITAL", D(200), D(100))


def test_return_of_capital_on_a_lot_without_basis_is_unknown() -> None:
    given = script().add("TRANSFER_IN", "2019-01-07", 100).add("RETURN_OF_CAPITAL", "2021-03-01", None, 400)
    book = given.play()
    assert gains(book) == [("T1", "100", None, None)]
    assert table(book) == [("None", "100", None)]


def test_return_of_capital_of_nothing_held_is_a_finding() -> None:
    assert reasons(script().add("RETURN_OF_CAPITAL", "2021-03-01", None, 400).play()) == [
        Reason.NO_UNITS_HELD
    ]


# -- options -------------------------------------------------------------------------------------------------


def options(kind: str, **more: Any) -> Facts:
    option = stock(security_type="OPTION", underlying="X", option_type=kind, strike=D(50), **more)
    return facts(securities={"X": stock(), "P": option})


def test_an_exercised_call_is_basis_of_the_shares() -> None:
    """Paid 250.00 for the call and 5,000.00 for the shares: 5,250.00, held from the exercise."""
    given = script().buy("2019-01-07", 1, 250, security="P").buy("2021-03-01", 100, 5000)
    book = given.add("EXERCISE", "2021-03-01", 1, 0, security="P").play(options("CALL"))
    assert table(book) == [("2021-03-01", "100", "5250.00")]
    assert (book.realised(), reasons(book), lots(book)[0].origin) == ((), [], "EXERCISE")


def test_an_exercised_put_lowers_the_proceeds() -> None:
    """Shares of 4,000.00 sold at 5,000.00 with a put of 300.00: 700.00."""
    given = script().buy("2019-01-07", 100, 4000).buy("2021-01-04", 1, 300, security="P")
    given.add("EXERCISE", "2021-03-01", 1, 0, security="P").sell("2021-03-01", 100, 5000)
    assert gains(given.play(options("PUT"))) == [("T1", "100", "700.00", "LONG")]


def test_an_assigned_call_raises_the_proceeds() -> None:
    """Written for 200.00, assigned at 5,000.00 on shares of 4,000.00: 1,200.00."""
    given = script().buy("2019-01-07", 100, 4000).sell("2021-01-04", 1, 200, security="P")
    given.add("ASSIGNMENT", "2021-03-01", 1, 0, security="P").sell("2021-03-01", 100, 5000)
    assert gains(given.play(options("CALL"))) == [("T1", "100", "1200.00", "LONG")]


def test_the_trade_of_the_underlying_may_come_days_later_and_name_its_event() -> None:
    given = (
        script().sell("2021-01-04", 2, 600, security="P").add("ASSIGNMENT", "2021-02-19", 2, 0, security="P")
    )
    given.buy("2021-02-19", 200, 9000).buy("2021-02-22", 200, 10000, related="T2")
    book = given.play(options("PUT"))
    assert table(book) == [("2021-02-19", "200", "9000.00"), ("2021-02-22", "200", "9400.00")]


def test_another_purchase_of_the_day_at_another_price_is_not_the_assignment() -> None:
    given = (
        script().sell("2021-01-04", 1, 300, security="P").add("ASSIGNMENT", "2021-02-19", 1, 0, security="P")
    )
    given.buy("2021-02-19", 100, 4500, price=D(45)).buy("2021-02-19", 100, 5000, price=D(50))
    book = given.play(options("PUT"))
    assert table(book) == [("2021-02-19", "100", "4500.00"), ("2021-02-19", "100", "4700.00")]


def test_two_assignments_and_one_purchase() -> None:
    given = (
        script().sell("2021-01-04", 3, 900, security="P").add("ASSIGNMENT", "2021-02-19", 1, 0, security="P")
    )
    given.add("ASSIGNMENT", "2021-02-19", 2, 0, security="P").buy("2021-02-19", 300, 15000)
    book = given.play(options("PUT"))
    assert sum(lot.units for lot in book.open_lots()) == 300
    assert cost(book) == D(14100)


def test_shares_put_to_a_writer_who_is_short_cover() -> None:
    """Short at 4,000, covered at 5,000 less the premium of 300: a loss of 700."""
    given = script().add("SHORT", "2021-01-04", 100, 4000).sell("2021-01-05", 1, 300, security="P")
    given.add("ASSIGNMENT", "2021-02-19", 1, 0, security="P").add("COVER", "2021-02-19", 100, -5000)
    book = given.play(options("PUT"))
    assert (gains(book), table(book)) == ([("T1", "100", "-700.00", "SHORT")], [])


def test_the_fee_of_an_exercise_is_basis_too() -> None:
    given = (
        script().buy("2019-01-07", 1, 250, security="P").add("EXERCISE", "2021-03-01", 1, -20, security="P")
    )
    assert table(given.buy("2021-03-01", 100, 5000).play(options("CALL"))) == [
        ("2021-03-01", "100", "5270.00")
    ]


def test_an_assignment_without_its_purchase_is_a_finding() -> None:
    given = (
        script().sell("2021-01-04", 1, 300, security="P").add("ASSIGNMENT", "2021-02-19", 1, 0, security="P")
    )
    book = given.play(options("PUT"))
    assert (book.open_lots(), book.realised()) == ((), ())
    assert reasons(book) == [Reason.UNDERLYING_LEG_MISSING]


def test_an_option_settled_in_cash_is_a_gain() -> None:
    given = (
        script().buy("2021-01-04", 1, 300, security="P").add("EXERCISE", "2021-03-19", 1, 800, security="P")
    )
    book = given.play(options("CALL", is_cash_settled=True))
    assert gains(book) == [("T1", "1", "500.00", "SHORT")]


def test_expiration_of_both_sides() -> None:
    """The holder loses what was paid, long-term after more than a year; the writer's gain, less a fee of
    5.00, is short-term."""
    held = (
        script().buy("2019-01-07", 2, 500, security="P").add("EXPIRATION", "2021-03-19", 2, 0, security="P")
    )
    assert gains(held.play(options("CALL"))) == [("T1", "2", "-500.00", "LONG")]
    wrote = (
        script().sell("2019-01-07", 2, 500, security="P").add("EXPIRATION", "2021-03-19", 2, -5, security="P")
    )
    assert gains(wrote.play(options("CALL"))) == [("T1", "2", "495.00", "SHORT")]


def test_buying_back_what_was_written() -> None:
    given = script().sell("2021-01-04", 2, 500, security="P").buy("2021-02-01", 1, 100, security="P")
    assert gains(given.play(options("CALL"))) == [("T1", "1", "150.00", "SHORT")]


def test_closing_more_contracts_than_are_held_is_a_finding() -> None:
    given = (
        script().buy("2021-01-04", 1, 300, security="P").add("EXPIRATION", "2021-03-19", 3, 0, security="P")
    )
    book = given.play(options("CALL"))
    assert reasons(book) == [Reason.CLOSED_MORE_THAN_HELD]
    assert sum(lot.units for lot in book.open_lots()) == D(-2)
