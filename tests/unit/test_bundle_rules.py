"""One transaction row by itself: needs, signs and dates of every type, and what it does to a holding."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from wealthnexus.domain.bundle import (
    TRANSACTION_TYPES,
    TransactionRow,
    UnitsNeedTheHolding,
    signed_units,
)
from wealthnexus.domain.bundle.format import FxRateRow, PriceRow, SecurityRow
from wealthnexus.domain.bundle.rules import (
    CARRIES_OUT,
    NEEDS,
    check_fx_rate,
    check_price,
    check_security,
    check_transaction,
    warn_transaction,
)

pytestmark = pytest.mark.unit

AS_OF = date(2021, 3, 31)
D = Decimal


def row(
    kind: str, amount: str, security: str | None = None, quantity: str | None = None, fees: str = "0"
) -> TransactionRow:
    return TransactionRow(
        line=2,
        external_id="T1",
        account_external_id="A1",
        type=kind,
        trade_date=date(2021, 3, 1),
        settlement_date=date(2021, 3, 3),
        security_key=security,
        quantity=None if quantity is None else D(quantity),
        price=None,
        amount=D(amount),
        fees=D(fees),
        currency="USD",
        lot_selection=None,
        related_external_id=None,
        accrued_interest=None,
        description=None,
    )


def refused_columns(transaction: TransactionRow) -> list[str]:
    return [column for column, _expectation in check_transaction(transaction, AS_OF)]


@pytest.mark.parametrize(
    ("kind", "amount", "security", "quantity", "refused"),
    [
        ("DEPOSIT", "100", None, None, []),
        ("DEPOSIT", "0", None, None, ["amount"]),
        ("DEPOSIT", "-100", None, None, ["amount"]),
        ("DEPOSIT", "100", "AAPL", "1", ["security_key", "quantity"]),
        ("WITHDRAWAL", "-100", None, None, []),
        ("WITHDRAWAL", "100", None, None, ["amount"]),
        ("TRANSFER_IN", "100", None, None, []),
        ("TRANSFER_IN", "-100", None, None, ["amount"]),
        ("TRANSFER_IN", "0", "AAPL", "10", []),
        ("TRANSFER_IN", "-25", "AAPL", "10", []),
        ("TRANSFER_IN", "25", "AAPL", "10", ["amount"]),
        ("TRANSFER_IN", "0", "AAPL", None, ["quantity"]),
        ("TRANSFER_IN", "0", "AAPL", "-10", ["quantity"]),
        ("TRANSFER_IN", "0", None, "10", ["security_key"]),
        ("TRANSFER_IN", "0", None, None, ["amount"]),
        ("TRANSFER_OUT", "-100", None, None, []),
        ("TRANSFER_OUT", "100", None, None, ["amount"]),
        ("TRANSFER_OUT", "0", None, None, ["amount"]),
        ("TRANSFER_OUT", "0", "AAPL", "10", []),
        ("BUY", "-100", "AAPL", "1", []),
        ("BUY", "0", "AAPL", "1", []),
        ("BUY", "100", "AAPL", "1", ["amount"]),
        ("BUY", "-100", None, "1", ["security_key"]),
        ("BUY", "-100", "AAPL", None, ["quantity"]),
        ("BUY", "-100", "AAPL", "-1", ["quantity"]),
        ("BUY", "-100", "AAPL", "0", ["quantity"]),
        ("SELL", "100", "AAPL", "1", []),
        ("SELL", "-100", "AAPL", "1", ["amount"]),
        ("SHORT", "100", "AAPL", "1", []),
        ("SHORT", "100", "AAPL", "-1", ["quantity"]),
        ("COVER", "-100", "AAPL", "1", []),
        ("COVER", "100", "AAPL", "1", ["amount"]),
        ("DIVIDEND", "10", "AAPL", None, []),
        ("DIVIDEND", "10", "AAPL", "100", []),
        ("DIVIDEND", "-10", "AAPL", None, []),  # charged on shares sold short
        ("DIVIDEND", "0", "AAPL", None, ["amount"]),
        ("DIVIDEND", "10", None, None, ["security_key"]),
        ("REINVEST", "-10", "AAPL", "0.1", []),
        ("REINVEST", "10", "AAPL", "0.1", ["amount"]),
        ("REINVEST", "0", "AAPL", "0.1", ["amount"]),
        ("INTEREST", "10", None, None, []),
        ("INTEREST", "-10", None, None, []),
        ("INTEREST", "10", "BOND", None, []),
        ("INTEREST", "0", None, None, ["amount"]),
        ("ADVISORY_FEE", "-10", None, None, []),
        ("ADVISORY_FEE", "0", None, None, ["amount"]),
        ("EXPENSE", "-25", None, None, []),
        ("TAX", "-1.50", "AAPL", None, []),
        ("RETURN_OF_CAPITAL", "10", "AAPL", None, []),
        ("RETURN_OF_CAPITAL", "-10", "AAPL", None, ["amount"]),
        ("JOURNAL", "0", "AAPL", "300", []),
        ("JOURNAL", "0", "AAPL", "-300", []),
        ("JOURNAL", "0", "AAPL", "0", ["quantity"]),
        ("JOURNAL", "0", "AAPL", None, ["quantity"]),
        ("JOURNAL", "-50", None, None, []),
        ("JOURNAL", "0", None, None, ["amount"]),
        ("JOURNAL", "0", None, "5", ["security_key"]),
        ("EXERCISE", "0", "OPT", "2", []),
        ("EXERCISE", "-100", "OPT", "2", []),
        ("ASSIGNMENT", "100", "OPT", "2", []),
        ("ASSIGNMENT", "100", "OPT", None, ["quantity"]),
        ("EXPIRATION", "0", "OPT", "2", []),
        ("EXPIRATION", "5", "OPT", "2", ["amount"]),
        ("SPLIT", "0", "AAPL", "300", []),
        ("SPLIT", "20", "AAPL", "-88", []),
        ("SPLIT", "0", "AAPL", "0", ["quantity"]),
        ("SPLIT", "20", "AAPL", "0", ["quantity"]),
        ("SPLIT", "0", "AAPL", None, ["quantity"]),
        ("SPLIT", "0", None, "1", ["security_key"]),
        ("STOCK_DIVIDEND", "0", "AAPL", "0.27", []),
        ("STOCK_DIVIDEND", "12.50", "AAPL", "0", []),
        ("STOCK_DIVIDEND", "0", "AAPL", "0", ["quantity"]),
        ("SPIN_OFF", "0", "AAPL", "25", []),
        ("SPIN_OFF", "0", None, "25", ["security_key"]),
        ("SPIN_OFF", "0", "AAPL", None, ["quantity"]),
        ("MERGER", "600", "AAPL", "-100", []),
        ("MERGER", "0", "AAPL", "50", []),
        ("MERGER", "0", "AAPL", "0", ["quantity"]),
        ("SYMBOL_CHANGE", "0", "AAPL", "-100", []),
        ("SYMBOL_CHANGE", "1", "AAPL", "-100", ["amount"]),
        ("SYMBOL_CHANGE", "0", "AAPL", "0", ["quantity"]),
        ("CASH_IN_LIEU", "20", "AAPL", "-0.5", []),
        ("CASH_IN_LIEU", "20", "AAPL", None, []),
        ("CASH_IN_LIEU", "20", "AAPL", "0.5", ["quantity"]),
        ("CASH_IN_LIEU", "-20", "AAPL", "0.5", []),  # charged on shares sold short
        ("CASH_IN_LIEU", "0", "AAPL", "-0.5", ["amount"]),
    ],
)
def test_needs_and_signs(
    kind: str, amount: str, security: str | None, quantity: str | None, refused: list[str]
) -> None:
    assert refused_columns(row(kind, amount, security, quantity)) == refused


def test_a_sale_may_cost_no_more_than_its_fees() -> None:
    assert refused_columns(row("SELL", "-4.95", "AAPL", "1", fees="4.95")) == []
    assert refused_columns(row("SELL", "-4.96", "AAPL", "1", fees="4.95")) == ["amount"]


def test_every_type_is_judged() -> None:
    judged = set(NEEDS) | {"TRANSFER_IN", "TRANSFER_OUT", "JOURNAL"} | CARRIES_OUT
    assert judged == set(TRANSACTION_TYPES)
    assert len(TRANSACTION_TYPES) == 25


def test_the_sentences_name_the_type_and_the_sign() -> None:
    assert check_transaction(row("BUY", "100", None, None), AS_OF) == (
        ("security_key", "BUY needs a security"),
        ("quantity", "BUY needs a quantity greater than 0"),
        ("amount", "BUY: expected an amount of 0 or less"),
    )


def test_dates_are_sane() -> None:
    sound = row("DEPOSIT", "1")
    late = replace(sound, trade_date=date(2021, 4, 1), settlement_date=None)
    assert check_transaction(late, AS_OF) == (
        ("trade_date", "expected a date by the bundle's as_of, 2021-03-31"),
    )
    backwards = replace(sound, settlement_date=date(2021, 2, 26))
    assert check_transaction(backwards, AS_OF) == (
        ("settlement_date", "expected the trade date 2021-03-01 or later"),
    )
    assert refused_columns(replace(sound, trade_date=AS_OF, settlement_date=date(2021, 4, 5))) == []


@pytest.mark.parametrize("kind", ["ADVISORY_FEE", "EXPENSE", "TAX"])
def test_a_positive_charge_is_a_refund_and_worth_a_warning(kind: str) -> None:
    assert refused_columns(row(kind, "10")) == []
    assert warn_transaction(row(kind, "10")) == (
        ("amount", f"{kind} with a positive amount is kept as a refund; a charge is negative"),
    )
    assert warn_transaction(row(kind, "-10")) == ()


@pytest.mark.parametrize(
    ("kind", "quantity", "held", "units"),
    [
        ("BUY", "10", None, "10"),
        ("REINVEST", "0.5", None, "0.5"),
        ("TRANSFER_IN", "10", None, "10"),
        ("COVER", "10", "-10", "10"),
        ("ASSIGNMENT", "2", "-5", "2"),
        ("SELL", "10", "10", "-10"),
        ("SHORT", "10", None, "-10"),
        ("TRANSFER_OUT", "10", None, "-10"),
        ("EXERCISE", "2", "5", "-2"),
        ("EXPIRATION", "2", "5", "-2"),
        ("EXPIRATION", "5", "-5", "5"),
        ("JOURNAL", "300", None, "300"),
        ("JOURNAL", "-7", None, "-7"),
        ("SPLIT", "3900", None, "3900"),
        ("SPLIT", "-700", None, "-700"),
        ("SPIN_OFF", "25", None, "25"),
        ("MERGER", "-100", None, "-100"),
        ("SYMBOL_CHANGE", "100", None, "100"),
        ("CASH_IN_LIEU", "-0.5", None, "-0.5"),
        ("STOCK_DIVIDEND", "0.27", None, "0.27"),
        ("DIVIDEND", "100", None, "0"),
        ("INTEREST", "100", None, "0"),
        ("TAX", None, None, "0"),
        ("RETURN_OF_CAPITAL", "100", None, "0"),
        ("ADVISORY_FEE", None, None, "0"),
        ("EXPENSE", None, None, "0"),
        ("DEPOSIT", None, None, "0"),
        ("WITHDRAWAL", None, None, "0"),
        ("TRANSFER_IN", None, None, "0"),
    ],
)
def test_signed_units(kind: str, quantity: str | None, held: str | None, units: str) -> None:
    given = None if quantity is None else D(quantity)
    assert signed_units(kind, given, held=None if held is None else D(held)) == D(units)


@pytest.mark.parametrize("held", [None, "0", "1", "-1"])
def test_an_expiration_needs_the_holding(held: str | None) -> None:
    with pytest.raises(UnitsNeedTheHolding) as refused:
        signed_units("EXPIRATION", D(2), held=None if held is None else D(held))
    assert str(refused.value) == (
        f"EXPIRATION of 2: expected as many units held, found {held}; nothing was closed"
    )


def price(**changes: object) -> PriceRow:
    return replace(
        PriceRow(2, "AAPL", AS_OF, D("121.65"), D("123.54"), D("121.65"), D("122.15"), D(1)), **changes
    )


def test_a_price_row_is_consistent() -> None:
    assert check_price(price(), AS_OF) == ()
    assert check_price(price(open=None, high=None, low=None, volume=None), AS_OF) == ()
    assert check_price(price(high=D("122.00")), AS_OF) == (
        ("high", "expected the greatest price of the day, at least 122.15"),
    )
    assert check_price(price(low=D("122.00")), AS_OF) == (
        ("low", "expected the least price of the day, at most 121.65"),
    )
    assert check_price(price(date=date(2021, 4, 1)), AS_OF) == (
        ("date", "expected a date by the bundle's as_of, 2021-03-31"),
    )


def test_a_rate_has_two_currencies() -> None:
    rate = FxRateRow(2, "EUR", "USD", AS_OF, D("1.1725"))
    assert check_fx_rate(rate, AS_OF) == ()
    assert check_fx_rate(replace(rate, quote="EUR"), AS_OF) == (
        ("quote", "expected another currency than the base EUR"),
    )


def test_an_option_says_what_it_is() -> None:
    option = SecurityRow(
        2, "AAPL-C130", None, None, None, None, None, None, "AAPL Jun 2021 130 call", "OPTION", "DERIVATIVE",
        None, "USD", D(100),
    )  # fmt: skip
    assert check_security(option, AS_OF) == tuple(
        (column, "an OPTION needs it") for column in ("underlying_key", "option_type", "strike", "expiry")
    )
    whole = replace(
        option, underlying_key="AAPL", option_type="CALL", strike=D(130), expiry=date(2021, 6, 18)
    )
    assert check_security(whole, AS_OF) == ()
    assert check_security(replace(whole, security_type="ETF"), AS_OF) == (
        ("option_type", "expected it empty for ETF"),
    )
    assert check_security(replace(whole, underlying_key="AAPL-C130"), AS_OF) == (
        ("underlying_key", "expected another security than itself"),
    )
