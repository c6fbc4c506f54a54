"""Live streams over WebSockets and server-sent events: resumed, bounded, ended with the caller's access."""

# ruff: noqa: E501 -- queries are read as they are written

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest
import pytest_asyncio
import uvicorn
from starlette.types import ASGIApp
from wealthnexus.domain import work
from wealthnexus.graphql import sockets
from wealthnexus.graphql.ids import to_global
from wealthnexus.kit import clock
from wealthnexus.kit.context import Actor
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.jobs import cancel_job, enqueue
from wealthnexus.runtime import Platform
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.factories import bearer_of, make_user
from tests.graphql.conftest import Api, House, make_house
from tests.graphql.server import free_port

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("graphql_live")]
QUEUE = "subscription($after: BigInt) { workQueueChanged(afterSeq: $after) { seq resync eventType workItemId kind } }"
PROGRESS = "subscription($id: ID!, $after: BigInt) { jobProgress(jobId: $id, afterSeq: $after) { seq resync job { id state stage done total } } }"


@pytest.fixture(scope="module")
def relay(process_environment: dict[str, str]) -> Iterator[None]:
    """The process that gives events their numbers and wakes subscribers."""
    code = "from wealthnexus.jobs.relay import main; main()"
    process = subprocess.Popen([sys.executable, "-c", code], env=process_environment)
    yield
    process.terminate()
    process.wait(20)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def server(app: ASGIApp, relay: None) -> AsyncIterator[int]:
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
async def firm(app: ASGIApp, platform: Platform) -> House:
    return await make_house(app, platform)


