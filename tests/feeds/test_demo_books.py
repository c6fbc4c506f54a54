"""The demo books through the whole product, beside the independent reading of the same files."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from wealthnexus.demo.books import write_demo_bundle
from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.feeds.importer import import_bundle
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger import repository as ledger
from wealthnexus.kit.context import SYSTEM
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.paging import page_request
from wealthnexus.runtime import Platform

from tests.factories_ledger import LAST_DAY, ids_of, view_of
from tests.oracle.book import Book, money
from tests.oracle.book import report as oracle

pytestmark = pytest.mark.database
DAYS = (LAST_DAY, date(2020, 8, 31), date(2016, 2, 29))  # the last, the day of a 4-for-1 split, a leap day


@pytest.mark.parametrize("slug", ["summit", "harbor"])
async def test_every_figure_equals_the_oracle_to_the_cent(
    platform: Platform, firm: FirmInfo, tmp_path: Path, slug: Any
) -> None:
    folder = tmp_path / slug
    write_demo_bundle(slug, folder)
    report = await import_bundle(platform, firm, folder, actor=SYSTEM)
    assert report.ok, list(report.lines())
    keys = {id_: key for key, id_ in (await ids_of(platform, firm)).securities.items()}
    for day in DAYS:
        expected: Any = oracle(folder, day)
        async with platform.db.reading(Binding(firm.id)) as reader:
            view = await view_of(reader, firm, day)
            households = (await clients.households_page(reader, view, page_request(200, None))).rows
            accounts = (await clients.accounts_page(reader, view, page_request(200, None))).rows
            positions = await ledger.positions_by_account(
                reader, view, [a.id for a in accounts], page_request(200, None)
            )
            everything = await clients.firm_totals(reader, view)
        assert len(households) == len(expected["households"])
        for household in households:
            figures = expected["households"][household.external_id]
            assert household.market_value.value == figures["value"], household.name
            assert household.account_count == len(figures["accounts"])
        firm_wide = Decimal(0)
        for account in accounts:
            figures = expected["accounts"][account.external_id]
            assert (account.market_value.value, account.cash.value, account.settled_cash.value) == (
                figures["value"], figures["cash"], figures["settled_cash"],
            ), account.name  # fmt: skip
            held = {
                keys[p.security_id]: (p.quantity, p.price, p.price_date, p.market_value.value)
                for p in positions[account.id].rows
            }
            assert held == {
                key: (p["units"], p["price"], p["price_date"], p["value"])
                for key, p in figures["positions"].items()
            }
            firm_wide += figures["value"] if account.currency == "USD" else Decimal(0)
        if all(account.currency == "USD" for account in accounts):
            assert everything.total_value.value == firm_wide


@pytest.mark.parametrize("slug", ["summit", "harbor"])
async def test_the_course_of_the_firm_equals_the_oracle_to_the_cent(
    platform: Platform, firm: FirmInfo, tmp_path: Path, slug: Any
) -> None:
    folder = tmp_path / slug
    write_demo_bundle(slug, folder)
    assert (await import_bundle(platform, firm, folder, actor=SYSTEM)).ok
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await view_of(reader, firm)
        points = await clients.firm_value_history(reader, view, 4, by_month=True)
    # January and February 2021 ended on Sundays.
    days = [date(2020, 12, 31), date(2021, 1, 29), date(2021, 2, 26), LAST_DAY]
    assert [point.date for point in points] == days
    for point in points:
        accounts: Any = oracle(folder, point.date)["accounts"]
        book = Book(folder)
        assert point.value == sum(
            money(figures["value"] * (book.rate(figures["currency"], "USD", point.date) or 0), "USD")
            for figures in accounts.values()
        )
