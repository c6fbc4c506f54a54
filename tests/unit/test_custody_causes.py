"""What may lie behind a difference: tables of books and what they tell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from wealthnexus.domain.feeds.custody.causes import (
    Announced,
    Booked,
    Difference,
    Quoted,
    Surroundings,
    causes_of,
)
from wealthnexus.domain.feeds.custody.surroundings import cause_sentence

pytestmark = pytest.mark.unit
D = Decimal
DAY, EVE = date(2021, 3, 31), date(2021, 3, 30)
SPY, ACCOUNT = UUID(int=1), UUID(int=2)


def units(amount: str, ours: str = "100", key: int = 10) -> Difference:
    given = D(ours)
    return Difference(
        UUID(int=key), ACCOUNT, "QUANTITY", SPY, "USD", given, given + D(amount), D(amount), DAY, DAY
    )


def cash(amount: str, key: int = 11) -> Difference:
    return Difference(UUID(int=key), ACCOUNT, "CASH", None, "USD", D(0), D(amount), D(amount), DAY, DAY)


def booked(amount: str, *, key: int, moved: str = "0", settles: date = DAY, kind: str = "BUY") -> Booked:
    return Booked(UUID(int=key), kind, SPY, EVE, settles, D(moved), D(amount))


CLOSES = {SPY: [Quoted(EVE, D("394.73"), "feed"), Quoted(DAY, D("396.33"), "feed")]}


def found(one: Difference, **around: Any) -> list[str]:
    return [cause.code for cause in causes_of(one, Surroundings(**around))]


def test_a_trade_that_is_not_booked_is_told_from_both_of_its_differences() -> None:
    """100 SPY sold at the close of 396.33: 39,633.00 more cash and 100 units less at the custodian."""
    for one, other in ((units("-100"), cash("39633.00")), (cash("39633.00"), units("-100"))):
        (cause,) = causes_of(one, Surroundings(others=[other], prices=CLOSES))
        assert cause.code == "UNBOOKED_TRADE"
        assert cause.entry is not None
        assert (cause.entry.type, cause.entry.trade_date, cause.entry.quantity) == ("SELL", DAY, D(100))
        assert (cause.entry.price, cause.entry.amount) == (D("396.33"), D("39633.00"))
    (bought,) = causes_of(units("15"), Surroundings(others=[cash("-5950")], prices=CLOSES))
    assert bought.entry is not None
    assert (bought.entry.type, bought.entry.price) == ("BUY", D("396.666667"))


def test_a_sentence_says_the_currency_of_every_amount() -> None:
    def said(one: Difference, **around: Any) -> str:
        (cause,) = causes_of(one, Surroundings(**around))
        return cause_sentence(cause, "SPY", kind=one.kind, currency=one.currency)

    sold = "SELL of 100 SPY at about 396.33, the close of 31 Mar 2021, comes to the cash difference of"
    assert said(units("-100"), others=[cash("39633.00")], prices=CLOSES).startswith(f"{sold} +39,633 USD: ")
    assert said(cash("-25")).startswith("the custodian has -25 USD of cash and nothing else differs")
    later = date(2021, 4, 1)
    waiting = [booked("-5950", key=20, moved="15", settles=later)]
    assert "together -5,950 USD. " in said(cash("5950"), booked=waiting)
    assert "together 15. " in said(units("-15"), booked=waiting)


@pytest.mark.parametrize(
    "other",
    [cash("-39633.00"), cash("41000.00"), units("50", key=12)],
    ids=["cash the same way", "a price 3.4 percent off", "no cash differs"],
)
def test_what_does_not_add_up_is_no_trade(other: Difference) -> None:
    assert found(units("-100"), others=[other], prices=CLOSES) == []


@pytest.mark.parametrize(
    ("amount", "expected"),
    [("128.00", ["UNBOOKED_DIVIDEND"]), ("108.80", ["UNBOOKED_DIVIDEND"]), ("89.60", ["UNBOOKED_DIVIDEND"]),
     ("128.02", []), ("-128.00", ["UNBOOKED_FEE"])],
)  # fmt: skip
def test_a_dividend_is_units_times_the_rate_less_what_is_withheld(amount: str, expected: list[str]) -> None:
    paid = Announced(SPY, "CASH_DIVIDEND", EVE, DAY, D(100), cash_amount=D("1.28"))
    assert found(cash(amount), announced=[paid]) == expected


def test_a_split_is_ours_times_the_ratio() -> None:
    split = Announced(SPY, "SPLIT", EVE, None, D(100), ratio=D(4))
    assert found(units("300"), announced=[split]) == ["UNBOOKED_SPLIT"]
    assert found(units("299"), announced=[split]) == []
    assert found(units("299.5"), announced=[split]) == ["UNBOOKED_SPLIT"]  # cash in lieu of half a unit


def test_trades_that_settle_later_explain_what_is_not_there_yet() -> None:
    later = booked("-1200.00", key=20, moved="3", settles=date(2021, 4, 1))
    assert found(cash("1200.00"), booked=[later]) == ["SETTLEMENT"]
    assert found(units("-3"), booked=[later]) == ["SETTLEMENT"]
    assert found(cash("1200.01"), booked=[later]) == []
    assert found(cash("1200.00"), booked=[booked("-1200.00", key=20, moved="3")]) == []


def test_of_two_entries_alike_one_is_too_many() -> None:
    twins = [booked("-500.00", key=30, moved="2"), booked("-500.00", key=31, moved="2")]
    (cause,) = causes_of(cash("500.00"), Surroundings(booked=twins))
    assert (cause.code, cause.about) == ("DUPLICATE", (UUID(int=30), UUID(int=31)))
    assert found(units("-2"), booked=twins) == ["DUPLICATE"]
    assert found(cash("-500.00"), booked=twins) == ["UNBOOKED_FEE"]


def test_a_charge_is_small_and_alone() -> None:
    (cause,) = causes_of(cash("-25.00"), Surroundings())
    assert cause.code == "UNBOOKED_FEE"
    assert cause.entry is not None
    assert (cause.entry.type, cause.entry.amount) == ("EXPENSE", D("-25.00"))
    assert found(cash("-1000.01")) == []
    assert found(cash("25.00")) == []
    assert found(cash("-25.00"), others=[units("1")]) == []


def test_equal_units_differ_by_price() -> None:
    value = Difference(
        UUID(int=9), ACCOUNT, "MARKET_VALUE", SPY, "USD", D(39633), D(39000), D(-633), DAY, DAY
    )
    (cause,) = causes_of(value, Surroundings(prices=CLOSES))
    assert (cause.code, cause.day, cause.source) == ("PRICE", DAY, "feed")
