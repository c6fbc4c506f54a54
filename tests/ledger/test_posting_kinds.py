"""Every kind of entry posted by hand, and its lots: bonds, options, transfers, sleeves, actions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import text
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger.lot_books import load_lot_books
from wealthnexus.domain.ledger.lots import LotBook
from wealthnexus.domain.ledger.service import TransactionCommand
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.errors import Conflict, NotFound, ValidationFailed
from wealthnexus.kit.ids import new_id
from wealthnexus.runtime import Platform

from tests.factories_ledger import LAST_DAY, Book, Ids, ids_of, post, rows, scalar, view_of

pytestmark = pytest.mark.database
D = Decimal


def books() -> Book:
    made = (
        Book().household().account().account("A2").account("E1", currency="EUR").security().security("CHILD")
    )
    made.security("BOND", security_type="BOND", asset_class="FIXED_INCOME", price_multiplier=D("0.01"))
    made.security("PUT", security_type="OPTION", underlying_key="ACME", option_type="PUT", strike=D(50),
                  expiry=LAST_DAY, price_multiplier=D(100), contract_size=D(100))  # fmt: skip
    made.security("CALL", security_type="OPTION", underlying_key="ACME", option_type="CALL", strike=D(40),
                  expiry=LAST_DAY, price_multiplier=D(100), contract_size=D(100))  # fmt: skip
    made.price("ACME", "2021-03-01", "50").deposit("100000", on="2021-01-04")
    made.buy("ACME", "60", "-3000", on="2021-01-05", key="B1").buy(
        "ACME", "40", "-2400", on="2021-02-05", key="B2"
    )
    made.action("SPIN_OFF", "2021-03-10", ratio_new=D(1), ratio_old=D(2), other_security_key="CHILD",
                basis_fraction=D("0.25"))  # fmt: skip
    return made


class Desk:
    """Posting into the account A1, and its lots."""

    def __init__(self, platform: Platform, firm: FirmInfo, ids: Ids) -> None:
        self.platform, self.firm, self.ids = platform, firm, ids

    def command(
        self, kind: str, on: str, amount: str = "0", *, account: str = "A1", **given: Any
    ) -> TransactionCommand:
        security = given.pop("security", None)
        quantity = given.pop("quantity", None)
        return TransactionCommand(
            self.ids.accounts[account], kind, date.fromisoformat(on), D(amount),
            security_id=None if security is None else self.ids.securities[security],
            quantity=None if quantity is None else D(quantity), **given,
        )  # fmt: skip

    async def post(self, kind: str, on: str, amount: str = "0", **given: Any) -> Any:
        return await post(self.platform, self.firm, self.command(kind, on, amount, **given))

    async def book(self) -> LotBook:
        async with self.platform.db.reading(Binding(self.firm.id)) as reader:
            view = await view_of(reader, self.firm)
            loaded = await load_lot_books(reader, view, [self.ids.accounts["A1"]])
            found = loaded.book_of(self.ids.accounts["A1"])
        assert found is not None
        return found.played

    async def lots(
        self, security: str, account: str = "A1"
    ) -> list[tuple[Decimal, Decimal | None, date | None]]:
        book, key = await self.book(), str(self.ids.securities[security])
        return [
            (lot.units, lot.cost, lot.acquired_on)
            for lot in book.open_lots()
            if lot.security == key and lot.account == str(self.ids.accounts[account])
        ]


@pytest_asyncio.fixture(loop_scope="session")
async def desk(platform: Platform, firm: FirmInfo, tmp_path: Path) -> Desk:
    report = await books().load(platform, firm, tmp_path)
    assert report.ok, list(report.lines())
    return Desk(platform, firm, await ids_of(platform, firm))


async def test_interest_bought_with_a_bond_is_no_basis(desk: Desk) -> None:
    """10,000 face at 98.50 per 100 and 120.00 of interest: 9,970.00 paid, 9,850.00 of basis."""
    done = await desk.post(
        "BUY", "2021-03-02", "-9970", security="BOND", quantity="10000", price=D("98.50"),
        accrued_interest=D("120"),
    )  # fmt: skip
    assert [warning.code for warning in done.preview.warnings] == []
    assert await desk.lots("BOND") == [(D(10000), D(9850), date(2021, 3, 2))]
    assert [one.amount for one in (await desk.book()).accrued_interest()] == [D(-120)]


async def test_a_written_put_that_is_assigned_lowers_what_the_shares_cost(desk: Desk) -> None:
    await desk.post("SHORT", "2021-03-02", "300", security="PUT", quantity="1")
    await desk.post("ASSIGNMENT", "2021-03-19", security="PUT", quantity="1")
    await desk.post("BUY", "2021-03-19", "-5000", security="ACME", quantity="100")
    assert await desk.lots("ACME") == [
        (D(60), D(3000), date(2021, 1, 5)),
        (D(40), D(2400), date(2021, 2, 5)),
        (D(100), D(4700), date(2021, 3, 19)),
    ]


async def test_an_option_expires_and_realises_its_premium(desk: Desk) -> None:
    await desk.post("BUY", "2021-03-02", "-150", security="CALL", quantity="1")
    with pytest.raises(ValidationFailed, match="1 field is not as expected"):
        await desk.post("EXPIRATION", "2021-03-19", security="CALL", quantity="2")
    await desk.post("EXPIRATION", "2021-03-19", security="CALL", quantity="1")
    assert [line.gain for line in (await desk.book()).realised()] == [D(-150)]


async def test_lots_travel_with_a_transfer_in_kind(desk: Desk) -> None:
    await desk.post("TRANSFER_OUT", "2021-03-16", security="ACME", quantity="70", external_id="OUT")
    await desk.post(
        "TRANSFER_IN", "2021-03-16", security="ACME", quantity="70", account="A2", related_external_id="OUT"
    )
    assert await desk.lots("ACME") == [(D(30), D(1800), date(2021, 2, 5))]
    assert await desk.lots("ACME", "A2") == [
        (D(60), D(3000), date(2021, 1, 5)),
        (D(10), D(600), date(2021, 2, 5)),
    ]


async def test_shares_journalled_into_another_sleeve_keep_their_lots(desk: Desk) -> None:
    sleeve = new_id()
    async with desk.platform.db.unit_of_work(Binding(desk.firm.id)) as uow:
        await uow.execute(
            text(
                "insert into portfolios (tenant_id, id, account_id, name, is_default, created_at)"
                " values (:t, :id, :a, 'Income', false, now())"
            ),
            {"t": desk.firm.id, "id": sleeve, "a": desk.ids.accounts["A1"]},
        )
    await desk.post("JOURNAL", "2021-03-16", security="ACME", quantity="-60", external_id="J1")
    await desk.post(
        "JOURNAL", "2021-03-16", security="ACME", quantity="60", portfolio_id=sleeve, related_external_id="J1"
    )
    held: dict[str, list[tuple[Decimal, Decimal | None]]] = {}
    for lot in (await desk.book()).open_lots():
        held.setdefault(lot.portfolio, []).append((lot.units, lot.cost))
    assert held[str(sleeve)] == [(D(60), D(3000))]
    assert [lots for name, lots in held.items() if name != str(sleeve)] == [[(D(40), D(2400))]]
    with pytest.raises(NotFound, match="the account has no sleeve"):
        await desk.post("DEPOSIT", "2021-03-16", "1", portfolio_id=new_id())


async def test_an_entry_names_the_action_it_carries_out(desk: Desk) -> None:
    """100 shares of 5,400.00 give a quarter to 50 of the other: 750.00 and 600.00."""
    action: UUID = await scalar(
        desk.platform, desk.firm, "select id from corporate_actions where tenant_id = :t"
    )
    spun = desk.command("SPIN_OFF", "2021-03-10", security="CHILD", quantity="50", corporate_action_id=action,
                        external_id="S-1")  # fmt: skip
    done = await post(desk.platform, desk.firm, spun)
    assert await desk.lots("CHILD") == [(D(30), D(750), date(2021, 1, 5)), (D(20), D(600), date(2021, 2, 5))]
    again = await post(desk.platform, desk.firm, spun)
    assert (again.is_new, again.transaction_id) == (False, done.transaction_id)
    with pytest.raises(Conflict, match="S-1 is in the ledger already with other content"):
        await post(desk.platform, desk.firm, replace(spun, corporate_action_id=None))
    with pytest.raises(NotFound, match="there is no corporate action"):
        await post(desk.platform, desk.firm, replace(spun, corporate_action_id=new_id(), external_id="S-2"))
    with pytest.raises(ValidationFailed):
        await desk.post("DEPOSIT", "2021-03-10", "5", corporate_action_id=action)


async def test_what_few_entries_say_is_kept(desk: Desk) -> None:
    await desk.post("ADVISORY_FEE", "2021-03-30", "-25", billed_account_id=desk.ids.accounts["A2"])
    await desk.post("BUY", "2021-03-30", "-50", security="ACME", quantity="1", order_reference="O-1")
    await desk.post("SHORT", "2021-03-30", "900", security="PUT", quantity="1", is_deep_in_the_money=True)
    sql = (
        "select t.type, b.external_id, t.order_reference, t.is_deep_in_the_money from transactions t"
        " left join accounts b on b.tenant_id = :t and b.id = t.billed_account_id"
        " where t.tenant_id = :t and t.source = 'MANUAL' order by t.book_version"
    )
    assert await rows(desk.platform, desk.firm, sql) == [
        ("ADVISORY_FEE", "A2", None, None),
        ("BUY", None, "O-1", None),
        ("SHORT", None, None, True),
    ]
    with pytest.raises(ValidationFailed) as refused:
        await desk.post("BUY", "2021-03-30", "-50", security="ACME", quantity="1", is_deep_in_the_money=True)
    assert [problem.path for problem in refused.value.problems] == [("input", "isDeepInTheMoney")]


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"price": D(-1)}, "price", "expected 0 or more"),
        ({"amount": "50"}, "amount", "BUY: expected an amount of 0 or less"),
        ({"on": "2021-04-01"}, "tradeDate", "expected a day up to the business date 31 Mar 2021"),
        ({"exchange_rate": D(0)}, "exchangeRate", "expected a rate greater than 0"),
    ],
)
async def test_what_contradicts_itself_is_refused(
    desk: Desk, given: dict[str, Any], field: str, said: str
) -> None:
    on, amount = given.pop("on", "2021-03-30"), given.pop("amount", "-50")
    with pytest.raises(ValidationFailed) as refused:
        await desk.post("BUY", on, amount, security="ACME", quantity="1", **given)
    assert [(problem.path, problem.message) for problem in refused.value.problems] == [
        (("input", field), said)
    ]


async def test_without_a_rate_the_amount_counts_and_a_warning_says_so(desk: Desk) -> None:
    given = {"security": "ACME", "quantity": "1", "account": "E1"}
    without = await desk.post("BUY", "2021-03-30", "-40", **given)
    said = "there is no rate of USD in EUR by 30 Mar 2021: what the units are worth in EUR is not known"
    assert [(w.code, w.message) for w in without.preview.warnings if w.code == "NO_RATE"] == [
        ("NO_RATE", said)
    ]
    told = await desk.post("BUY", "2021-03-30", "-40", **given, exchange_rate=D("0.85"))
    assert "NO_RATE" not in [warning.code for warning in told.preview.warnings]
