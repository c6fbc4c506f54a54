"""`make bench`: the nested read in times of bare asyncpg + orjson. Prints one line of JSON."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import date

import asyncpg
import orjson
import psycopg
import pytest
import pytest_asyncio
from starlette.types import ASGIApp
from wealthnexus.kit.db.session import Binding
from wealthnexus.runtime import Platform

from tests.benchmarks.nested_read import Bare, captured, fields_of, machine, over_http, timed
from tests.graphql.conftest import House, app, load_book, make_house, platform  # noqa: F401 - fixtures
from tests.graphql.server import web_process
from tests.support.servers import DatabaseAddresses

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(600)]
BAR = 15.0


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def book(
    app: ASGIApp,  # noqa: F811
    platform: Platform,  # noqa: F811
    database_addresses: DatabaseAddresses,
    tmp_path_factory: pytest.TempPathFactory,
) -> House:
    made = await make_house(app, platform, pinned_business_date=date(2021, 3, 31))
    await load_book(made, tmp_path_factory.mktemp("nested"), households=50, per_account=34)
    with psycopg.connect(database_addresses.dsn("owner"), autocommit=True) as connection:
        connection.execute("analyze")
    return made


@pytest.fixture(scope="module")
def port(process_environment: dict[str, str], book: House) -> Iterator[int]:
    assert book
    with web_process(process_environment) as found:
        yield found


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def bare(book: House, database_addresses: DatabaseAddresses) -> AsyncIterator[Bare]:
    statements = await captured(book)
    assert len(statements) == 5, [each.sql[:60] for each in statements]
    caller_binding = Binding(book.firm.id, book.people["ADVISOR"].id)
    async with asyncpg.create_pool(database_addresses.dsn("app"), min_size=8, max_size=8) as pool:
        yield Bare(pool, caller_binding, statements)


@pytest.mark.parametrize("concurrency", [1, 8])
async def test_nested_read(book: House, port: int, bare: Bare, concurrency: int) -> None:
    async with over_http(book, port) as ask:
        through_api, by_hand = orjson.loads(await ask()), orjson.loads(await bare.answer())
        fields = fields_of(through_api["data"])
        assert fields_of(by_hand["data"]) == fields
        for _ in range(4):
            await ask()
            await bare.answer()
        count = 40 * (1 if concurrency == 1 else 2)
        ours = await timed(ask, count=count, concurrency=concurrency)
        theirs = await timed(bare.answer, count=count, concurrency=concurrency)
    ratio = round(ours["p50_ms"] / theirs["p50_ms"], 2)
    result = {
        "measurement": "nested read",
        "fields": fields,
        "concurrency": concurrency,
        "api": ours,
        "asyncpg_orjson": theirs,
        "times": ratio,
        "times_per_second": round(theirs["per_second"] / ours["per_second"], 2),
        "machine": machine(),
    }
    print("\n" + json.dumps(result))
    assert ratio <= BAR
