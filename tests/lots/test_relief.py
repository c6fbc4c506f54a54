"""Which lots leave: methods, identification, rounding, days and terms."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from wealthnexus.domain.ledger.lots.holding import first_long_term_day, term_of
from wealthnexus.domain.ledger.lots.inputs import AccountTerms, RateOn
from wealthnexus.domain.ledger.lots.policy import LotPolicy
from wealthnexus.domain.ledger.lots.vocabulary import LotMethod, Reason, Term

from tests.lots.build import D, day, facts, gains, method_facts, script, stock, table

pytestmark = pytest.mark.unit


# Gains a share of the four lots when sold at 50: long-term +20 and -10, short-term +30 and -5.
FOUR = (
    ("LTG", "2019-01-02", 3000),
    ("LTL", "2019-02-01", 6000),
    ("STG", "2021-01-04", 2000),
    ("STL", "2021-02-01", 5500),
)


@pytest.mark.parametrize(
    ("method", "order"),
    [
        ("FIFO", "LTG LTL STG STL"),
        ("LIFO", "STL STG LTL LTG"),
        ("HIFO", "LTL STL LTG STG"),
        ("MAX_LOSS", "LTL STL LTG STG"),
        ("LOWEST_COST", "STG LTG STL LTL"),
        # tax a share: LTL -10 x 20 % = -2.00, STL -5 x 37 % = -1.85, LTG 4.00, STG 11.10
        ("MIN_TAX", "LTL STL LTG STG"),
        ("MAX_LONG_TERM_GAIN", "LTG STG STL LTL"),
        ("MAX_LONG_TERM_LOSS", "LTL STL STG LTG"),
        ("MAX_SHORT_TERM_GAIN", "STG LTG LTL STL"),
        ("MAX_SHORT_TERM_LOSS", "STL LTL LTG STG"),
    ],
)  # fmt: skip
def test_the_order_of_each_method(method: str, order: str) -> None:
    for count in range(1, 5):
        given = script()
        for name, when, cost in FOUR:
            given.buy(when, 100, cost, id=name)
        given.sell("2021-06-01", 100 * count, 5000 * count)
        book = given.play(method_facts(method))
        assert [line.lot for line in book.realised()] == order.split()[:count]


@pytest.mark.parametrize(("bought", "first"), [("2021-05-02", "NEW"), ("2021-05-01", "OLD")])
def test_min_tax_calls_a_loss_first_only_when_nothing_would_wash_it(bought: str, first: str) -> None:
    """OLD loses 10 a share, NEW 2. Bought 30 days before NEW would take OLD's loss up; 31 days before not."""
    given = script().buy("2020-01-02", 100, 6000, id="OLD").buy(bought, 100, 5200, id="NEW")
    book = given.sell("2021-06-01", 100, 5000).play(method_facts("MIN_TAX"))
    assert [line.lot for line in book.realised()] == [first]


def test_a_partial_lot_is_rounded_once_and_the_rest_stays() -> None:
    """100.00 of cost in thirds: 33.33, then 33.34 of what is left, then the rest; together 100.00."""
    book = (
        script().buy("2021-01-04", 3, 100).sell("2021-02-01", 1, 40).sell("2021-02-02", 1, 40)
        .sell("2021-02-03", 1, 40).play()
    )  # fmt: skip
    assert [line.cost for line in book.realised()] == [D("33.33"), D("33.34"), D("33.33")]
    assert book.open_lots() == ()


def test_proceeds_are_divided_to_the_cent_and_add_up() -> None:
    book = (
        script().buy("2021-01-04", 1, 10).buy("2021-01-05", 1, 10).buy("2021-01-06", 1, 10)
        .sell("2021-02-01", 3, 100).play()
    )  # fmt: skip
    assert [line.proceeds for line in book.realised()] == [D("33.34"), D("33.33"), D("33.33")]


def test_named_lots_leave_first_and_the_rest_first_in_first_out() -> None:
    given = (
        script().buy("2021-01-04", 10, 100, id="A1").buy("2021-01-05", 10, 110, id="A2")
        .buy("2021-01-06", 10, 120, id="A3")
    )  # fmt: skip
    given.sell("2021-02-01", 12, 240, lots=(("A3", D(5)), ("A2", D(7))))
    book = given.play(method_facts("SPECIFIC"))
    assert gains(book) == [("A3", "5", "40.00", "SHORT"), ("A2", "7", "63.00", "SHORT")]
    assert book.findings() == ()


