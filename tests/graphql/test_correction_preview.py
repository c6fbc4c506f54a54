"""What a correction changes is shown before it is saved, and is what saving it then does."""

# ruff: noqa: E501 -- queries are read as they are written

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio
from starlette.types import ASGIApp
from wealthnexus.domain.ledger.lot_books import load_lot_books
from wealthnexus.graphql.ids import to_global
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.ids import new_id
from wealthnexus.runtime import Platform

from tests.factories_ledger import LAST_DAY, Book, ids_of, view_of
from tests.graphql.conftest import House, make_house

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("graphql_correction_preview")]
D = Decimal

PREVIEW = """query($id: ID!, $instead: TransactionDetails) { transactionCorrectionPreview(transactionId: $id, replacement: $instead) {
  transaction { id type } changedFrom cashBefore cashAfter currency units { security { name } before after } warnings { code }
  lotCount lots { before { units cost custodianCost economicCost acquiredOn heldFrom } after { units cost custodianCost economicCost acquiredOn heldFrom } }
  gainCount gains { before { units cost gain disallowed recognised } after { units cost gain disallowed recognised } }
  gainSums { account { name } gain recognised } isPartial
  returns { name period before after valueBefore valueAfter }
  washSales { before { units disallowed effect } after { units disallowed effect soldOn boughtOn } } } }"""
RETURNS = """query($scope: PerformanceScope!) { performance(scope: $scope) { periods(kinds: [YTD, ONE_YEAR, ITD]) { kind net { value } closing { value } } } }"""
CORRECTED = """... on CorrectTransactionSuccess { reversal { id status } replacement { id status accruedInterest orderReference amount } }"""


