"""valuesChanged over real sockets: quotes of the simulation, resume after a drop, a revoked grant, limits."""

# ruff: noqa: E501 -- queries are read as they are written

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio
import uvicorn
from sqlalchemy import text
from starlette.types import ASGIApp
from wealthnexus.domain.markets.live import hub
from wealthnexus.graphql.ids import to_global
from wealthnexus.integrations.market_data.simulator import SimulatedMarket
from wealthnexus.jobs.quotes import QuoteFeed
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.ids import new_id
from wealthnexus.runtime import Platform

from tests.factories import bearer_of, make_user
from tests.factories_ledger import acme_book, ids_of
from tests.graphql.conftest import Api, House, make_house
from tests.graphql.server import free_port
from tests.graphql.test_subscriptions import Socket, socket

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("graphql_live")]
VALUES = """subscription($ids: [ID!]!, $after: BigInt) { valuesChanged(subjectIds: $ids, afterSeq: $after) {
  seq resync bookVersion source isSimulation gone values { subjectId currency value bookValue positions { id securityId price value isQuoted } } } }"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def server(app: ASGIApp) -> AsyncIterator[int]:
    port = free_port()
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, lifespan="off", log_config=None, ws="websockets-sansio"
    )
    running = uvicorn.Server(config)
    running.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(running.serve())
    while not running.started:
        await asyncio.sleep(0.02)
    yield port
    running.should_exit = True
    await asyncio.wait_for(task, 20)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(app: ASGIApp, platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> House:
    house = await make_house(app, platform, pinned_business_date=date(2021, 3, 31))
    book = acme_book().account("A2", name="Second account").buy("ACME", "10", "-500", account="A2")
    book.household("H2", "Without accounts")
    await book.load(platform, house.firm, tmp_path_factory.mktemp("live"))
    return house


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def feed(platform: Platform, redis_url: str) -> AsyncIterator[QuoteFeed]:
    """What the leading scheduler runs."""
    made = QuoteFeed(platform, SimulatedMarket(), lambda: True)
    stop = asyncio.Event()

    async def run() -> None:
        while not stop.is_set():
            await made.turn()
            await asyncio.sleep(0.1)

    task = asyncio.create_task(run())
    yield made
    stop.set()
    await task


async def keys(house: House) -> dict[str, str]:
    ids = await ids_of(house.platform, house.firm)
    return {
        "H1": str(to_global("Household", ids.households["H1"])),
        "H2": str(to_global("Household", ids.households["H2"])),
        "A1": str(to_global("Account", ids.accounts["A1"])),
        "A2": str(to_global("Account", ids.accounts["A2"])),
        "ACME": str(to_global("Security", ids.securities["ACME"])),
    }


async def quoted(live: Socket) -> dict[str, Any]:
    """The next event that carries a quote of the simulation."""
    while True:
        event = await live.event("valuesChanged")
        if event["source"] is not None and event["values"]:
            return event


async def test_values_move_with_the_simulated_market_and_say_so(
    server: int, desk: House, feed: QuoteFeed
) -> None:
    ids = await keys(desk)
    async with socket(server, desk.api("ADVISOR")) as live:
        await live.subscribe(VALUES, ids=[ids["A1"], ids["H1"]])
        first = await live.event("valuesChanged")
        assert {v["subjectId"] for v in first["values"]} == {ids["A1"], ids["H1"]}
        assert first["isSimulation"] == (first["source"] is not None)
        assert not first["resync"]
        seqs = [int(first["seq"])]
        for _ in range(4):
            event = await quoted(live)
            assert (event["source"], event["isSimulation"], event["bookVersion"]) == ("SIMULATION", True, "1")
            own = next(v for v in event["values"] if v["subjectId"] == ids["A1"])
            (held,) = own["positions"]
            assert held["securityId"] == ids["ACME"]
            assert Decimal(own["value"]) == Decimal(5000) + 100 * Decimal(held["price"])
            assert own["bookValue"] == "11000.00"
            assert abs(Decimal(held["price"]) - 60) <= Decimal("0.49")
            seqs.append(int(event["seq"]))
        assert seqs == sorted(set(seqs))
    position = await desk.api("ADVISOR")(
        "query($id: ID!) { account(id: $id) { positions { edges { node { id } } } } }", id=ids["A1"]
    )
    assert held["id"] == position.data["account"]["positions"]["edges"][0]["node"]["id"]


async def test_where_nothing_is_quoted_there_is_no_source_that_could_fall_silent(
    server: int, desk: House, feed: QuoteFeed
) -> None:
    ids = await keys(desk)
    async with socket(server, desk.api("ADVISOR")) as live:
        await live.subscribe(VALUES, ids=[ids["A1"]])
        await quoted(live)
        async with socket(server, desk.api("ADVISOR")) as other:
            await other.subscribe(VALUES, ids=[ids["H2"]])
            event = await other.event("valuesChanged")
            assert [each["subjectId"] for each in event["values"]] == [ids["H2"]]
            assert (event["source"], event["isSimulation"]) == (None, False)


async def test_a_dropped_socket_resumes_where_it_was(server: int, desk: House, feed: QuoteFeed) -> None:
    ids = await keys(desk)
    async with socket(server, desk.api("ADVISOR")) as live:
        await live.subscribe(VALUES, ids=[ids["A2"]])
        seen = (await quoted(live))["seq"]
        live._connection.transport.abort()  # as when the line goes dead: no goodbye
    async with socket(server, desk.api("ADVISOR")) as live:
        await live.subscribe(VALUES, ids=[ids["A2"]], after=seen)
        again = await live.event("valuesChanged")
        assert not again["resync"]
        assert int(again["seq"]) >= int(seen)
        assert [v["subjectId"] for v in again["values"]] == [ids["A2"]]
        assert len(again["values"][0]["positions"]) == 1
    async with socket(server, desk.api("ADVISOR")) as live:
        await live.subscribe(VALUES, ids=[ids["A2"]], after="99999999999999")
        assert (await live.event("valuesChanged"))["resync"]
    for _ in range(100):
        if hub.watched_firms(desk.platform) == 0:
            break
        await asyncio.sleep(0.05)
    assert hub.watched_firms(desk.platform) == 0


async def test_a_revoked_grant_ends_what_it_gave(
    server: int, desk: House, feed: QuoteFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "RECHECK_SECONDS", 0.2)
    ids = await keys(desk)
    person = await make_user(desk.platform, desk.firm, roles=("CLIENT",), name="Watching Client")
    api = Api(desk.app, desk.firm, await bearer_of(desk.platform, desk.firm, person))
    account = (await ids_of(desk.platform, desk.firm)).accounts["A1"]
    values = {"t": desk.firm.id, "p": person.id, "s": account, "g": new_id()}
    async with desk.platform.db.unit_of_work(Binding(desk.firm.id)) as uow:
        for statement in (
            "insert into access_grants (tenant_id, id, principal_id, subject_id, relationship, permissions,"
            " effective_from, reason, created_at) values (:t, :g, :p, :s, 'self', '[]', '2021-01-01', 'theirs', now())",
            "insert into access_scope (tenant_id, principal_id, subject_id, grant_id, kind, may_write)"
            " values (:t, :p, :s, :g, 'account', false)",
        ):
            await uow.execute(text(statement), values)
    async with socket(server, api) as live:
        await live.subscribe(VALUES, ids=[ids["A1"]])
        await quoted(live)
        await live.subscribe(VALUES, key="2", ids=[ids["A2"]])
        while (message := await live.receive())["id"] != "2":
            pass
        assert message["type"] == "error"
        assert message["payload"][0]["extensions"]["code"] == "NOT_FOUND"
        async with desk.platform.db.unit_of_work(Binding(desk.firm.id)) as uow:
            await uow.execute(
                text("delete from access_scope where tenant_id = :t and principal_id = :p"), values
            )
        while (message := await live.receive())["type"] == "next" and not message["payload"]["data"][
            "valuesChanged"
        ]["gone"]:
            pass
        last = message["payload"]["data"]["valuesChanged"]
        assert (last["gone"], last["values"]) == ([ids["A1"]], [])
        assert (await live.receive())["type"] == "complete"


async def test_anothers_subjects_and_too_many_are_refused(
    server: int, desk: House, other_house: House
) -> None:
    ids = await keys(desk)
    async with socket(server, other_house.api("ADVISOR")) as live:
        answers = []
        for number, asked in enumerate(
            ([ids["A1"]], [str(to_global("Account", new_id()))], [ids["ACME"]], ["x"])
        ):
            await live.subscribe(VALUES, key=str(number), ids=asked)
            message = await live.receive()
            assert message["type"] == "error"
            answers.append((message["payload"][0]["message"], message["payload"][0]["extensions"]["code"]))
        assert set(answers) == {
            ("There is no such household for you; nothing was read or changed.", "NOT_FOUND")
        }
    async with socket(server, desk.api("ADVISOR")) as live:
        for number, count in enumerate((0, 101)):
            await live.subscribe(VALUES, key=str(number), ids=[ids["A1"]] * count)
            message = await live.receive()
            assert message["payload"][0]["message"] == f"subjectIds is {count}, expected 1 to 100"
            assert message["payload"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"