def test_identification_that_names_too_little_is_a_finding() -> None:
    """Reg. 1.1012-1(c): what is not adequately identified leaves first in, first out."""
    given = script().buy("2021-01-04", 10, 100, id="A1").buy("2021-01-05", 10, 110, id="A2")
    given.sell("2021-02-01", 15, 300, lots=(("A2", D(4)), ("NOWHERE", None)))
    book = given.play(method_facts("SPECIFIC"))
    assert [(line.lot_root, line.units) for line in book.realised()] == [
        ("A2", D(4)),
        ("A1", D(10)),
        ("A2", D(1)),
    ]
    assert [finding.reason for finding in book.findings()] == [Reason.IDENTIFICATION_NOT_ADEQUATE]


def test_parts_of_all_lots_are_named_and_the_rest_leaves_oldest_first() -> None:
    given = script().buy("2021-01-04", 10, 100, id="A1").buy("2021-01-05", 10, 110, id="A2")
    given.sell("2021-02-01", 15, 300, lots=(("A1", D(4)), ("A2", D(4))))
    book = given.play(method_facts("SPECIFIC"))
    assert [(line.lot_root, line.units) for line in book.realised()] == [
        ("A1", D(4)),
        ("A2", D(4)),
        ("A1", D(6)),
        ("A2", D(1)),
    ]


def test_specific_without_names_is_a_finding_only_where_there_was_a_choice() -> None:
    one = script().buy("2021-01-04", 10, 100).sell("2021-02-01", 5, 60).play(method_facts("SPECIFIC"))
    assert one.findings() == ()
    two = (
        script().buy("2021-01-04", 10, 100).buy("2021-01-05", 10, 100).sell("2021-02-01", 5, 60)
        .play(method_facts("SPECIFIC"))
    )  # fmt: skip
    assert [finding.reason for finding in two.findings()] == [Reason.IDENTIFICATION_NOT_ADEQUATE]
    assert "T3" in two.findings()[0].message


def test_average_cost_of_a_fund_with_the_oldest_dates() -> None:
    """10 for 100 and 30 for 420 cost 13 each; the term is that of the oldest units (1.1012-1(e))."""
    fund = {"X": stock(security_type="MUTUAL_FUND")}
    book = (
        script().buy("2019-01-04", 10, 100).buy("2021-01-05", 30, 420).sell("2021-02-01", 20, 300)
        .play(method_facts("AVERAGE_COST", securities=fund))
    )  # fmt: skip
    assert gains(book) == [("T1", "10", "20.00", "LONG"), ("T2", "10", "20.00", "SHORT")]
    assert table(book) == [("2021-01-05", "20", "260.00")]


def test_average_cost_of_shares_is_first_in_first_out_with_a_finding() -> None:
    book = (
        script().buy("2019-01-04", 10, 100).buy("2021-01-05", 30, 420).sell("2021-02-01", 10, 150)
        .play(method_facts("AVERAGE_COST"))
    )  # fmt: skip
    assert gains(book) == [("T1", "10", "50.00", "LONG")]
    assert [finding.reason for finding in book.findings()] == [Reason.AVERAGE_NOT_ELIGIBLE]


def test_average_cost_holds_for_reinvested_shares() -> None:
    book = (
        script().buy("2019-01-04", 10, 100).add("REINVEST", "2020-01-06", 10, -200)
        .sell("2021-02-01", 10, 150)
        .play(method_facts("AVERAGE_COST"))
    )  # fmt: skip
    assert gains(book) == [("T1", "10", "0.00", "LONG")]


def test_average_cost_with_one_unknown_basis_is_unknown_for_what_left_alone() -> None:
    fund = {"X": stock(security_type="MUTUAL_FUND")}
    book = (
        script().add("TRANSFER_IN", "2019-01-04", 10).buy("2021-01-05", 30, 420).sell("2021-02-01", 5, 300)
        .play(method_facts("AVERAGE_COST", securities=fund))
    )  # fmt: skip
    assert gains(book) == [("T1", "5", None, None)]
    assert table(book) == [("None", "5", None), ("2021-01-05", "30", "420.00")]
    book.play(script().sell("2021-03-01", 15, 300, id="S2").entries)
    assert gains(book)[1:] == [("T1", "5", None, None), ("T2", "10", None, "SHORT")]
    book.play(script().sell("2021-03-02", 20, 300, id="S3").entries)
    assert gains(book)[3:] == [("T2", "20", "20.00", "SHORT")]


