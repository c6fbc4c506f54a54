"""How the hot reads are executed at ten thousand households: by index, for every kind of caller."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
import pytest
import pytest_asyncio
from sqlalchemy import Executable, TextClause, text
from wealthnexus.domain.actions import repository as actions
from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.clients.repository import HouseholdFilter, HouseholdOrder, HouseholdOrderField
from wealthnexus.domain.ledger import BookView, book_view
from wealthnexus.domain.ledger import repository as ledger
from wealthnexus.domain.markets import repository as markets
from wealthnexus.kit.db.session import Binding, Database, Reader
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.paging import page_request

from tests.factories_ledger import LAST_DAY
from tests.support.engines import superuser
from tests.support.large_book import fill
from tests.support.servers import DatabaseAddresses, database_copy, shared_servers, worker_number

pytestmark = [pytest.mark.database, pytest.mark.timeout(600), pytest.mark.xdist_group("plans")]
ANOTHER_DAY = date(2020, 12, 31)
"""Not the day whose valuations are stored."""

BIG = {
    "transactions", "security_prices", "account_valuations_y2021", "accounts", "households",
    "household_accounts", "portfolios", "search_words", "subjects", "account_securities",
}  # fmt: skip
"""Of these no read of a page may look at every row."""


@dataclass
class Large:
    """The large firm, and two people who see three of its households."""

    addresses: DatabaseAddresses
    db: Database
    id: UUID
    staff_id: UUID
    client_id: UUID
    currency: str = "USD"

    def business_date(self) -> date:
        return LAST_DAY


@pytest.fixture(scope="module")
def large_database() -> Iterator[DatabaseAddresses]:
    with database_copy(shared_servers(), f"wn_large_{worker_number()}") as addresses:
        yield addresses


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def large(large_database: DatabaseAddresses) -> AsyncIterator[Large]:
    firm_id = fill(large_database, households=10_000)
    fill(large_database, households=500)  # somebody else's rows in between
    staff, client = new_id(), new_id()
    with superuser(large_database) as connection:
        _grant(connection, firm_id, staff, client)
    urls: dict[Any, str] = {"app": large_database.app, "portal": large_database.portal}
    database = Database(urls, pool_size=2, statement_timeout_ms=60_000)
    yield Large(large_database, database, firm_id, staff, client)
    await database.close()


def _grant(connection: psycopg.Connection[Any], firm_id: UUID, *people: UUID) -> None:
    connection.execute("set session_replication_role = replica")
    for person in people:
        connection.execute(
            "insert into access_scope (tenant_id, principal_id, subject_id, grant_id, kind, may_write)"
            " select %(t)s, %(p)s, s.id, gen_random_uuid(), 'account', false from ("
            "  select id from households where tenant_id = %(t)s and external_id in ('H1', 'H2', 'H3')"
            "  union all select a.account_id from household_accounts a"
            "  join households h on h.id = a.household_id"
            "  where h.tenant_id = %(t)s and h.external_id in ('H1', 'H2', 'H3')) s",
            {"t": firm_id, "p": person},
        )
    connection.execute("analyze access_scope")


Callers = {"staff": ("firm", "app"), "limited": ("limited", "app"), "client": ("limited", "portal")}


def binding(large: Large, caller: str) -> Binding:
    scope, role = Callers[caller]
    principal = large.client_id if caller == "client" else large.staff_id
    return Binding(large.id, principal, scope, role)  # type: ignore[arg-type]


class Recorder:
    """The statements a call sends, so that they can be explained."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sent: list[tuple[TextClause, Mapping[str, Any]]] = []
        execute = Reader.execute

        async def record(reader: Reader, statement: Executable, parameters: Any = None) -> Any:
            if isinstance(statement, TextClause) and not statement.text.startswith("explain"):
                self.sent.append((statement, parameters or {}))
            return await execute(reader, statement, parameters)

        monkeypatch.setattr(Reader, "execute", record)

    async def plan(self, reader: Reader) -> dict[str, Any]:
        statement, parameters = self.sent[-1]
        typed = list(statement._bindparams.values())
        explained = text("explain (format json) " + statement.text).bindparams(*typed)
        found = await reader.scalar(explained, parameters)
        plan: dict[str, Any] = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
        return plan


