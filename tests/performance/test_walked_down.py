"""A return is walked down to the closes and entries it stands on, and every step sums to the one above."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from wealthnexus.domain.ledger import Explain
from wealthnexus.domain.performance import walking
from wealthnexus.domain.performance.explaining import Explaining
from wealthnexus.kit.db.session import Binding

from tests.performance.stories import Stories

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]
MOVED = date(2021, 3, 8)


async def step(walk: Explaining, path: str) -> Explain:
    told = await walk.told(path)
    assert told is not None, path
    return told


def amount(part: Any) -> Decimal:
    return Decimal(part.value.split()[0])


async def test_each_close_is_its_accounts_and_each_account_its_cash_and_positions(told: Stories) -> None:
    """In another currency, in kind and accruing: to the cent, with the file and line of every close."""
    async with told.platform.db.reading(Binding(told.firm.id)) as reader:
        for household in ("H3", "H4", "H5"):
            book = await told.scope(reader, household=household)
            walk = Explaining(reader, book, False)
            root = await step(walk, "ITD/net")
            last = [each for each in root.parts if each.formula == "scope.value"][-1]
            assert last.label == "2021-03-31"
            day = await step(walk, last.path)
            assert sum(map(amount, day.parts)) == amount(last) == book.series.days[-1].value
            assert {each.label for each in day.parts} <= set(book.members.names.values())
            for part in day.parts:
                account = await step(walk, part.path)
                inputs = {each.name: each.value for each in account.inputs}
                own = Decimal(inputs["cash"]) + Decimal(inputs.get("accruedInterest", 0))
                held = sum((each.value or 0 for each in account.positions), Decimal(0))
                assert own + held == Decimal(inputs["value"]), (household, part.label)
                for each in account.positions:
                    if each.value is not None:
                        assert (each.file, each.line is None) == ("prices.csv", False), each
                        worth = each.units * each.close * each.multiplier * each.rate
                        assert abs(worth - each.value) <= Decimal("0.005")


async def test_flows_name_their_account_and_entry_with_file_and_line(told: Stories) -> None:
    async with told.platform.db.reading(Binding(told.firm.id)) as reader:
        book = await told.scope(reader, account="RECEIVER")
        root = await step(walk := Explaining(reader, book, False), "ITD/net")
        flows = next(each for each in root.parts if each.formula == "scope.flows")
        found = await step(walk, flows.path)
    assert sum(each.amount for each in found.movements if each.effect == "FLOW") == amount(flows) == 10500
    moved = next(each for each in found.movements if each.day == MOVED)
    assert moved.entry is not None
    assert (moved.account_name, moved.amount, moved.entry.type) == (
        book.members.names[told.ids.accounts["RECEIVER"]], 9500, "TRANSFER_IN",
    )  # fmt: skip
    assert (moved.entry.file, moved.entry.units) == ("transactions.csv", 100)
    assert moved.entry.line


async def test_a_client_is_not_told_who_paid(told: Stories) -> None:
    """A fee that an account outside paid: its amount, and for staff who see the payer its entry."""
    async with told.platform.db.reading(Binding(told.firm.id)) as reader:
        book = await told.scope(reader, account="BILLED")
        seen = {}
        for is_client in (False, True):
            walk = Explaining(reader, book, is_client)
            root = await step(walk, "ITD/net")
            flows = next(each for each in root.parts if each.formula == "scope.flows")
            rows = (await step(walk, flows.path)).movements
            seen[is_client] = next(each for each in rows if each.effect == "FEES_ELSEWHERE")
    assert seen[False].entry is not None
    assert seen[False].entry.account_id == told.ids.accounts["PAYER"]
    assert seen[True].entry is None
    assert seen[False].amount == seen[True].amount == 8000


async def test_what_is_many_comes_in_pages(told: Stories, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "SHOWN_MAX", 1)
    async with told.platform.db.reading(Binding(told.firm.id)) as reader:
        book = await told.scope(reader, household="H3")
        walk = Explaining(reader, book, False)
        root = await step(walk, "ITD/net")
        for at in (each.path for each in root.parts if each.formula in {"scope.value", "scope.flows"}):
            names, path = [], at
            while True:
                found = await step(walk, path)
                names += [each.label for each in found.parts if each.value] + [*found.movements]
                more = [each for each in found.parts if each.label and each.label.startswith("+")]
                if not more:
                    break
                [path] = [each.path for each in more]
            assert len(names) == 2, at
        values = await step(walk, "ITD/net/values")
        assert [each.label for each in values.parts][1] == f"+{len(book.series.days) - 1}"


@pytest.mark.parametrize(
    "path",
    ["ITD/gross/values", "ITD/net/value-2021-02-01", "ITD/net/value-2021-13-01", "ITD/net/after-1",
     "ITD/volatility/values", "ITD/net/value-2021-03-31/values", "ITD/net/value-2021-03-31/account-{other}",
     "ITD/net/value-2021-03-31/account-{own}/after-0/after-0", "ITD/net/0/values"],
)  # fmt: skip
async def test_steps_that_there_are_not_or_not_for_clients(told: Stories, path: str) -> None:
    """Gross, a day outside, an account of another scope."""
    path = path.format(other=told.ids.accounts["PAYER"], own=told.ids.accounts["MERGED"])
    async with told.platform.db.reading(Binding(told.firm.id)) as reader:
        book = await told.scope(reader, account="MERGED")
        assert await Explaining(reader, book, True).told(path) is None