def test_average_parts_follow_the_running_share() -> None:
    """Seven lots of one unit for 100.00: every running sum of basis is the exact share to the cent."""
    fund = {"X": stock(security_type="MUTUAL_FUND")}
    given = script()
    for number in range(7):
        given.buy(f"2021-01-{number + 4:02}", 1, 100 if number == 0 else 0)
    book = given.sell("2021-02-01", 6, 90).play(method_facts("AVERAGE_COST", securities=fund))
    assert sum(line.cost for line in book.realised()) == D("85.71")


def test_a_lot_of_unknown_basis_leaves_last_where_basis_decides() -> None:
    given = (
        script().add("TRANSFER_IN", "2019-01-04", 10).buy("2021-01-05", 10, 420).sell("2021-02-01", 10, 300)
    )
    assert gains(given.play(method_facts("HIFO"))) == [("T2", "10", "-120.00", "SHORT")]
    assert gains(given.play(method_facts("FIFO"))) == [("T1", "10", None, None)]


def test_futures_always_leave_first_in_first_out() -> None:
    future = {"X": stock(security_type="FUTURE")}
    book = (
        script().buy("2021-01-04", 1, 100).buy("2021-01-05", 1, 200).sell("2021-02-01", 1, 150)
        .play(method_facts("LIFO", securities=future))
    )  # fmt: skip
    assert gains(book) == [("T1", "1", "50.00", "SHORT")]


def test_the_standing_order_of_the_day_counts_and_a_sale_may_have_its_own() -> None:
    terms = AccountTerms(
        "USD", True, ((day("2021-02-01"), LotMethod.LIFO), (day("2021-03-01"), LotMethod.HIFO))
    )
    given = script()
    for number in range(4):
        given.buy(f"2021-01-0{number + 4}", 1, 10 * (number + 1), id=f"L{number}")
    given.sell("2021-01-29", 1, 50).sell("2021-02-01", 1, 50).sell("2021-02-02", 1, 50, method=LotMethod.FIFO)
    book = given.play(facts(accounts={"A": terms}))
    assert [line.lot for line in book.realised()] == ["L0", "L3", "L1"]


def test_sleeves_of_one_account_are_relieved_apart() -> None:
    given = (
        script().buy("2021-01-04", 10, 100, portfolio="GROWTH").buy("2021-01-05", 10, 200, portfolio="INCOME")
    )
    book = given.sell("2021-02-01", 10, 150, portfolio="INCOME").play()
    assert gains(book) == [("T2", "10", "-50.00", "SHORT")]


def test_a_sale_recorded_ahead_of_the_purchase_of_its_day_waits_for_it() -> None:
    book = script().sell("2021-01-04", 10, 120).buy("2021-01-04", 10, 100).play()
    assert gains(book) == [("T2", "10", "20.00", "SHORT")]
    assert book.findings() == ()


def test_a_day_trade_in_order_leaves_the_older_lot_to_the_first_sale() -> None:
    book = script().buy("2021-01-04", 10, 100).sell("2021-01-05", 10, 120).buy("2021-01-05", 10, 110).play()
    assert gains(book) == [("T1", "10", "20.00", "SHORT")]
    assert table(book) == [("2021-01-05", "10", "110.00")]


def test_selling_more_than_is_held_has_no_basis_and_units_still_add_up() -> None:
    book = script().buy("2021-01-04", 10, 100).sell("2021-02-01", 15, 300).play()
    assert gains(book) == [("T1", "10", "100.00", "SHORT"), ("T2", "5", None, None)]
    assert book.realised()[1].proceeds == D("100.00")
    assert sum(lot.units for lot in book.open_lots()) == D(-5)
    assert [finding.reason for finding in book.findings()] == [Reason.SOLD_MORE_THAN_HELD]
    later = script().buy("2021-01-04", 10, 100).sell("2021-02-01", 15, 300).buy("2021-03-01", 5, 60).play()
    assert table(later) == [("None", "-5", None), ("2021-03-01", "5", "60.00")]


def test_where_the_policy_says_so_a_sale_beyond_the_holding_is_a_short_sale() -> None:
    book = (
        script().sell("2021-02-01", 5, 100).buy("2021-03-01", 8, 96)
        .play(policy=LotPolicy(sale_beyond_holding_is_short=True))
    )  # fmt: skip
    assert gains(book) == [("T1", "5", "40.00", "SHORT")]
    assert table(book) == [("2021-03-01", "3", "36.00")]


