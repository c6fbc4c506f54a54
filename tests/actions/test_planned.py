"""What an action posts for each holding: cash in the currency of the account, none at a rate nobody knows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from uuid import UUID

import pytest
from wealthnexus.domain.actions.preview import CashRates, Terms, planned
from wealthnexus.domain.actions.repository import Holding
from wealthnexus.domain.ledger.lots import CorporateAction, Fractions
from wealthnexus.domain.ledger.lots.vocabulary import ActionType

pytestmark = pytest.mark.unit
D = Decimal
OLD, NEW = (str(UUID(int=n)) for n in (1, 2))
DOLLARS, EUROS, YEN = (UUID(int=n) for n in (11, 12, 13))
ACCOUNTS = {
    key: SimpleNamespace(currency=currency)
    for key, currency in ((DOLLARS, "USD"), (EUROS, "EUR"), (YEN, "JPY"))
}
MERGER = CorporateAction(
    "X1", OLD, ActionType.MERGER, date(2021, 3, 15), D(1), D(4), D("2.505"), NEW, cash_currency="USD"
)


def holding(account: UUID, units: str, *entries: UUID) -> Holding:
    return Holding(account, UUID(int=account.int + 100), D(units), -D(units), None, entries)


def test_an_account_without_a_rate_is_left_out_whole_and_named() -> None:
    """10 units at USD 2.505 and one for four: 25.05 and 2 units, the half at USD 8 for 4.00; in euros at 0.80
    20.04 and 3.20. For yen there is no rate: neither the shares nor the cash."""
    rates = CashRates("USD", {OLD: "USD", NEW: "USD"}, {("USD", "EUR"): D("0.80")})
    terms = Terms(Fractions.CASH_IN_LIEU, D(8))
    holdings = [holding(DOLLARS, "10"), holding(EUROS, "10"), holding(YEN, "10")]
    entries, without = planned(MERGER, terms, holdings, ACCOUNTS, rates)
    told = [(one.account_id, one.quantity, one.amount, one.exchange_rate) for one in entries]
    assert told == [
        (DOLLARS, D(-10), D("25.05"), None),
        (DOLLARS, D(2), D("4.00"), None),
        (EUROS, D(-10), D("20.04"), D("0.80")),
        (EUROS, D(2), D("3.20"), D("0.80")),
    ]
    assert without == [YEN]


def test_a_holding_that_has_its_entries_is_given_none() -> None:
    rates = CashRates("USD", {OLD: "USD", NEW: "USD"}, {})
    entries, without = planned(
        MERGER, Terms(Fractions.KEEP), [holding(DOLLARS, "10", UUID(int=99))], ACCOUNTS, rates
    )
    assert (entries, without) == ([], [])
    kept, _ = planned(MERGER, Terms(Fractions.KEEP), [holding(DOLLARS, "10")], ACCOUNTS, rates)
    assert [one.quantity for one in kept] == [D(-10), D("2.5")]
