"""`make bench`: the balance sheet of a family of forty accounts, seen through. Prints lines of JSON.

The floor: the same statements of the same answer by bare asyncpg, rows only.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import date
from uuid import UUID

import asyncpg
import httpx2
import orjson
import psycopg
import pytest
import pytest_asyncio
from sqlalchemy import text
from starlette.types import ASGIApp
from wealthnexus.domain.clients import repository as reads
from wealthnexus.domain.clients import service as clients
from wealthnexus.domain.ledger import book_view
from wealthnexus.graphql.ids import to_global
from wealthnexus.kit.db.session import Binding, UnitOfWork
from wealthnexus.runtime import Platform

from tests.benchmarks.nested_read import Captured, machine, timed
from tests.factories_clients import LONG_AGO, Family
from tests.graphql.conftest import House, app, load_book, make_house, platform  # noqa: F401 - fixtures
from tests.graphql.server import web_process
from tests.graphql.test_statements import statements
from tests.support.servers import DatabaseAddresses

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(600)]
ACCOUNTS = 40
P99_MS_MAX = 100.0
QUERY = """query BalanceSheet($id: ID!) { household(id: $id) { name balanceSheet(lookThrough: true) {
  assets { label kind value { value quality } shares { ownerId share value } }
  liabilities { label value { value quality } shares { ownerId share value } }
  owners { id name role assets { value } liabilities { value } netWorth { value quality } }
  totalAssets { value } totalLiabilities { value } netWorth { value quality } notAttributed { value } } } }"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def family(
    app: ASGIApp,  # noqa: F811
    platform: Platform,  # noqa: F811
    database_addresses: DatabaseAddresses,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[House, Family]:
    """Among three hundred households, one of forty of their accounts with owners behind four entities."""
    house = await make_house(app, platform, pinned_business_date=date(2021, 3, 31))
    await load_book(house, tmp_path_factory.mktemp("sheet"), households=300, per_account=20)
    made = Family(platform, house.firm)
    people = ("Ann", "Ben", "Cy", "Dee")
    for name in people:
        await made.person(name)
    for name in ("Holding", "East LLC", "West LLC", "Trust"):
        await made.party(name, "trust" if name == "Trust" else "company")
    for owner, owned, share in (
        ("Holding", "East LLC", "0.6"), ("Cy", "East LLC", "0.4"), ("Holding", "West LLC", "0.5"),
        ("Dee", "West LLC", "0.5"), ("Ann", "Holding", "0.333333"), ("Ben", "Holding", "0.333333"),
        ("East LLC", "Trust", "0.5"), ("West LLC", "Trust", "0.5"),
    ):  # fmt: skip
        await made.owns(owner, owned, share)
    await made.household("Family", Ann="head", Ben="spouse", Cy="child", Trust="entity")
    async with platform.db.reading(Binding(house.firm.id)) as reader:
        rows = await reader.rows(
            text("select id, account_type from accounts where tenant_id = :t order by external_id limit :n"),
            {"t": house.firm.id, "n": ACCOUNTS},
        )
    for account_id, account_type in map(tuple, rows):
        await _join(made, account_id, account_type)
    for number in range(3):
        await made.debt(f"Loan {number}", "Family", "mortgage", f"{number + 1}00000.37", "Ann", "Ben",
                        balance_day=date(2021, 3, 1))  # fmt: skip
    with psycopg.connect(database_addresses.dsn("owner"), autocommit=True) as connection:
        connection.execute("analyze")
    return house, made


async def _join(family: Family, account_id: UUID, account_type: str) -> None:
    owners = {
        "JOINT_WITH_SURVIVORSHIP": (("Ann", "joint_survivorship"), ("Ben", "joint_survivorship")),
        "REVOCABLE_TRUST": (("Trust", "owner"), ("Ann", "trustee")),
        "PLAN_529": (("Ben", "owner"), ("Cy", "beneficiary")),
    }.get(account_type, (("Ann", "owner"),))
    given = [clients.Owner(family[name], role) for name, role in owners]

    async def work(uow: UnitOfWork) -> None:
        await clients.add_household_account(
            uow, family.firm, family["Family"], account_id, effective_from=LONG_AGO
        )
        await clients.set_account_owners(
            uow, family.firm, account_id, given, expected_version=1, effective_from=LONG_AGO
        )

    await family.do(work)


@pytest.fixture(scope="module")
def port(process_environment: dict[str, str], family: tuple[House, Family]) -> Iterator[int]:
    assert family
    with web_process(process_environment) as found:
        yield found


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def pool(database_addresses: DatabaseAddresses) -> AsyncIterator[asyncpg.Pool]:
    async with asyncpg.create_pool(database_addresses.dsn("app"), min_size=2, max_size=2) as made:
        yield made


async def test_a_family_of_forty_accounts_seen_through(
    family: tuple[House, Family], port: int, pool: asyncpg.Pool
) -> None:
    house, made = family
    binding = Binding(house.firm.id, house.people["ADVISOR"].id)

    async def repository() -> reads.BalanceSheetRow:
        async with house.platform.db.reading(binding) as reader:
            view = await book_view(reader, house.firm)
            found = await reads.balance_sheets(reader, view, [made["Family"]], look_through=True)
        return found[made["Family"]]

    sheet = await repository()
    assert (len(sheet.assets), len(sheet.liabilities)) == (ACCOUNTS, 3)
    assert sheet.net_worth.value is not None
    asked = await _captured(house, made)

    async def floor() -> None:
        async with pool.acquire() as connection:
            await connection.execute(
                f"begin isolation level repeatable read read only; {binding.statement()}"
            )
            for each in asked:
                await connection.fetch(each.sql, *each.parameters)
            await connection.execute("rollback")

    body = orjson.dumps({"query": QUERY, "variables": {"id": to_global("Household", made["Family"])}})
    headers = {
        "host": f"{house.firm.slug}.localhost:{port}",
        "authorization": f"Bearer {house.api('ADVISOR').token}",
        "accept": "application/graphql-response+json",
        "content-type": "application/json",
    }
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as http:

        async def api() -> None:
            response = await http.post("/graphql", content=body, headers=headers)
            assert response.status_code == 200, response.text
            assert b'"errors"' not in response.content, response.text

        results = {}
        for name, call in (("repository", repository), ("api", api), ("asyncpg", floor)):
            for _ in range(10):
                await call()
            results[name] = await timed(call, count=200, concurrency=1)
    result = {
        "measurement": "balance sheet of a family, seen through",
        "accounts": ACCOUNTS,
        "statements": len(asked),
        **results,
        "times": round(results["api"]["p50_ms"] / results["asyncpg"]["p50_ms"], 2),
        "machine": machine(),
    }
    print("\n" + json.dumps(result))
    assert results["api"]["p99_ms"] < P99_MS_MAX, result


async def _captured(house: House, family: Family) -> list[Captured]:
    """The statements of one answer, with their parameters."""
    from sqlalchemy import event

    engine = house.platform.db.engine("app").sync_engine
    seen: list[Captured] = []

    def executed(
        _connection: object, _cursor: object, statement: str, parameters: object, *_rest: object
    ) -> None:
        seen.append(Captured(statement, tuple(parameters)))  # type: ignore[arg-type]

    with statements(house) as order:
        event.listen(engine, "before_cursor_execute", executed)
        answer = await house.api("ADVISOR")(QUERY, id=to_global("Household", family["Family"]))
        event.remove(engine, "before_cursor_execute", executed)
    assert answer.errors == []
    own = len(order) - order.index("BEGIN", 1) - 1
    return seen[-own:]