def test_short_sales_and_covers() -> None:
    """Short 10 for 1,000 and 10 for 1,200; covering 15 for 900 takes 60 each: gains 400 and 300."""
    book = (
        script().add("SHORT", "2021-01-04", 10, 1000).add("SHORT", "2021-01-05", 10, 1200)
        .add("COVER", "2022-06-01", 15, -900).play()
    )  # fmt: skip
    assert gains(book) == [("T1", "10", "400.00", "SHORT"), ("T2", "5", "300.00", "SHORT")]
    assert table(book) == [("2021-01-05", "-5", "600.00")]
    (first, _second) = book.realised()
    assert (first.proceeds, first.cost) == (D(1000), D(600))


def test_covering_more_than_is_short_is_held_long_with_a_finding() -> None:
    book = script().add("SHORT", "2021-01-04", 10, 1000).add("COVER", "2021-06-01", 15, -900).play()
    assert table(book) == [("2021-06-01", "5", "300.00")]
    assert [finding.reason for finding in book.findings()] == [Reason.COVERED_MORE_THAN_SHORT]


def test_short_against_the_box_keeps_both_sides() -> None:
    book = script().buy("2021-01-04", 10, 900).add("SHORT", "2021-02-01", 10, 1000).play()
    assert table(book) == [("2021-01-04", "10", "900.00"), ("2021-02-01", "-10", "1000.00")]


def test_accrued_interest_is_income_and_no_part_of_basis_or_proceeds() -> None:
    """100,000 face at 98.50 and 412.50 of interest: paid 98,912.50, basis 98,500.00."""
    bond = {"X": stock(security_type="CORPORATE_BOND", price_multiplier=D("0.01"))}
    book = (
        script().buy("2021-01-04", 100000, "98912.50", accrued_interest=D("412.50"))
        .sell("2021-06-01", 100000, "101200.00", accrued_interest=D("700.00")).play(facts(securities=bond))
    )  # fmt: skip
    assert gains(book) == [("T1", "100000", "2000.00", "SHORT")]
    assert [one.amount for one in book.accrued_interest()] == [D("-412.50"), D("700.00")]


def test_cash_entries_touch_no_lot() -> None:
    given = script().buy("2021-01-04", 10, 100)
    for kind, amount in (
        ("DEPOSIT", 5), ("WITHDRAWAL", -5), ("DIVIDEND", 5), ("INTEREST", 5), ("ADVISORY_FEE", -5),
        ("EXPENSE", -5), ("TAX", -5), ("JOURNAL", 5), ("TRANSFER_IN", 5), ("TRANSFER_OUT", -5),
    ):  # fmt: skip
        given.add(kind, "2021-02-01", None, amount, security="X" if kind == "DIVIDEND" else None)
    book = given.play()
    assert table(book) == [("2021-01-04", "10", "100.00")]
    assert book.findings() == ()


def test_what_is_not_valid_is_a_finding_and_in_no_lot() -> None:
    book = script().add("BUY", "2021-01-04", -5, -100).add("SELL", "2021-01-05", None, 10).play()
    assert book.open_lots() == ()
    assert [finding.reason for finding in book.findings()] == [Reason.ENTRY_NOT_VALID] * 2
    assert book.findings()[0].message == "T1: expected a quantity greater than 0; it is in no lot"


def test_an_earlier_day_cannot_be_played_after_a_later_one() -> None:
    book = script().buy("2021-01-04", 10, 100).play()
    with pytest.raises(ValueError, match="1 Jan 2021 cannot be played after 4 Jan 2021"):
        book.play(script().buy("2021-01-01", 10, 100, id="E").entries)
    assert len(book.open_lots()) == 1


def test_playing_on_from_a_copy_leaves_the_first_as_it_was() -> None:
    book = script().buy("2021-01-04", 10, 100).play()
    other = book.copy()
    other.play(script().sell("2021-02-01", 4, 60, id="S").entries)
    assert table(book) == [("2021-01-04", "10", "100.00")]
    assert table(other) == [("2021-01-04", "6", "60.00")]
    assert book.realised() == ()


# -- terms ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("acquired", "first_long"),
    [
        ("2021-01-04", "2022-01-05"),
        ("2023-02-28", "2024-03-01"),  # the last day of its month: the first of the 13th (Rev. Rul. 66-7)
        ("2024-02-28", "2025-03-01"),
        ("2024-02-29", "2025-03-01"),
        ("2023-04-30", "2024-05-01"),
        ("2023-12-31", "2025-01-01"),
        ("2023-02-27", "2024-02-28"),
    ],
)
def test_the_first_long_term_day(acquired: str, first_long: str) -> None:
    assert first_long_term_day(day(acquired)) == day(first_long)
    assert term_of(day(acquired), day(first_long)) is Term.LONG