class Socket:
    """One graphql-transport-ws connection."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    async def send(self, **message: Any) -> None:
        await self._connection.send(json.dumps(message))

    async def receive(self, seconds: float = 10) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(await asyncio.wait_for(self._connection.recv(), seconds))
        return found

    async def subscribe(self, query: str, key: str = "1", **variables: Any) -> None:
        await self.send(id=key, type="subscribe", payload={"query": query, "variables": variables})

    async def event(self, name: str = "workQueueChanged", seconds: float = 10) -> dict[str, Any]:
        message = await self.receive(seconds)
        assert message["type"] == "next", message
        found: dict[str, Any] = message["payload"]["data"][name]
        return found

    async def closed(self, seconds: float = 10) -> int:
        """The code the server closes with."""
        with contextlib.suppress(ConnectionClosed):
            async with asyncio.timeout(seconds):
                while True:
                    await self._connection.recv()
        assert self._connection.close_code is not None
        return self._connection.close_code


@contextlib.asynccontextmanager
async def socket(port: int, api: Api) -> AsyncIterator[Socket]:
    async with connect(
        f"ws://{api.firm.slug}.localhost:{port}/graphql",
        host="127.0.0.1",
        port=port,
        subprotocols=["graphql-transport-ws"],  # type: ignore[list-item]
    ) as connection:
        opened = Socket(connection)
        await opened.send(type="connection_init", payload={"authorization": f"Bearer {api.token}"})
        assert (await opened.receive())["type"] == "connection_ack"
        yield opened


async def post_work(house: House, title: str = "Call back") -> str:
    async with house.platform.db.unit_of_work(
        Binding(house.firm.id), actor=Actor("system", None, "System")
    ) as uow:
        key = await work.post_item(
            uow,
            kind="tests.live",
            title=title,
            action_label="Open",
            action_path="/work",
            owner_role="ADVISOR",
        )
    return str(to_global("WorkItem", key))


async def test_changes_of_the_queue_arrive_with_their_number(server: int, firm: House) -> None:
    async with socket(server, firm.api("ADVISOR")) as live:
        await live.subscribe(QUEUE)
        first = await live.event()
        assert (first["resync"], first["eventType"], first["workItemId"]) == (False, None, None)
        item = await post_work(firm)
        event = await live.event()
        assert event == {
            "seq": event["seq"],
            "resync": False,
            "eventType": "work.item.posted",
            "workItemId": item,
            "kind": "tests.live",
        }
        assert int(event["seq"]) > int(first["seq"])


async def test_a_stream_resumes_after_the_last_number_seen(server: int, firm: House) -> None:
    async with socket(server, firm.api("ADVISOR")) as live:
        await live.subscribe(QUEUE)
        seen = (await live.event())["seq"]
    missed = [await post_work(firm, f"Missed {number}") for number in range(3)]
    async with socket(server, firm.api("ADVISOR")) as live:
        await live.subscribe(QUEUE, after=seen)
        events = [await live.event() for _ in missed]
    assert [event["workItemId"] for event in events] == missed
    numbers = [int(event["seq"]) for event in events]
    assert numbers == sorted(numbers)
    assert numbers[0] > int(seen)


async def test_numbers_that_are_not_kept_mean_read_again(server: int, firm: House) -> None:
    async with socket(server, firm.api("ADVISOR")) as live:
        await live.subscribe(QUEUE, after="999999999")
        event = await live.event()
        assert (event["resync"], event["workItemId"]) == (True, None)
        item = await post_work(firm)
        after = await live.event()
        assert (after["resync"], after["workItemId"]) == (False, item)


async def test_subscribers_learn_only_what_they_may_see(server: int, firm: House) -> None:
    async with socket(server, firm.api("LIMITED")) as limited, socket(server, firm.api("TRADER")) as whole:
        await limited.subscribe(QUEUE)
        await whole.subscribe(QUEUE)
        await limited.event()
        await whole.event()
        item = await post_work(firm)
        assert (await whole.event())["workItemId"] == item
        with pytest.raises(TimeoutError):
            await limited.event(seconds=1)


async def test_a_client_may_not_follow_the_queue(server: int, firm: House) -> None:
    async with socket(server, firm.api("CLIENT")) as live:
        await live.subscribe(QUEUE)
        message = await live.receive()
        assert message["type"] == "error"
        assert message["payload"][0]["extensions"]["code"] == "FORBIDDEN"
        assert "work.read is not among what your roles allow" in message["payload"][0]["message"]


async def a_job(house: House) -> Any:
    async with house.platform.db.unit_of_work(
        Binding(house.firm.id), actor=Actor("system", None, "System")
    ) as uow:
        return await enqueue(uow, "tests.unhandled", title="Something long")


async def test_a_job_is_followed_until_it_has_ended(server: int, firm: House) -> None:
    key = await a_job(firm)
    async with socket(server, firm.api("OPERATIONS")) as live:
        await live.subscribe(PROGRESS, id=to_global("Job", key))
        first = await live.event("jobProgress")
        assert first["job"]["state"] == "QUEUED"
        async with firm.platform.db.unit_of_work(Binding(firm.firm.id)) as uow:
            await cancel_job(uow, key)
        seen = [await live.event("jobProgress")]
        while seen[-1]["job"]["state"] != "CANCELLED":
            seen.append(await live.event("jobProgress"))
        message = await live.receive()
        while message["type"] == "next":
            message = await live.receive()
        assert message == {"id": "1", "type": "complete"}
    async with socket(server, firm.api("OPERATIONS")) as live:
        await live.subscribe(PROGRESS, id=to_global("Job", key))
        assert (await live.event("jobProgress"))["job"]["state"] == "CANCELLED"
        assert (await live.receive())["type"] == "complete"


async def test_another_firms_job_is_missing(server: int, firm: House, other_house: House) -> None:
    foreign = await a_job(other_house)
    async with socket(server, firm.api("OPERATIONS")) as live:
        answers = []
        for number, key in enumerate((foreign, new_id())):
            await live.subscribe(PROGRESS, key=str(number), id=to_global("Job", key))
            message = await live.receive()
            assert message["type"] == "error"
            answers.append({k: v for k, v in message["payload"][0].items() if k == "message"})
        assert (
            answers[0]
            == answers[1]
            == {"message": "There is no such job for you; nothing was read or changed."}
        )


async def test_a_session_may_open_so_many_subscriptions(
    server: int, app: ASGIApp, platform: Platform
) -> None:
    from tests.factories import make_firm

    small = await make_firm(
        platform, limits={"subscriptions_per_session_max": 2, "requests_per_minute": 10_000}
    )
    user = await make_user(platform, small, roles=("ADVISOR",))
    api = Api(app, small, await bearer_of(platform, small, user))
    async with socket(server, api) as one, socket(server, api) as two:
        await one.subscribe(QUEUE)
        await two.subscribe(QUEUE)
        await one.event()
        await two.event()
        await two.subscribe(QUEUE, key="3")
        refused = await two.receive()
        assert (refused["type"], refused["id"]) == ("error", "3")
        assert refused["payload"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"
        await one.send(id="1", type="complete")
        await asyncio.sleep(0.2)
        await two.subscribe(QUEUE, key="4")
        assert (await two.receive())["type"] == "next"


async def test_a_socket_ends_with_its_session(
    server: int, firm: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "RECHECK_SECONDS", 0.1)
    user = await make_user(firm.platform, firm.firm, roles=("ADVISOR",))
    api = Api(firm.app, firm.firm, await bearer_of(firm.platform, firm.firm, user))
    session = (await api("{ viewer { id currentSessionId } }")).data["viewer"]
    async with socket(server, api) as live:
        await live.subscribe(QUEUE)
        await live.event()
        ended = await firm.api("FIRM_ADMIN").change(
            "revokeSession", "", sessionId=session["currentSessionId"]
        )
        assert ended["__typename"] == "RevokeSessionSuccess"
        assert await live.closed() == 4403


async def test_a_socket_ends_with_its_access_token(
    server: int, firm: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "RECHECK_SECONDS", 0.1)
    user = await make_user(firm.platform, firm.firm, roles=("ADVISOR",))
    api = Api(firm.app, firm.firm, await bearer_of(firm.platform, firm.firm, user))
    async with socket(server, api) as live:
        with clock.frozen_at(clock.now() + timedelta(minutes=61)):
            assert await live.closed() == 4401


async def test_server_sent_events_carry_the_same_stream(server: int, firm: House) -> None:
    api = firm.api("ADVISOR")
    headers = {
        "host": f"{api.firm.slug}.localhost:{server}",
        "authorization": f"Bearer {api.token}",
        "accept": "text/event-stream",
    }
    events: list[tuple[str, Any]] = []
    async with (
        httpx2.AsyncClient(base_url=f"http://127.0.0.1:{server}", timeout=15) as client,
        client.stream("POST", "/graphql", json={"query": QUEUE}, headers=headers) as response,
    ):
        assert response.headers["content-type"].startswith("text/event-stream")
        name, item = "", ""
        async for line in response.aiter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                events.append((name, json.loads(line.removeprefix("data: "))["data"]["workQueueChanged"]))
                if len(events) == 2:
                    break
                item = await post_work(firm)
    assert [name for name, _ in events] == ["next", "next"]
    assert events[1][1]["workItemId"] == item
    plain = await api(QUEUE)
    assert plain.errors[0]["message"] == (
        "Subscriptions need a WebSocket (graphql-transport-ws) or Accept: text/event-stream."
    )


async def test_server_sent_events_end_with_their_session(
    server: int, firm: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "RECHECK_SECONDS", 0.1)
    user = await make_user(firm.platform, firm.firm, roles=("ADVISOR",))
    api = Api(firm.app, firm.firm, await bearer_of(firm.platform, firm.firm, user))
    session = (await api("{ viewer { id currentSessionId } }")).data["viewer"]
    headers = {
        "host": f"{api.firm.slug}.localhost:{server}",
        "authorization": f"Bearer {api.token}",
        "accept": "text/event-stream",
    }
    names: list[str] = []
    async with (
        httpx2.AsyncClient(base_url=f"http://127.0.0.1:{server}", timeout=8) as client,
        client.stream("POST", "/graphql", json={"query": QUEUE}, headers=headers) as response,
    ):
        async for line in response.aiter_lines():
            if line.startswith("event: "):
                names.append(line.removeprefix("event: "))
                if len(names) == 1:
                    ended = await firm.api("FIRM_ADMIN").change(
                        "revokeSession", "", sessionId=session["currentSessionId"]
                    )
                    assert ended["__typename"] == "RevokeSessionSuccess"
    assert names == ["next", "complete"]


async def test_streams_leave_nothing_behind(server: int, firm: House) -> None:
    async with socket(server, firm.api("ADVISOR")) as live:
        await live.subscribe(QUEUE)
        await live.event()
    for _ in range(50):
        if firm.platform.db.engine("app").pool.checkedout() == 0:  # type: ignore[attr-defined]
            break
        await asyncio.sleep(0.05)
    assert firm.platform.db.engine("app").pool.checkedout() == 0  # type: ignore[attr-defined]
