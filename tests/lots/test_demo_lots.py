"""The custodians' lots of the demo books, which another program keeps, agree with ours or it is explained."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from wealthnexus.demo.books import write_demo_bundle
from wealthnexus.demo.people import FIRMS, Firm
from wealthnexus.domain.bundle import open_bundle, signed_units
from wealthnexus.domain.ledger.lots import from_bundle
from wealthnexus.domain.ledger.lots.book import LotBook
from wealthnexus.domain.ledger.lots.custodian import CustodianLot, LotDifference, beside
from wealthnexus.domain.ledger.lots.inputs import Facts
from wealthnexus.domain.ledger.lots.rates import RateTable
from wealthnexus.domain.ledger.lots.vocabulary import Reason, View

pytestmark = pytest.mark.unit

# Sales and purchases that the custodian booked and the firm did not (docs/domain/demo-books.md).
PLANTED = {"summit": {("A-0022-1", "SPY")}, "harbor": {("A-0018-1", "IWM")}}
LEAST = {"summit": 4000, "harbor": 2700}


@pytest.mark.parametrize("firm", FIRMS)
def test_the_demo_books(firm: Firm, tmp_path: Path) -> None:
    """What differs: accounts that name their lots by hand (the books do not say which), averages of shares.

    Their custodian takes the costliest lot of the former and averages single shares of the latter, which
    26 CFR 1.1012-1(e) has for funds alone.
    """
    write_demo_bundle(firm, tmp_path)
    bundle = open_bundle(tmp_path)
    accounts = {row.external_id: row for row in bundle.rows("accounts")}
    closes = {(row.security_key, row.date): row.close for row in bundle.rows("prices")}
    rates = RateTable((row.base, row.quote, row.date, row.rate) for row in bundle.rows("fx_rates"))
    securities = {row.security_key: row for row in bundle.rows("securities")}
    facts = Facts(
        {key: from_bundle.account(row) for key, row in accounts.items()},
        {key: from_bundle.security(row) for key, row in securities.items()},
        tuple(map(from_bundle.given_lot, bundle.rows("lots"))),
        tuple(map(from_bundle.corporate_action, bundle.rows("corporate_actions"))),
        price_on=lambda security, day: closes.get((security, day)),
        rate_on=rates.rate_on,
    )
    rows = list(bundle.rows("transactions"))
    book = LotBook(facts)
    book.play([from_bundle.entry(row, number) for number, row in enumerate(rows)])
    told = [
        CustodianLot(row.account_external_id, row.security_key, row.acquired_on, row.quantity, row.cost_basis)
        for row in bundle.rows("custodian_lots")
    ]
    # The custodian of the demo knows no wash sales; it rounds each step to the cent.
    lots = book.open_lots()
    washed = {(lot.account, lot.security) for lot in lots if lot.basis[View.CUSTODIAN] != lot.cost}
    compared = beside(lots, told, Decimal("0.05"))
    assert Counter(one.difference for one in compared)[LotDifference.AGREES] > LEAST[firm]
    for one in compared:
        if one.difference is LotDifference.AGREES or (one.account, one.security) in PLANTED[firm] | washed:
            continue
        method = accounts[one.account].lot_method
        is_fund = securities[one.security].security_type in book.policy.average_types
        assert method == "SPECIFIC" or (method == "AVERAGE_COST" and not is_fund), one

    units: Counter[tuple[str, str]] = Counter()
    for row in rows:
        if row.security_key is not None:
            units[row.account_external_id, row.security_key] += signed_units(row.type, row.quantity)
    held: Counter[tuple[str, str]] = Counter()
    for lot in lots:
        held[lot.account, lot.security] += lot.units
    assert {key: count for key, count in held.items() if count} == {k: v for k, v in units.items() if v}
    expected = {Reason.IDENTIFICATION_NOT_ADEQUATE, Reason.AVERAGE_NOT_ELIGIBLE}
    assert {finding.reason for finding in book.findings()} <= expected
    if firm == "summit":  # the story of EEM in March 2021
        (match,) = [one for one in book.wash_sales(View.CUSTODIAN) if one.loss_account == "A-0001-1"]
        assert (match.loss_security, match.units, match.disallowed) == ("EEM", 1000, Decimal("3950.00"))