def scans(plan: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(node type, table) of everything below."""
    if "Relation Name" in plan:
        yield plan["Node Type"], plan["Relation Name"]
    for child in plan.get("Plans", []):
        yield from scans(child)


Read = Callable[[Reader, BookView, "Keys"], Awaitable[Any]]


@dataclass(frozen=True)
class Keys:
    households: list[UUID]
    accounts: list[UUID]
    securities: list[UUID]


FIRST_50 = page_request(50, None)
READS: dict[str, Read] = {
    "the Book by name": lambda r, v, k: clients.households_page(r, v, page_request(200, None)),
    "households by id": lambda r, v, k: clients.households_by_ids(r, v, k.households),
    "accounts of households": lambda r, v, k: clients.accounts_by_household_ids(r, v, k.households, FIRST_50),
    "accounts by id": lambda r, v, k: clients.accounts_by_ids(r, v, k.accounts),
    "positions of accounts": lambda r, v, k: ledger.positions_by_account(r, v, k.accounts, FIRST_50),
    "positions of a household": lambda r, v, k: ledger.positions_page(
        r, v, FIRST_50, household_id=k.households[0]
    ),
    "transactions of accounts": lambda r, v, k: ledger.transactions_by_account(
        r, k.accounts, FIRST_50, v.book_version
    ),
    "transactions of the firm": lambda r, v, k: ledger.transactions_page(r, FIRST_50, v.book_version),
    "transactions of a household": lambda r, v, k: ledger.transactions_page(
        r, FIRST_50, v.book_version, ledger.TransactionFilter(household_id=k.households[0])
    ),
    "value history": lambda r, v, k: clients.value_history(r, v, k.households[:1], 30),
    "households of accounts": lambda r, v, k: clients.household_refs_by_account_ids(r, v, k.accounts),
    "latest prices": lambda r, v, k: markets.latest_prices(r, v, k.securities),
    "search": lambda r, v, k: clients.search(r, "household 77"),
    "what is typed first": lambda r, v, k: clients.search(r, "h"),
    "the course of securities": lambda r, v, k: markets.price_series(
        r, v, k.securities[:1], day_from=date(2021, 3, 1), day_to=LAST_DAY
    ),
    "corporate actions by state": lambda r, v, k: actions.action_counts(r, v),
    "a name of a day": lambda r, v, k: markets.resolve(r, v, "SYMBOL", "S7"),
}


async def keys_of(large: Large) -> Keys:
    with superuser(large.addresses) as connection:
        households = connection.execute(
            "select id from households where tenant_id = %s and external_id in ('H1', 'H2', 'H3')", [large.id]
        ).fetchall()
        accounts = connection.execute(
            "select account_id from household_accounts where tenant_id = %s and household_id = any(%s)",
            [large.id, [row[0] for row in households]],
        ).fetchall()
        securities = connection.execute(
            "select id from securities where tenant_id = %s limit 10", [large.id]
        ).fetchall()
    return Keys(*([row[0] for row in found] for found in (households, accounts, securities)))


@pytest.mark.parametrize("caller", Callers)
@pytest.mark.parametrize("is_stored", [True, False])
@pytest.mark.parametrize("name", READS)
async def test_no_page_reads_a_whole_table(
    large: Large, monkeypatch: pytest.MonkeyPatch, name: str, caller: str, *, is_stored: bool
) -> None:
    recorder = Recorder(monkeypatch)
    keys = await keys_of(large)
    async with large.db.reading(binding(large, caller)) as reader:
        view = await book_view(reader, large)
        view = BookView(
            view.as_of, view.book_version, "USD", is_stored=is_stored, computed_at=view.computed_at
        )
        await READS[name](reader, view, keys)
        plan = await recorder.plan(reader)
    whole = [(node, table) for node, table in scans(plan) if node == "Seq Scan" and table in BIG]
    assert whole == []


def nested_over_totals(plan: dict[str, Any]) -> Iterator[str]:
    """Nested loops that go through the accounts' totals once for every row of the other side."""
    children = plan.get("Plans", [])
    if plan["Node Type"] == "Nested Loop":
        yield from (child["CTE Name"] for child in children if child.get("CTE Name") == "account_values")
    for child in children:
        yield from nested_over_totals(child)


@pytest.mark.parametrize("caller", Callers)
@pytest.mark.parametrize("name", ["positions of accounts", "positions of a household"])
async def test_positions_meet_their_totals_without_a_nested_loop(
    large: Large, monkeypatch: pytest.MonkeyPatch, name: str, caller: str
) -> None:
    """However few accounts the planner expects: positions times accounts would be quadratic."""
    recorder = Recorder(monkeypatch)
    keys = await keys_of(large)
    async with large.db.reading(binding(large, caller)) as reader:
        await READS[name](reader, await book_view(reader, large), keys)
        assert list(nested_over_totals(await recorder.plan(reader))) == []


CUT_FIRST: dict[str, tuple[HouseholdOrderField, HouseholdFilter]] = {
    "by accounts": (HouseholdOrderField.ACCOUNT_COUNT, HouseholdFilter()),
    "by opening": (HouseholdOrderField.OPENED_ON, HouseholdFilter()),
    "with open items": (HouseholdOrderField.NAME, HouseholdFilter(has_open_items=True)),
    "without open items": (HouseholdOrderField.NAME, HouseholdFilter(has_open_items=False)),
}


@pytest.mark.parametrize("caller", Callers)
@pytest.mark.parametrize("name", CUT_FIRST)
async def test_a_page_that_needs_no_value_for_its_order_values_itself_alone(
    large: Large, monkeypatch: pytest.MonkeyPatch, name: str, caller: str
) -> None:
    """On a day that is not stored the ledger is read for the page, not for the firm."""
    recorder = Recorder(monkeypatch)
    field, filter_ = CUT_FIRST[name]
    async with large.db.reading(binding(large, caller)) as reader:
        view = await book_view(reader, large, ANOTHER_DAY)
        await clients.households_page(
            reader, view, page_request(50, None), filter_, HouseholdOrder(field, descending=True)
        )
        plan = await recorder.plan(reader)
    whole = [table for node, table in scans(plan) if node == "Seq Scan" and table == "transactions"]
    assert whole == []
    assert list(whole_ledgers(plan)) == []


def whole_ledgers(plan: dict[str, Any]) -> Iterator[str]:
    """Scans of the ledger by an index that are not for named accounts."""
    if plan.get("Relation Name") == "transactions" and "account_id" not in plan.get("Index Cond", ""):
        yield str(plan.get("Index Name"))
    for child in plan.get("Plans", []):
        yield from whole_ledgers(child)


async def test_the_order_by_cash_on_another_day_prices_nothing_but_its_page(
    large: Large, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder(monkeypatch)
    async with large.db.reading(binding(large, "staff")) as reader:
        view = await book_view(reader, large, ANOTHER_DAY)
        await clients.households_page(
            reader, view, page_request(50, None), order=HouseholdOrder(HouseholdOrderField.CASH)
        )
        plan = await recorder.plan(reader)
    # The sum of cash reads the ledger once; what is valued are the holdings of the page's accounts.
    ledger_reads = [table for _, table in scans(plan) if table == "transactions"]
    assert (len(ledger_reads), len(list(whole_ledgers(plan)))) == (2, 1)


@pytest.mark.parametrize("field", list(HouseholdOrderField))
async def test_the_book_in_every_order_within_a_second(large: Large, field: HouseholdOrderField) -> None:
    """Sorting by a figure sums the whole firm; a nested loop over it would take minutes."""
    async with large.db.reading(binding(large, "staff")) as reader:
        view = await book_view(reader, large)
        assert view.is_stored
        best = 9.0
        for _ in range(3):
            started = time.perf_counter()
            page = await clients.households_page(
                reader, view, page_request(200, None), order=HouseholdOrder(field, descending=True)
            )
            best = min(best, time.perf_counter() - started)
            assert len(page.rows) == 200
    print(f"\nBook page of 200 rows by {field}: {best * 1000:.0f} ms")
    assert best < 1.0
