"""Both demo firms on ten days: every position, account, debt and net worth as the independent reading has it.

The days: before and after the distribution of Alphabet's Class C shares, a leap day, before and after an
account joined its household, around Apple's 4-for-1 split, before an attorney was named, a year's end that
is no trading day elsewhere, the quarter before the clock, and the clock.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import text
from wealthnexus.demo.books import write_demo_bundle
from wealthnexus.demo.people import FIRMS, Firm
from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.feeds.custody.reconciling import reconcile_due
from wealthnexus.domain.feeds.importer import import_bundle
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger import book_view
from wealthnexus.domain.ledger import repository as ledger
from wealthnexus.kit.context import SYSTEM
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.paging import page_request
from wealthnexus.runtime import Platform

from tests.factories import make_firm
from tests.factories_ledger import ids_of
from tests.oracle.sheet import Sheets
from tests.oracle.test_sheet import keys_of, same_lines, same_owners
from tests.support.engines import platform

__all__ = ["platform"]
pytestmark = [pytest.mark.database, pytest.mark.xdist_group("oracle_demo")]

DAYS = [
    date(2014, 4, 2), date(2014, 4, 3), date(2016, 2, 29), date(2018, 12, 4), date(2020, 6, 30),
    date(2020, 7, 1), date(2020, 8, 28), date(2020, 8, 31), date(2020, 12, 31), date(2021, 3, 31),
]  # fmt: skip


@dataclass(frozen=True)
class Imported:
    """A demo firm in the database beside the reading of its files, and the keys of what it holds."""

    slug: Firm
    firm: FirmInfo
    oracle: Sheets
    keys: dict[str, dict[Any, str]]


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=FIRMS)
async def demo(
    request: pytest.FixtureRequest, platform: Platform, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Imported]:
    firm = await make_firm(platform, pinned_business_date=DAYS[-1])
    folder: Path = tmp_path_factory.mktemp(request.param) / "bundle"
    write_demo_bundle(request.param, folder)
    report = await import_bundle(platform, firm, folder, actor=SYSTEM)
    assert report.ok, list(report.lines())
    tables = ("households", "accounts", "parties", "liabilities", "securities")
    keys = {table: await keys_of(platform, firm, table) for table in tables if table != "securities"}
    keys["securities"] = await _security_keys(platform, firm)
    yield Imported(request.param, firm, Sheets(folder), keys)


async def _security_keys(platform: Platform, firm: FirmInfo) -> dict[Any, str]:
    return {id_: key for key, id_ in (await ids_of(platform, firm)).securities.items()}


@pytest.mark.parametrize("day", DAYS, ids=str)
async def test_every_position_and_account(platform: Platform, demo: Imported, day: date) -> None:
    accounts, securities = demo.keys["accounts"], demo.keys["securities"]
    async with platform.db.reading(Binding(demo.firm.id)) as reader:
        view = await book_view(reader, demo.firm, day)
        rows = (await clients.accounts_page(reader, view, page_request(200, None))).rows
        held = await ledger.positions_by_account(reader, view, [r.id for r in rows], page_request(200, None))
    assert {row.external_id for row in rows} == set(accounts.values())
    compared = 0
    for row in rows:
        expected: Any = demo.oracle.book.account(row.external_id, day)
        ours = (row.market_value.value, row.cash.value, row.settled_cash.value)
        assert ours == (expected["value"], expected["cash"], expected["settled_cash"]), row.name
        shown = {
            securities[p.security_id]: (p.quantity, p.price, p.price_date, p.market_value.value)
            for p in held[row.id].rows
        }
        assert shown == {
            key: (p["units"], p["price"], p["price_date"], p["value"])
            for key, p in expected["positions"].items()
        }, row.name
        stale = {securities[p.security_id] for p in held[row.id].rows if p.stale_days}
        assert stale == set(expected["stale"]), row.name
        compared += len(shown)
    assert compared > 100


@pytest.mark.parametrize("day", DAYS, ids=str)
async def test_every_household(platform: Platform, demo: Imported, day: date) -> None:
    async with platform.db.reading(Binding(demo.firm.id)) as reader:
        view = await book_view(reader, demo.firm, day)
        rows = (await clients.households_page(reader, view, page_request(200, None))).rows
    assert len(rows) == {"summit": 40, "harbor": 30}[demo.slug]
    for row in rows:
        expected = demo.oracle.book.household(row.external_id, day)
        assert row.market_value.value == expected["value"], row.name


@pytest.mark.parametrize("look_through", [False, True], ids=["direct", "looked-through"])
@pytest.mark.parametrize("day", DAYS, ids=str)
async def test_every_debt_and_net_worth(
    platform: Platform, demo: Imported, day: date, look_through: bool
) -> None:
    homes, parties = demo.keys["households"], demo.keys["parties"]
    lines = {**demo.keys["accounts"], **demo.keys["liabilities"]}
    async with platform.db.reading(Binding(demo.firm.id)) as reader:
        view = await book_view(reader, demo.firm, day)
        sheets = await clients.balance_sheets(reader, view, list(homes), look_through=look_through)
    assert set(sheets) == set(homes)
    debts = 0
    for key, ours in sheets.items():
        expected = demo.oracle.household(homes[key], day, look_through=look_through)
        same_lines(ours, expected["lines"], lines, parties)
        same_owners(ours, expected["owners"], parties)
        signed: list[Any] = [line["sign"] * line["value"] for line in expected["lines"].values()]  # type: ignore[index]
        assert ours.net_worth.value == sum(signed, Decimal(0)), homes[key]
        debts += len(ours.liabilities)
    if day == DAYS[-1]:
        assert debts == {"summit": 10, "harbor": 6}[demo.slug]


PLANTED: dict[Firm, dict[tuple[str, str, str | None], Decimal]] = {
    "summit": {
        ("A-0022-1", "QUANTITY", "SPY"): Decimal(-100),
        ("A-0022-1", "CASH", None): Decimal("39633.00"),
        ("A-0036-2", "CASH", None): Decimal("-25.00"),
    },
    "harbor": {
        ("A-0018-1", "QUANTITY", "IWM"): Decimal(15),
        ("A-0018-1", "CASH", None): Decimal("-3314.10"),
    },
}
BREAKS = """
select a.external_id, b.kind, b.security_id, b.difference from reconciliation_breaks b
join accounts a on a.tenant_id = b.tenant_id and a.id = b.account_id where b.tenant_id = :t
"""


async def test_the_custodians_agree_but_for_what_was_planted(platform: Platform, demo: Imported) -> None:
    await reconcile_due(platform, demo.firm)
    async with platform.db.reading(Binding(demo.firm.id)) as reader:
        rows = await reader.rows(text(BREAKS), {"t": demo.firm.id})
        compared = await reader.scalar(
            text("select count(*) from reconciliations where tenant_id = :t"), {"t": demo.firm.id}
        )
    found = {(row[0], row[1], demo.keys["securities"].get(row[2])): row[3] for row in rows}
    assert found == PLANTED[demo.slug]
    assert compared == {"summit": 100, "harbor": 64}[demo.slug]