def test_the_first_long_term_day_never_goes_back() -> None:
    days = [date.fromordinal(n) for n in range(date(2019, 1, 1).toordinal(), date(2029, 1, 1).toordinal())]
    for earlier, later in pairwise(days):
        assert first_long_term_day(earlier) <= first_long_term_day(later)
        assert term_of(earlier, first_long_term_day(earlier)) is Term.LONG
        assert 366 <= (first_long_term_day(earlier) - earlier).days <= 367


def test_sold_on_the_anniversary_is_short_term_and_a_day_later_long_term() -> None:
    given = script().buy("2020-06-01", 2, 100).sell("2021-06-01", 1, 80).sell("2021-06-02", 1, 80)
    assert [line.term for line in given.play().realised()] == [Term.SHORT, Term.LONG]


# -- currency ------------------------------------------------------------------------------------------------


def rates(pairs: dict[tuple[str, str, str], str]) -> RateOn:
    return lambda base, quote, when: (
        D(pairs[base, quote, str(when)]) if (base, quote, str(when)) in pairs else None
    )


def test_price_and_currency_apart() -> None:
    """100 shares at EUR 10 when EUR 1 = USD 1.10, sold at EUR 12 at 1.20: 340 = 240 price + 100 currency.

    The currency effect is that of the money put in: 1,000 x (1.20 - 1.10); the price's at today's rate.
    """
    given = script().buy("2021-01-04", 100, 1100).sell("2021-06-01", 100, 1440)
    found = rates({("EUR", "USD", "2021-01-04"): "1.10", ("EUR", "USD", "2021-06-01"): "1.20"})
    (line,) = given.play(facts(securities={"X": stock("EUR")}, rate_on=found)).realised()
    assert (line.gain, line.fx.price_effect, line.fx.fx_effect) == (D(340), D(240), D(100))
    assert (line.fx.local_basis, line.fx.local_proceeds) == (D(1000), D(1200))
    assert (line.fx.rate_acquired, line.fx.rate_disposed) == (D("1.10"), D("1.20"))


def test_a_short_sale_in_another_currency_gains_when_it_falls() -> None:
    """Short for EUR 1,000 at 1.20, covered for EUR 1,000 at 1.10: all of the 100 is currency."""
    given = script().add("SHORT", "2021-01-04", 100, 1200).add("COVER", "2021-06-01", 100, -1100)
    found = rates({("EUR", "USD", "2021-01-04"): "1.20", ("EUR", "USD", "2021-06-01"): "1.10"})
    (line,) = given.play(facts(securities={"X": stock("EUR")}, rate_on=found)).realised()
    assert (line.gain, line.fx.price_effect, line.fx.fx_effect) == (D(100), D(0), D(100))


def test_without_a_rate_the_gain_is_known_and_its_parts_are_not() -> None:
    given = script().buy("2021-01-04", 100, 1100).sell("2021-06-01", 100, 1440)
    (line,) = given.play(facts(securities={"X": stock("EUR")})).realised()
    assert line.gain == D(340)
    assert (line.fx.price_effect, line.fx.fx_effect) == (None, None)
    assert Reason.FX_RATE_MISSING in line.reasons


def test_the_rate_of_the_source_counts_before_the_table() -> None:
    given = (
        script().buy("2021-01-04", 100, 1100, rate=D("1.10")).sell("2021-06-01", 100, 1440, rate=D("1.20"))
    )
    (line,) = given.play(facts(securities={"X": stock("EUR")})).realised()
    assert line.fx.fx_effect == D(100)


def test_one_currency_has_no_currency_effect() -> None:
    (line,) = script().buy("2021-01-04", 1, 100).sell("2021-06-01", 1, 140).play().realised()
    assert (line.fx.price_effect, line.fx.fx_effect) == (D(40), D(0))


def test_yen_has_no_cents() -> None:
    yen = facts(accounts={"A": AccountTerms("JPY")}, securities={"X": stock("JPY")})
    book = script().buy("2021-01-04", 3, 100).sell("2021-06-01", 1, 50).play(yen)
    assert [line.cost for line in book.realised()] == [D(33)]
