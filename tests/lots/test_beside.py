"""What stands beside the lots: previews, the custodian's lots, rates, bonds, selections, settlement."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from wealthnexus.domain.ledger.lots import texts
from wealthnexus.domain.ledger.lots.bonds import (
    Bond,
    accrued_interest,
    coupon_period,
    days_between,
    figures,
    purchase_amount,
)
from wealthnexus.domain.ledger.lots.custodian import CustodianLot, LotDifference, beside
from wealthnexus.domain.ledger.lots.inputs import CorporateAction, Entry
from wealthnexus.domain.ledger.lots.preview import Fractions, preview, suspected_splits
from wealthnexus.domain.ledger.lots.rates import RateTable
from wealthnexus.domain.ledger.lots.selection import parse_selection
from wealthnexus.domain.ledger.lots.settlement import pending, settles_on
from wealthnexus.domain.ledger.lots.vocabulary import ActionType, EntryType, LotMethod, Reason

from tests.lots.build import D, account, day, facts, number, script, stock, table

pytestmark = pytest.mark.unit

TRUTHS = Path(__file__).parents[1] / "truths"


def truth(name: str) -> list[dict[str, Any]]:
    return json.loads((TRUTHS / f"{name}.json").read_text())["cases"]


# -- corporate actions in advance ----------------------------------------------------------------------------


def action(kind: str, **more: Any) -> CorporateAction:
    return CorporateAction("ACT", "X", ActionType(kind), day("2021-03-01"), **more)


def test_a_preview_says_what_would_be_posted_and_changes_nothing() -> None:
    """1 for 8: A's 100 become 12 and half a share at 40.00, B's 5 become 0 and 0.625 of a share."""
    split = action("SPLIT", ratio_new=D(1), ratio_old=D(8))
    book = (
        script()
        .buy("2020-01-06", 100, 5000)
        .buy("2020-01-06", 5, 250, account="B")
        .play(facts(actions=(split,)))
    )
    found = preview(book, split, fractions=Fractions.CASH_IN_LIEU, cash_per_unit=D(40))
    assert [(one.account, one.type, one.quantity, one.amount) for one in found.entries] == [
        ("A", "SPLIT", D(-88), D(20)),
        ("B", "SPLIT", D(-5), D(25)),
    ]
    assert [(lot.account, lot.units, lot.cost) for lot in found.after] == [("A", D(12), D(4800))]
    assert [(line.account, line.units, line.gain) for line in found.gains] == [
        ("A", D("0.5"), D(-180)),
        ("B", D("0.625"), D(-225)),
    ]
    assert found.findings == ()
    assert table(book) == [("2020-01-06", "100", "5000.00"), ("2020-01-06", "5", "250.00")]


@pytest.mark.parametrize(
    ("kind", "more", "entries"),
    [
        ("CASH_DIVIDEND", {"cash_amount": D("0.25")}, [("DIVIDEND", "X", None, D("25.00"))]),
        ("RETURN_OF_CAPITAL", {"cash_amount": D("0.5")}, [("RETURN_OF_CAPITAL", "X", None, D("50.00"))]),
        ("STOCK_DIVIDEND", {"ratio_new": D(5), "ratio_old": D(100)}, [("STOCK_DIVIDEND", "X", D(5), D(0))]),
        ("SPIN_OFF", {"ratio_new": D(1), "ratio_old": D(3), "other_security": "Y", "basis_fraction": D(".5")},
         [("SPIN_OFF", "Y", D("33.3333333333"), D(0))]),
        ("MERGER", {"cash_amount": D(2), "ratio_new": D(1), "ratio_old": D(2), "other_security": "Y"},
         [("MERGER", "X", D(-100), D("200.00")), ("MERGER", "Y", D(50), D(0))]),
        ("MERGER", {"cash_amount": D(17)}, [("MERGER", "X", D(-100), D("1700.00"))]),
        ("SYMBOL_CHANGE", {"other_security": "Y"},
         [("SYMBOL_CHANGE", "X", D(-100), D(0)), ("SYMBOL_CHANGE", "Y", D(100), D(0))]),
        ("SYMBOL_CHANGE", {}, []),
    ],
)  # fmt: skip
def test_entries_of_every_kind_of_action(kind: str, more: Any, entries: Any) -> None:
    one = action(kind, **more)
    book = script().buy("2020-01-06", 100, 1000).play(facts(actions=(one,), price_on=lambda _s, _d: D(30)))
    found = preview(book, one)
    assert [(e.type, e.security, e.quantity, e.amount) for e in found.entries] == entries
    assert found.findings == ()


def test_rounding_up_and_cash_without_a_price() -> None:
    split = action("SPLIT", ratio_new=D(1), ratio_old=D(8))
    book = script().buy("2020-01-06", 100, 5000).play(facts(actions=(split,)))
    assert [lot.units for lot in preview(book, split, fractions=Fractions.ROUND_UP).after] == [D(13)]
    with pytest.raises(ValueError, match="expected the cash for one unit"):
        preview(book, split, fractions=Fractions.CASH_IN_LIEU)


def test_a_dividend_in_another_currency_needs_a_rate() -> None:
    one = action("CASH_DIVIDEND", cash_amount=D(1))
    euro = {"accounts": {"A": account()}, "securities": {"X": stock("EUR")}, "actions": (one,)}
    rated = facts(**euro, rate_on=lambda _b, _q, _d: D("1.1"))
    assert [e.amount for e in preview(script().buy("2020-01-06", 100, 1000).play(rated), one).entries] == [
        D("110.00")
    ]
    found = preview(script().buy("2020-01-06", 100, 1000).play(facts(**euro)), one)
    assert (found.entries, [one.reason for one in found.findings]) == ((), [Reason.FX_RATE_MISSING])


def test_cash_is_rated_by_what_it_is_paid_in() -> None:
    """A merger of a euro share: 2 pounds a share (1.30), one franc share (1.10) for two, of 99 the half in
    lieu at 40 francs: 198 x 1.30 = 257.40 and 20 x 1.10 = 22.00."""
    rates = {"GBP": D("1.30"), "CHF": D("1.10"), "EUR": D("1.20")}
    one = action("MERGER", cash_amount=D(2), ratio_new=D(1), ratio_old=D(2), other_security="Y")
    one = replace(one, cash_currency="GBP")
    known = facts(
        accounts={"A": account()}, securities={"X": stock("EUR"), "Y": stock("CHF")}, actions=(one,),
        price_on=lambda _s, _d: D(30), rate_on=lambda base, _q, _d: rates[base],
    )  # fmt: skip
    book = script().buy("2020-01-06", 99, 990).play(known)
    found = preview(book, one, fractions=Fractions.CASH_IN_LIEU, cash_per_unit=D(40))
    assert [(e.security, e.quantity, e.amount) for e in found.entries] == [
        ("X", D(-99), D("257.40")),
        ("Y", D(49), D("22.00")),
    ]


def test_a_split_that_prices_speak_of_and_nobody_announced() -> None:
    closes = [
        (day("2020-08-28"), D("499.23")),
        (day("2020-08-31"), D("129.04")),
        (day("2020-09-01"), D("134.18")),
    ]
    (found,) = suspected_splits("AAPL", closes, [])
    assert (found.day, found.ratio_new, found.ratio_old) == (day("2020-08-31"), 4, 1)
    known = CorporateAction("S", "AAPL", ActionType.SPLIT, day("2020-08-31"), D(4), D(1))
    assert suspected_splits("AAPL", closes, [known]) == ()


def test_a_reverse_split_a_fall_and_a_price_of_nothing() -> None:
    def jump(before: str, after: str) -> list[tuple[int, int]]:
        closes = [(day("2021-01-04"), D(before)), (day("2021-01-05"), D(after))]
        return [(one.ratio_new, one.ratio_old) for one in suspected_splits("X", closes, [])]

    assert jump("2.00", "16.40") == [(1, 8)]
    assert jump("100", "78") == []
    assert jump("100", "0") == []
    assert jump("100", "66.5") == [(3, 2)]


# -- the custodian's lots ------------------------------------------------------------------------------------


def test_the_custodians_lots_beside_ours() -> None:
    book = (
        script().buy("2021-01-04", 10, 100).buy("2021-01-05", 10, 100).buy("2021-01-06", 10, 100)
        .buy("2021-01-07", 10, 100).add("TRANSFER_IN", "2021-01-08", 10).buy("2021-01-11", 10, 100).play()
    )  # fmt: skip
    theirs = [
        CustodianLot("A", "X", day("2021-01-04"), D(10), D("100.01")),
        CustodianLot("A", "X", day("2021-01-05"), D(10), D("100.02")),
        CustodianLot("A", "X", day("2021-01-06"), D(9), D("100")),
        CustodianLot("A", "X", None, D(10), D(5)),
        CustodianLot("A", "X", day("2021-01-11"), D(10), None),
        CustodianLot("A", "Y", day("2021-01-04"), D(1), D(1)),
    ]
    assert [
        (one.security, str(one.acquired_on), one.difference) for one in beside(book.open_lots(), theirs)
    ] == [
        ("X", "None", LotDifference.BASIS_UNKNOWN_HERE),
        ("X", "2021-01-04", LotDifference.AGREES),
        ("X", "2021-01-05", LotDifference.BASIS_DIFFERS),
        ("X", "2021-01-06", LotDifference.UNITS_DIFFER),
        ("X", "2021-01-07", LotDifference.ONLY_HERE),
        ("X", "2021-01-11", LotDifference.BASIS_UNKNOWN_THERE),
        ("Y", "2021-01-04", LotDifference.ONLY_THERE),
    ]


def test_the_custodians_basis_has_the_custodians_wash_sales() -> None:
    given = script().buy("2020-01-06", 100, 5000).sell("2021-06-01", 100, 4000).buy("2021-06-10", 100, 4100)
    told = [CustodianLot("A", "X", day("2021-06-10"), D(100), D(5100))]
    assert [one.difference for one in beside(given.play().open_lots(), told)] == [LotDifference.AGREES]


# -- rates ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", truth("fx"), ids=lambda case: case["id"])
def test_published_rates(case: dict[str, Any]) -> None:
    asked, expected = case["inputs"], case["expected"]
    rows = [
        (asked["base"], asked["quote"], day(asked["date"]), number(expected["rate"])),
        (asked["base"], asked["quote"], day(asked["date"]) + timedelta(days=3), D("1.1566")),
    ]
    found = RateTable(rows).find(asked["base"], asked["quote"], day(asked["date"]))
    assert found is not None
    assert abs(found.value - number(expected["rate"])) <= number(case["tolerance"])
    assert [str(one) for one in found.days] == expected["rate_dates"]


def test_weekends_inverse_and_cross_rates() -> None:
    rates = RateTable(
        [("EUR", "USD", day("2015-01-16"), D("1.1588")), ("EUR", "GBP", day("2015-01-15"), D("0.76"))]
    )
    assert rates.rate_on("EUR", "USD", day("2015-01-18")) == D("1.1588")
    assert rates.rate_on("EUR", "USD", day("2015-01-15")) is None
    assert rates.rate_on("USD", "EUR", day("2015-01-16")) == D("0.862961684501208146358302")
    cross = rates.find("GBP", "USD", day("2015-01-17"))
    assert cross is not None
    assert round(cross.value, 8) == D("1.52473684")
    assert cross.days == (day("2015-01-15"), day("2015-01-16"))
    assert rates.rate_on("USD", "USD", day("2015-01-16")) == 1
    assert rates.rate_on("USD", "JPY", day("2015-01-16")) is None


# -- bonds ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", truth("fixed_income"), ids=lambda case: case["id"])
def test_published_bonds(case: dict[str, Any]) -> None:
    asked, expected = case["inputs"], case["expected"]
    bond = Bond(
        number(asked["coupon"]), day(asked["maturity"]), asked["freq"], asked["day_count"].partition(" ")[0]
    )
    found = figures(bond, day(asked["settle"]), number(asked["ytm"]))
    for name in ("dirty", "clean", "accrued", "macaulay", "modified"):
        assert abs(getattr(found, name) - number(expected[name])) <= number(case["tolerance"]), name
    interest = accrued_interest(bond, number(asked["face"]), day(asked["settle"]))
    assert round(interest, 2) == D("22071.82")


def test_what_a_bond_costs() -> None:
    """100,000 at 98.50 with 412.50 of interest and 5.00 of fees."""
    assert purchase_amount(D(100000), D("98.5"), D("412.5"), D(5), "USD") == (D("-98917.50"), D("412.50"))


@pytest.mark.parametrize(
    ("day_count", "first", "last", "days"),
    [
        ("30/360", "2021-01-31", "2021-03-31", 60),
        ("30/360", "2021-01-30", "2021-03-31", 60),
        ("30/360", "2021-01-15", "2021-03-31", 76),
        ("30E/360", "2021-01-15", "2021-03-31", 75),
        ("ACT/360", "2021-01-15", "2021-03-31", 75),
    ],
)
def test_day_counts(day_count: str, first: str, last: str, days: int) -> None:
    assert days_between(day_count, day(first), day(last)) == days


def test_interest_by_convention_and_bonds_without() -> None:
    """4.5 % on 200,000 from 1 January to 1 March 2021, in 60 days of a month of thirty and 59 real ones."""
    for day_count, interest in (("30/360", "1500.00"), ("ACT/360", "1475.00"), ("ACT/365", "1454.79")):
        bond = Bond(D("0.045"), day("2025-01-01"), 2, day_count)
        assert round(accrued_interest(bond, D(200000), day("2021-03-01")), 2) == D(interest)
    zero = Bond(D(0), day("2025-01-01"))
    assert accrued_interest(zero, D(200000), day("2021-03-01")) == 0
    assert round(figures(zero, day("2024-01-01"), D("0.04")).dirty, 10) == D("96.1168781238")
    with pytest.raises(ValueError, match="coupons ahead"):
        coupon_period(zero, day("2025-01-01"))


def test_coupons_at_the_end_of_a_month() -> None:
    bond = Bond(D("0.05"), day("2023-08-31"))
    assert coupon_period(bond, day("2023-03-01"))[:2] == (day("2023-02-28"), day("2023-08-31"))
    assert coupon_period(bond, day("2023-02-28")) == (day("2023-02-28"), day("2023-08-31"), 1)


# -- words and days ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, (None, ())),
        ("  ", (None, ())),
        ("hifo", (LotMethod.HIFO, ())),
        ("max short-term loss", (LotMethod.MAX_SHORT_TERM_LOSS, ())),
        ("T-17=50; T-18", (LotMethod.SPECIFIC, (("T-17", D(50)), ("T-18", None)))),
        ("a=b=1.5,", (LotMethod.SPECIFIC, (("a=b", D("1.5")),))),
    ],
)
def test_lot_selections(text: str | None, expected: Any) -> None:
    assert parse_selection(text) == expected


@pytest.mark.parametrize("text", ["T=0", "T=-5", "T=many", "T=NaN", "T="])
def test_units_of_a_selection_are_a_number(text: str) -> None:
    with pytest.raises(ValueError, match="expected a number above 0"):
        parse_selection(text)


@pytest.mark.parametrize(
    ("traded", "exchange", "kind", "settles"),
    [
        ("2017-09-01", "XNYS", "COMMON_STOCK", "2017-09-07"),  # T+3, Labor Day between
        ("2017-09-05", "XNYS", "COMMON_STOCK", "2017-09-07"),
        ("2024-05-24", "XNYS", "COMMON_STOCK", "2024-05-29"),
        ("2024-05-28", "XNYS", "COMMON_STOCK", "2024-05-29"),
        ("2021-06-01", "XNYS", "OPTION", "2021-06-02"),
        ("2021-06-01", "XPAR", "COMMON_STOCK", "2021-06-03"),
        ("2021-06-01", "XXXX", "COMMON_STOCK", "2021-06-01"),
        ("2021-06-01", None, "COMMON_STOCK", "2021-06-01"),
    ],
)
def test_settlement_by_market_and_day(traded: str, exchange: str | None, kind: str, settles: str) -> None:
    (entry,) = script().buy(traded, 1, 1).entries
    assert settles_on(entry, exchange, kind) == day(settles)


def test_the_sources_settlement_date_counts_and_cash_settles_at_once() -> None:
    (given,) = script().buy("2021-06-01", 1, 1, settlement_date=day("2021-06-30")).entries
    assert settles_on(given, "XNYS", "COMMON_STOCK") == day("2021-06-30")
    (dividend,) = script().add("DIVIDEND", "2021-06-01", None, 5).entries
    assert settles_on(dividend, "XNYS", "COMMON_STOCK") == day("2021-06-01")


def test_pending_cash_and_units() -> None:
    bought = Entry("B", "A", EntryType.BUY, day("2021-06-01"), "X", D(10), D(-100))
    sold = Entry("S", "A", EntryType.SELL, day("2021-06-02"), "X", D(4), D(50))
    rows = [(bought, day("2021-06-03"), D(10)), (sold, day("2021-06-04"), D(-4))]
    (one,) = pending(rows, day("2021-06-02"))
    assert (one.cash, one.units, one.entries) == (D(-50), {"X": D(6)}, ("B", "S"))
    (later,) = pending(rows, day("2021-06-03"))
    assert (later.cash, later.units) == (D(50), {"X": D(-4)})
    assert pending(rows, day("2021-06-04")) == ()


def test_every_reason_has_its_sentence() -> None:
    assert set(texts.REASONS) == set(Reason)
    for said in texts.REASONS.values():
        assert said.sample()