@pytest_asyncio.fixture(loop_scope="session")
async def ledger(app: ASGIApp, platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> House:
    """100 bought at 50 and 100 at 60; 150 sold at 55 on 15 March; 30 bought at 40 on 25 March."""
    house = await make_house(app, platform, pinned_business_date=LAST_DAY)
    book = Book().household().account().security().security("OTHER").price("ACME", "2021-03-01", "50")
    book.deposit("50000", on="2021-01-04").buy("ACME", "100", "-5000", on="2021-01-05", key="FIRST")
    book.buy("ACME", "100", "-6000", on="2021-01-06", key="SECOND", order_reference="O-1")
    book.sell("ACME", "150", "8250", on="2021-03-15", key="SALE").buy(
        "ACME", "30", "-1200", on="2021-03-25", key="BACK"
    )
    report = await book.load(platform, house.firm, tmp_path_factory.mktemp("corrections"))
    assert report.ok, list(report.lines())
    return house


async def asked(house: House, key: str, instead: dict[str, Any] | None, role: str = "OPERATIONS") -> Any:
    ids = await ids_of(house.platform, house.firm)
    given = None
    if instead is not None:
        security = to_global("Security", ids.securities[instead.pop("security", "ACME")])
        given = {"securityId": security, **instead}
    return await house.api(role)(PREVIEW, id=to_global("Transaction", ids.transactions[key]), instead=given)


BUY = {"type": "BUY", "tradeDate": "2021-01-05", "quantity": "100", "amount": "-5700"}


async def test_a_dearer_purchase_moves_cash_lots_gains_and_a_wash_sale(ledger: House) -> None:
    """FIFO: 150 sold for 8,250 were 5,000 + 3,000 = a gain of 500 on the first lot and a loss of 250 on fifty of the
    second; 30 bought back wash 150.00 of it. At 5,700 the first lot loses 200, washed first: its 30 units 60.00."""
    found = (await asked(ledger, "FIRST", dict(BUY))).data["transactionCorrectionPreview"]
    assert (found["changedFrom"], found["cashBefore"], found["cashAfter"]) == (
        "2021-01-05",
        "46050.00",
        "45350.00",
    )
    assert found["units"] == [{"security": {"name": "ACME Corp"}, "before": "80", "after": "80"}]
    assert [
        (g["before"]["gain"], g["after"]["gain"])
        for g in found["gains"]
        if g["before"]["gain"] != g["after"]["gain"]
    ] == [("500.00", "-200.00")]
    assert found["gainSums"] == [
        {"account": {"name": "Account A1"}, "gain": "-700.00", "recognised": "-790.00"}
    ]
    before = [w["before"] for w in found["washSales"] if w["before"]]
    after = [w["after"] for w in found["washSales"] if w["after"]]
    assert [(w["units"], w["disallowed"], w["effect"]) for w in before] == [("30", "150.00", "DEFERRED")]
    assert [(w["units"], w["disallowed"], w["soldOn"], w["boughtOn"]) for w in after] == [
        ("30", "60.00", "2021-03-15", "2021-03-25")
    ]
    assert found["isPartial"] is False
    # What was paid for the 30 is as it was; what was added to it, and the days it took on, are not: 25 March
    # less the 68 days of the second lot, or the 69 of the first.
    (lot,) = (one for one in found["lots"] if one["before"]["units"] == "30")
    bought = {"units": "30", "cost": "1200.00", "acquiredOn": "2021-03-25"}
    before_it = {"custodianCost": "1350.00", "economicCost": "1350.00", "heldFrom": "2021-01-16"}
    after_it = {"custodianCost": "1260.00", "economicCost": "1260.00", "heldFrom": "2021-01-15"}
    assert lot == {"before": bought | before_it, "after": bought | after_it}


async def test_only_reversing_shows_what_then_lacks_its_basis(ledger: House) -> None:
    found = (await asked(ledger, "SECOND", None)).data["transactionCorrectionPreview"]
    assert (found["cashAfter"], found["units"][0]["after"]) == ("52050.00", "-20")
    assert found["gainSums"] == [{"account": {"name": "Account A1"}, "gain": None, "recognised": None}]


async def test_a_trade_moved_to_an_earlier_day_changes_figures_from_that_day(ledger: House) -> None:
    sale = {"type": "SELL", "tradeDate": "2021-02-01", "quantity": "150", "amount": "8250"}
    found = (await asked(ledger, "SALE", sale)).data["transactionCorrectionPreview"]
    assert found["changedFrom"] == "2021-02-01"
    # More than 30 days before the purchase: nothing is washed any more.
    assert [w["after"] for w in found["washSales"]] == [None]


async def test_into_another_security_nobody_held(ledger: House) -> None:
    found = (
        await asked(
            ledger,
            "BACK",
            {
                "type": "BUY",
                "tradeDate": "2021-03-25",
                "quantity": "5",
                "amount": "-1200",
                "security": "OTHER",
            },
        )
    ).data["transactionCorrectionPreview"]
    assert {u["security"]["name"]: (u["before"], u["after"]) for u in found["units"]} == {
        "ACME Corp": ("80", "50"),
        "OTHER Corp": ("0", "5"),
    }
    assert [(w["before"] is None, w["after"] is None) for w in found["washSales"]] == [(False, True)]


async def test_what_was_shown_is_what_saving_does_and_the_old_is_known_as_before(ledger: House) -> None:
    shown = (await asked(ledger, "FIRST", dict(BUY))).data["transactionCorrectionPreview"]
    ids = await ids_of(ledger.platform, ledger.firm)
    async with ledger.platform.db.reading(Binding(ledger.firm.id)) as reader:
        account = ids.accounts["A1"]
        before = (await load_lot_books(reader, await view_of(reader, ledger.firm), [account])).books[0].played
    then = clock.now()
    done = await ledger.api("OPERATIONS").change(
        "correctTransaction", CORRECTED, idempotencyKey=str(new_id()), reason="The contract note says 57.00",
        transactionId=to_global("Transaction", ids.transactions["FIRST"]),
        replacement={"securityId": to_global("Security", ids.securities["ACME"]), **BUY},
    )  # fmt: skip
    assert done["replacement"]["status"] == "EFFECTIVE"
    async with ledger.platform.db.reading(Binding(ledger.firm.id)) as reader:
        view = await view_of(reader, ledger.firm)
        after = (await load_lot_books(reader, view, [account])).books[0].played
        known = await load_lot_books(
            reader, await view_of(reader, ledger.firm, None, view.book_version - 1), [account]
        )
    moved = sum((g.gain or D(0)) for g in after.realised()) - sum((g.gain or D(0)) for g in before.realised())
    assert moved == D(shown["gainSums"][0]["gain"])
    assert [(g.id, g.gain) for g in known.books[0].played.realised()] == [
        (g.id, g.gain) for g in before.realised()
    ]
    of_account = {"accountId": to_global("Account", account)}
    for role_of, name in (
        (of_account, "Account A1"),
        ({"householdId": to_global("Household", ids.households["H1"])}, "Household H1"),
    ):
        now = (await ledger.api("OPERATIONS")(RETURNS, scope=role_of)).data["performance"]["periods"]
        told = [row for row in shown["returns"] if row["name"] == name]
        assert [(row["period"], row["after"], row["valueAfter"]) for row in told] == [
            (row["kind"], row["net"]["value"], row["closing"]["value"]) for row in now
        ]
        assert [row["period"] for row in told if row["before"] != row["after"]] == ["YTD", "ITD"]
    cash = "query($at: DateTime) { accounts(first: 1, knownAt: $at) { nodes { cash { value } } } }"
    api = ledger.api("ADVISOR")
    assert (await api(cash)).data["accounts"]["nodes"][0]["cash"]["value"] == shown["cashAfter"]
    assert (await api(cash, at=then.isoformat())).data["accounts"]["nodes"][0]["cash"]["value"] == shown[
        "cashBefore"
    ]


async def test_a_correction_keeps_what_it_does_not_name(ledger: House) -> None:
    ids = await ids_of(ledger.platform, ledger.firm)
    same = {
        "type": "BUY",
        "tradeDate": "2021-01-06",
        "quantity": "100",
        "amount": "-6001",
        "securityId": to_global("Security", ids.securities["ACME"]),
    }
    given = {"transactionId": to_global("Transaction", ids.transactions["SECOND"]), "reason": "A dollar more"}
    done = await ledger.api("OPERATIONS").change(
        "correctTransaction", CORRECTED, idempotencyKey=str(new_id()), **given, replacement=same
    )
    assert (done["replacement"]["orderReference"], done["replacement"]["amount"]) == ("O-1", "-6001.00")


async def test_what_saving_would_refuse_the_preview_refuses(ledger: House) -> None:
    for instead, path, said in (
        (
            {**BUY, "amount": "5700"},
            ["replacement", "amount"],
            "BUY: 1 field is not as expected; nothing was posted",
        ),
        (
            {**BUY, "tradeDate": "2021-04-01"},
            ["replacement", "tradeDate"],
            "BUY: 1 field is not as expected; nothing was posted",
        ),
        (
            {**BUY, "price": "-1"},
            ["replacement", "price"],
            "BUY: 1 field is not as expected; nothing was posted",
        ),
    ):
        answer = await asked(ledger, "FIRST", dict(instead))
        assert [error["message"] for error in answer.errors] == [said]
        assert answer.errors[0]["extensions"].get("path", path) == path
    assert (await asked(ledger, "FIRST", dict(BUY), role="ADVISOR")).codes == ["FORBIDDEN"]
    missing = await ledger.api("OPERATIONS")(PREVIEW, id=to_global("Transaction", new_id()), instead=None)
    assert missing.codes == ["NOT_FOUND"]
