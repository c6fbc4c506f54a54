"""The Book and the lists of accounts: pages by keyset in every order, filters, totals, row security."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from wealthnexus.domain import work
from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.clients.repository import (
    AccountFilter,
    AccountOrder,
    AccountOrderField,
    HouseholdFilter,
    HouseholdOrder,
    HouseholdOrderField,
)
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger import BookView, Quality
from wealthnexus.domain.ledger import repository as ledger
from wealthnexus.kit.db.session import Binding, Reader
from wealthnexus.kit.errors import LimitExceeded, ValidationFailed
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.paging import Page, page_request
from wealthnexus.runtime import Platform

from tests.factories import make_firm, make_user
from tests.factories_ledger import LAST_DAY, Book, ids_of, view_of

pytestmark = pytest.mark.database
D = Decimal

NAMES = ("Abel", "Ödman", "Brandt", "brandt", "Øster", "Zhao", "Quinn", "Élan", "Moss")


def varied_book() -> Book:
    """Nine households: 100, 200, …; one partial, one stale, one unavailable, the last without an account."""
    book = Book()
    book.security("ART", name="Art", security_type="COLLECTIBLE").security("OLD").price(
        "OLD", "2021-01-04", "1"
    )
    for n, name in enumerate(NAMES):
        book.household(f"H{n}", name)
        if n == 8:
            continue
        for place in range(n % 3 + 1):
            book.account(f"A{n}.{place}", f"H{n}", opened_on=date(2013 + n, 1, 5) if n != 3 else None,
                         custodian="Cascade Custody" if n % 2 else "Harbor Trust")  # fmt: skip
        if n != 6:
            book.deposit(str((n + 1) * 100), account=f"A{n}.0")
    book.transaction("TRANSFER_IN", account="A4.0", security="ART", quantity="1")
    book.transaction("TRANSFER_IN", account="A5.0", security="OLD", quantity="7")
    book.transaction("TRANSFER_IN", account="A6.0", security="ART", quantity="1")
    return book


async def walk(reader: Reader, view: BookView, size: int, order: HouseholdOrder, **values: Any) -> list[str]:
    """Names over all pages forward, after looking that backward gives the same."""
    forward: list[clients.HouseholdRow] = []
    after = None
    while True:
        page: Page[clients.HouseholdRow] = await clients.households_page(
            reader, view, page_request(size, after), HouseholdFilter(**values), order
        )
        forward += page.rows
        assert len(page.rows) <= size
        if not page.has_next:
            break
        after = page.cursors[-1]
    backward: list[clients.HouseholdRow] = []
    before = None
    while True:
        page = await clients.households_page(
            reader, view, page_request(None, None, size, before), HouseholdFilter(**values), order
        )
        backward = [*page.rows, *backward]
        if not page.has_previous:
            break
        before = page.cursors[0]
    assert [row.id for row in forward] == [row.id for row in backward]
    assert len({row.id for row in forward}) == len(forward)
    return [row.name for row in forward]


@pytest.mark.parametrize("size", [1, 2, 4, 50])
@pytest.mark.parametrize("is_stored", [True, False])
async def test_every_order_pages_both_ways(
    platform: Platform, firm: FirmInfo, tmp_path: Path, size: int, *, is_stored: bool
) -> None:
    assert (await varied_book().load(platform, firm, tmp_path)).ok
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = replace(await view_of(reader, firm), is_stored=is_stored)
        by_name = await walk(reader, view, size, HouseholdOrder())
        # accents do not matter, capitals do not matter; Ø is a letter of its own
        assert by_name[:1] + by_name[3:] == ["Abel", "Élan", "Moss", "Ödman", "Quinn", "Zhao", "Øster"]
        assert sorted(by_name[1:3]) == ["Brandt", "brandt"]
        assert await walk(reader, view, size, HouseholdOrder(descending=True)) == by_name[::-1]
        by_value = await walk(reader, view, size, HouseholdOrder(HouseholdOrderField.MARKET_VALUE))
        # Quinn has no value and stands below all; Moss has no account and is worth 0
        assert by_value == ["Quinn", "Moss", "Abel", "Ödman", "Brandt", "brandt", "Øster", "Zhao", "Élan"]
        for field in HouseholdOrderField:
            up = await walk(reader, view, size, HouseholdOrder(field))
            down = await walk(reader, view, size, HouseholdOrder(field, descending=True))
            assert up == down[::-1]
            assert len(up) == 9
        opened = await walk(
            reader, view, size, HouseholdOrder(HouseholdOrderField.OPENED_ON, descending=True)
        )
        assert opened[:2] == ["Élan", "Quinn"]


async def test_figures_of_the_rows(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    await varied_book().load(platform, firm, tmp_path)
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await view_of(reader, firm)
        page = await clients.households_page(reader, view, page_request(50, None))
    by_name = {row.name: row for row in page.rows}
    assert {
        name: (
            str(row.market_value.value),
            str(row.cash.value),
            row.market_value.quality.value,
            row.account_count,
        )
        for name, row in by_name.items()
    } == {
        "Abel": ("100.00", "100.00", "COMPLETE", 1),
        "Ödman": ("200.00", "200.00", "COMPLETE", 2),
        "Brandt": ("300.00", "300.00", "COMPLETE", 3),
        "brandt": ("400.00", "400.00", "COMPLETE", 1),
        "Øster": ("500.00", "500.00", "PARTIAL", 2),
        "Zhao": ("607.00", "600.00", "STALE", 3),
        "Quinn": ("None", "0.00", "UNAVAILABLE", 1),
        "Élan": ("800.00", "800.00", "COMPLETE", 2),
        "Moss": ("0.00", "0.00", "COMPLETE", 0),
    }  # fmt: skip
    assert by_name["Abel"].opened_on == date(2013, 1, 5)
    assert (by_name["brandt"].opened_on, by_name["Moss"].opened_on) == (None, None)
    assert by_name["Zhao"].cash_share == D("0.98846787")  # 600 / 607
    assert [r.message for r in by_name["Zhao"].market_value.reasons] == [
        "the latest price of OLD Corp is of 4 Jan 2021"
    ]


@pytest.mark.parametrize("is_stored", [True, False])
async def test_the_order_by_cash_is_that_of_the_figures_in_every_currency(
    platform: Platform, firm: FirmInfo, tmp_path: Path, *, is_stored: bool
) -> None:
    book = varied_book().rate("EUR", "USD", LAST_DAY, "1.1725")
    for key, currency, amount in (("EU", "EUR", "200.005"), ("JP", "JPY", "5000"), ("GB", "GBP", "9")):
        book.household(key, key).account(key, key, currency=currency)
        book.deposit(amount, account=key, currency=currency)
    book.account("A8.0", "H8")  # Moss now has an account, with nothing in it
    book.household("NONE", "None")
    assert (await book.load(platform, firm, tmp_path)).ok
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = replace(await view_of(reader, firm), is_stored=is_stored)
        rows = (await clients.households_page(reader, view, page_request(50, None))).rows
        cash = {row.name: row.cash.value for row in rows}
        # no rate for yen and pounds: no cash in the firm's currency, below those who have none
        assert (cash["EU"], cash["JP"], cash["GB"], cash["None"], cash["Moss"]) == (
            D("234.51"), None, None, D(0), D(0),
        )  # fmt: skip
        ids = {row.name: row.id for row in rows}
        expected = sorted(cash, key=lambda name: (D(-1) if cash[name] is None else cash[name], ids[name]))
        for size in (1, 3, 50):
            assert await walk(reader, view, size, HouseholdOrder(HouseholdOrderField.CASH)) == expected


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ({"name_contains": "RANDT"}, ["Brandt", "brandt"]),
        ({"name_contains": "odm"}, ["Ödman"]),
        ({"name_contains": "%"}, []),
        ({"min_value": D(400), "max_value": D(607)}, ["brandt", "Zhao", "Øster"]),
        ({"quality": (Quality.PARTIAL, Quality.UNAVAILABLE)}, ["Quinn", "Øster"]),
        ({"quality": (Quality.STALE,)}, ["Zhao"]),
        ({"has_open_items": True}, ["Abel", "Ödman"]),
        ({"has_open_items": False, "name_contains": "a"}, ["Brandt", "brandt", "Élan", "Zhao"]),
        ({"advisor_id": new_id()}, []),
    ],
)
async def test_filters(
    platform: Platform, firm: FirmInfo, tmp_path: Path, values: dict[str, Any], names: list[str]
) -> None:
    await varied_book().load(platform, firm, tmp_path)
    ids = await ids_of(platform, firm)
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        for subject_id in (ids.households["H0"], ids.accounts["A1.1"]):
            await work.post_item(
                uow,
                kind="test.item",
                title="Look",
                action_label="Look",
                action_path="/",
                subject_id=subject_id,
            )
    async with platform.db.reading(Binding(firm.id)) as reader:
        for is_stored in (True, False):
            view = replace(await view_of(reader, firm), is_stored=is_stored)
            page = await clients.households_page(
                reader, view, page_request(50, None), HouseholdFilter(**values)
            )
            assert sorted(row.name for row in page.rows) == sorted(names)
            totals = await clients.households_totals(reader, view, HouseholdFilter(**values))
            assert totals.count == len(names)
            shown = sum((row.market_value.value or D(0) for row in page.rows), D(0))
            assert (totals.total_value.value or D(0)) == shown
            if "name_contains" in values and len(names) == 1:
                assert [row.open_items for row in page.rows] == [1]


async def test_chosen_ids_and_their_limit(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    await varied_book().load(platform, firm, tmp_path)
    ids = await ids_of(platform, firm)
    chosen = HouseholdFilter(ids=(ids.households["H0"], ids.households["H7"], new_id()))
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await view_of(reader, firm)
        totals = await clients.households_totals(reader, view, chosen)
        assert (totals.count, str(totals.total_value.value)) == (2, "900.00")
        found = await clients.households_by_ids(reader, view, [ids.households["H7"], new_id()])
        assert [row.name for row in found.values()] == ["Élan"]
        none = await clients.households_totals(reader, view, HouseholdFilter(ids=()))
        assert (none.count, str(none.total_value.value)) == (0, "0.00")
        with pytest.raises(LimitExceeded, match="1001 ids were given, expected at most 1000"):
            await clients.households_totals(
                reader, view, HouseholdFilter(ids=tuple(new_id() for _ in range(1_001)))
            )
        page = await clients.households_page(reader, view, page_request(1, None))
        with pytest.raises(ValidationFailed, match="does not belong to this list and order"):
            await clients.households_page(
                reader, view, page_request(1, page.cursors[0]), order=HouseholdOrder(HouseholdOrderField.CASH)
            )


async def test_advisors_of_households(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    await varied_book().load(platform, firm, tmp_path)
    person = await make_user(platform, firm, name="Ana Ruiz", roles=("ADVISOR",))
    ids = await ids_of(platform, firm)
    book_id = new_id()
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        await work.register_subject(uow, book_id, "book", "Ruiz")
        await uow.execute(
            text(
                "insert into books (tenant_id, id, kind, code, name, user_id, created_at)"
                " values (:t, :b, 'representative', 'R1', 'Ruiz', :u, now())"
            ),
            {"t": firm.id, "b": book_id, "u": person.id},
        )
        await uow.execute(
            text(
                "insert into account_assignments (tenant_id, id, account_id, book_id, split, effective_from,"
                " book_version) values (:t, :i, :a, :b, 1, '2020-01-01', 1)"
            ),
            {"t": firm.id, "i": new_id(), "a": ids.accounts["A2.1"], "b": book_id},
        )
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await view_of(reader, firm)
        page = await clients.households_page(
            reader, view, page_request(50, None), HouseholdFilter(advisor_id=person.id)
        )
    assert [(row.name, row.advisor_name) for row in page.rows] == [("Brandt", "Ana Ruiz")]


async def test_accounts_page_in_every_order(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    await varied_book().load(platform, firm, tmp_path)
    async with platform.db.reading(Binding(firm.id)) as reader:
        for is_stored in (True, False):
            view = replace(await view_of(reader, firm), is_stored=is_stored)
            for field in AccountOrderField:
                for descending in (False, True):
                    found: list[str] = []
                    after = None
                    while True:
                        page = await clients.accounts_page(
                            reader, view, page_request(4, after), order=AccountOrder(field, descending)
                        )
                        found += [row.external_id for row in page.rows]
                        if not page.has_next:
                            break
                        after = page.cursors[-1]
                    assert len(found) == len(set(found)) == 15
        by_value = await clients.accounts_page(
            reader, view, page_request(2, None), order=AccountOrder(AccountOrderField.MARKET_VALUE, True)
        )
        assert [row.external_id for row in by_value.rows] == ["A7.0", "A5.0"]
        narrow = AccountFilter(custodian="Harbor Trust", name_contains="a4", account_type="INDIVIDUAL")
        page = await clients.accounts_page(reader, view, page_request(9, None), narrow)
        assert [row.external_id for row in page.rows] == ["A4.0", "A4.1"]
        assert await clients.accounts_count(reader, view, narrow) == 2


async def test_accounts_by_household_page_after_page(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await varied_book().load(platform, firm, tmp_path)
    ids = await ids_of(platform, firm)
    wanted = [ids.households["H2"], ids.households["H4"], ids.households["H8"]]
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await view_of(reader, firm)
        first = await clients.accounts_by_household_ids(reader, view, wanted, page_request(2, None))
        assert [[row.external_id for row in first[key].rows] for key in wanted] == [
            ["A2.0", "A2.1"], ["A4.0", "A4.1"], [],
        ]  # fmt: skip
        assert [first[key].has_next for key in wanted] == [True, False, False]
        rest = await clients.accounts_by_household_ids(
            reader, view, wanted[:1], page_request(2, first[wanted[0]].cursors[-1])
        )
        assert [row.external_id for row in rest[wanted[0]].rows] == ["A2.2"]
        of_household = AccountFilter(household_id=wanted[0])
        page = await clients.accounts_page(reader, view, page_request(9, None), of_household)
        assert len(page.rows) == 3


async def test_one_statement_per_level(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    await varied_book().load(platform, firm, tmp_path)
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await view_of(reader, firm)
        before = reader.statement_count
        households = await clients.households_page(reader, view, page_request(50, None))
        accounts = await clients.accounts_by_household_ids(
            reader, view, [row.id for row in households.rows], page_request(50, None)
        )
        account_ids = [row.id for page in accounts.values() for row in page.rows]
        await ledger.positions_by_account(reader, view, account_ids, page_request(50, None))
        await ledger.transactions_by_account(reader, account_ids, page_request(50, None), view.book_version)
        assert reader.statement_count - before == 4


async def test_a_limited_person_sees_and_sums_only_what_was_granted(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await varied_book().load(platform, firm, tmp_path)
    staff = await make_user(platform, firm, limited=True, accounts=("A2.0", "A5.0"))
    client = await make_user(platform, firm, roles=("CLIENT",), limited=True, accounts=("A5.0",))
    for binding, count, value in (
        (Binding(firm.id, staff.id, "limited"), 2, "907.00"),
        (Binding(firm.id, client.id, "limited", "portal"), 1, "607.00"),
    ):
        async with platform.db.reading(binding) as reader:
            for is_stored in (True, False):
                view = replace(await view_of(reader, firm), is_stored=is_stored)
                totals = await clients.firm_totals(reader, view)
                assert (totals.account_count, str(totals.total_value.value)) == (count, value)
                accounts = await clients.accounts_page(reader, view, page_request(50, None))
                assert len(accounts.rows) == count
                page = await clients.households_page(reader, view, page_request(50, None))
                assert [row.name for row in page.rows] == []  # membership by itself grants nothing
                positions = await ledger.positions_by_account(
                    reader, view, [row.id for row in accounts.rows], page_request(50, None)
                )
                assert sum(len(each.rows) for each in positions.values()) == 1


async def test_another_firm_sees_nothing_of_it(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    await varied_book().load(platform, firm, tmp_path)
    ids = await ids_of(platform, firm)
    other = await make_firm(platform, pinned_business_date=LAST_DAY)
    async with platform.db.reading(Binding(other.id)) as reader:
        view = await view_of(reader, other)
        assert (await clients.households_page(reader, view, page_request(50, None))).rows == []
        assert await clients.households_by_ids(reader, view, list(ids.households.values())) == {}
        assert await clients.accounts_by_ids(reader, view, list(ids.accounts.values())) == {}
        assert await clients.search(reader, "abel") == []
        assert await ledger.transactions_by_ids(reader, list(ids.transactions.values()), 9) == {}
        history = await clients.value_history(reader, view, [ids.households["H0"]], 3)
        assert {point.value for point in history[ids.households["H0"]]} == {D("0.00")}
