"""Twenty people of one firm: whatever each of them asks, nothing of what was not given is in the answer."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from starlette.types import ASGIApp
from wealthnexus.domain.work import post_item
from wealthnexus.graphql import limits
from wealthnexus.graphql.ids import to_global
from wealthnexus.graphql.schema import schema
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.jobs import enqueue
from wealthnexus.runtime import Platform

from tests.graphql.test_subscriptions import relay, server, socket  # noqa: F401 - fixtures
from tests.isolation.client_world import KIND, MARK, STAFF_ONLY, VIEWERS, World, make_world, marks_of, visible
from tests.isolation.deep import by_id, lists, readable, touched
from tests.isolation.operations import KIND_OF_ARGUMENT, KIND_OF_FIELD, Maker
from tests.support.servers import DatabaseAddresses

from tests.database.test_two_firms import digest_of  # isort: skip

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("graphql_live")]
ROOTS = {"Party": "party", "Household": "household", "Account": "account", "Liability": "liability"}
AT_ONCE = 3
NEVER = {"revokeOtherSessions", "revokeSession"}  # of their own; the rest of the matrix needs the session
OWN = {"saveView"}  # a view of one's own
TOUCHED_BY_READING = {"sessions", "session_tokens"}
WHO = sorted(VIEWERS)
# The longest part is walked by every second of them in `make test`, by all in `make soak`.
WALKERS = WHO if os.environ.get("WEALTHNEXUS_SOAK") == "1" else WHO[::2]
NOBODYS = new_id()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def world(app: ASGIApp, platform: Platform) -> AsyncIterator[World]:
    with pytest.MonkeyPatch.context() as patch:
        # A document that is stopped halfway would not tell what it could; on a busy machine several at once
        # take longer than one person's may.
        patch.setattr(limits, "OPERATION_SECONDS_MAX", 120.0)
        yield await make_world(app, platform)


class Ears:
    """What one viewer must not hear: names, amounts and ids of everything that was not given."""

    def __init__(self, world: World, viewer: str) -> None:
        hidden = world.hidden(viewer)
        self.words: dict[str, str] = {marks_of(name): name for name in hidden}
        self.words |= {
            str(world.amounts[name]): f"amount of {name}" for name in hidden if name in world.amounts
        }
        self.words |= {f"{other} {MARK}viewer": other for other in VIEWERS if other != viewer}
        if "staff" not in viewer:
            self.words[STAFF_ONLY] = "what staff keep to themselves"
        for name in hidden:
            self.words[str(world.keys[name])] = f"key of {name}"
            self.words[world.id_of(name)] = f"id of {name}"
        self.keys = {world.id_of(name): str(world.keys[name]) for name in hidden}

    def heard(self, text: str, asked: str = "") -> list[str]:
        """What is in ``text`` without having been asked with."""
        # A refusal may name the key of the very id that was sent.
        echoed = {key for id_, key in self.keys.items() if id_ in asked}
        return [
            what
            for word, what in self.words.items()
            if word in text and word not in asked and word not in echoed
        ]


async def ask(world: World, viewer: str, document: str, **variables: Any) -> str:
    response = await world.viewers[viewer].raw({"query": document, "variables": variables})
    body = response.json()
    for error in body.get("errors", ()):
        code = error["extensions"]["code"]
        assert response.status_code < 500, (document[:200], body)
        assert code in ("NOT_FOUND", "FORBIDDEN", "BAD_USER_INPUT"), (document[:300], error)
        assert code != "BAD_USER_INPUT" or "path" in error, (document[:300], error)
    return response.text


async def ask_all(world: World, viewer: str, asked: list[tuple[str, str, dict[str, Any]]]) -> list[str]:
    """Faults of ``(label, document, variables)``, a few at a time."""
    ears, slots = Ears(world, viewer), asyncio.Semaphore(AT_ONCE)

    async def one(label: str, document: str, variables: dict[str, Any]) -> list[str]:
        async with slots:
            text = await ask(world, viewer, document, **variables)
        return [f"{viewer}: {label} tells {what}" for what in ears.heard(text, str(variables))]

    # Those beside one that fails are stopped with it: none is left to run into the next test.
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(*each)) for each in asked]
    found = [task.result() for task in tasks]
    return sorted({fault for faults in found for fault in faults})


STREAMS = {"valuesChanged", "workQueueChanged", "jobProgress"}
ADDRESSES = {"/files/uploads", "/files/exports/{export_id}", "/files/book.csv"}
# Without any firm's data, or asked by the matrix itself: the API.
OPEN_ADDRESSES = {
    "/healthz", "/readyz", "/metrics", "/auth", "/brand/{name}", "/assets", "/graphql", "/{path:path}",
}  # fmt: skip
DEVELOPMENT = {"/mailbox", "/mailbox.json"}


async def test_the_matrix_knows_everything_there_is(world: World) -> None:
    """A new query, field, change, stream or file address fails here until the matrix tries it."""
    api = schema._schema
    ids = dict.fromkeys({*KIND_OF_ARGUMENT.values(), *KIND_OF_FIELD.values(), "AuditEvent"}, "x")
    maker = Maker(api, ids, is_deep=True)
    operations = maker.operations()
    assert maker.unknown == set()
    documents = [operation.document for operation in operations]
    documents += [reading.document for reading in lists(api)]
    documents += [reading.document for root in ROOTS.values() for reading in by_id(api, root)]
    tried = touched(api, documents)
    there = readable(api)
    assert sorted(there - tried) == []
    assert api.query_type is not None
    assert api.mutation_type is not None
    assert api.subscription_type is not None
    changes = {operation.name for operation in operations if operation.is_mutation}
    assert changes == set(api.mutation_type.fields)
    assert set(api.subscription_type.fields) == STREAMS
    assert addresses_of(world) == ADDRESSES
    print(
        f"\nclient matrix: {len(VIEWERS)} people, {len(api.query_type.fields)} queries, {len(there)} fields,"
        f" {len(changes)} changes, {len(STREAMS)} streams, {len(ADDRESSES)} file addresses"
    )


def addresses_of(world: World) -> set[str]:
    """Where the web process answers with something of a firm, besides the API."""
    inner = world.app._app  # type: ignore[attr-defined]
    paths = {route.path for route in inner.routes}
    return paths - OPEN_ADDRESSES - {f"/dev{rest}" for rest in DEVELOPMENT}


async def test_no_file_of_anybody_else(world: World) -> None:
    """Exports are the asker's alone; nobody limited sends a bundle."""
    for viewer in WHO:
        api = world.viewers[viewer]
        transport = httpx2.ASGITransport(app=world.app)
        headers = {"authorization": f"Bearer {api.token}"}
        async with httpx2.AsyncClient(
            transport=transport, base_url=f"http://{world.firm.slug}.localhost", headers=headers
        ) as client:
            for name in (str(NOBODYS), str(world.keys["tessOwn"]), "x"):
                answer = await client.get(f"/files/exports/{name}")
                assert answer.status_code in (403, 404), (viewer, name, answer.text)
            answer = await client.post("/files/uploads", content=b"PK")
            assert answer.status_code == 403, (viewer, answer.text)
            answer = await client.get("/files/book.csv")
            assert answer.status_code in (200, 400, 403), (viewer, answer.text)
            assert Ears(world, viewer).heard(answer.text) == []


@pytest.mark.parametrize("viewer", WHO)
async def test_every_edge_of_what_was_given(world: World, viewer: str) -> None:
    """Lists, and each field of each visible thing as deep as a document goes."""
    asked: list[tuple[str, str, dict[str, Any]]] = []
    asked += [(reading.edge, reading.document, {}) for reading in lists(schema._schema)]
    for kind, root in ROOTS.items():
        for name in sorted(visible(viewer) & set(world.of(kind))):
            asked += [
                (f"{reading.edge} of {name}", reading.document, {"id": world.id_of(name)})
                for reading in by_id(schema._schema, root)
            ]
    faults = await ask_all(world, viewer, asked)
    print(f"\nclient matrix: {viewer}: {len(asked)} deep readings, {len(visible(viewer))} things seen")
    assert faults == []


@pytest.mark.soak
@pytest.mark.parametrize("viewer", WALKERS)
async def test_every_field_with_the_ids_of_others(world: World, viewer: str) -> None:
    """Every query and node with the id of everything hidden: refused, and the answer says nothing."""
    asked: dict[str, tuple[str, str, dict[str, Any]]] = {}
    for place, ids in enumerate(hidden_sets(world, viewer)):
        # Once as deep as a document goes; with the other ids what is said is the refusal and its first level.
        maker = Maker(schema._schema, ids, is_deep=place == 0)
        for operation in maker.operations():
            if not operation.is_mutation:
                with_ids = tuple(ids[kind] for kind in operation.kinds)
                asked[f"{operation.name}{with_ids}"] = (
                    operation.name,
                    operation.document,
                    operation.variables,
                )
    for name in world.hidden(viewer):
        for reading in by_id(schema._schema, ROOTS.get(world.kinds[name], "party"))[:1]:
            asked[f"deep {name}"] = (f"{reading.edge} of {name}", reading.document, {"id": world.id_of(name)})
    faults = await ask_all(world, viewer, list(asked.values()))
    print(
        f"\nclient matrix: {viewer}: {len(asked)} readings with ids"
        f" of {len(world.hidden(viewer))} hidden things"
    )
    assert faults == []


def hidden_sets(world: World, viewer: str) -> list[dict[str, str]]:
    """As many sets of ids as there are hidden things of a kind; each thing is in at least one."""
    by_kind = {kind: world.hidden(viewer, kind) for kind in ROOTS}
    others = [name for name in VIEWERS if name != viewer]
    sets = []
    for place in range(max(len(names) for names in by_kind.values())):
        ids = {kind: world.id_of(names[place % len(names)]) for kind, names in by_kind.items() if names}
        user = world.viewers[others[place % len(others)]].user
        item = sorted(set(world.items) - visible(viewer))[place]
        assert user is not None
        ids |= {
            "User": str(to_global("User", user.id)),
            "WorkItem": str(to_global("WorkItem", world.items[item])),
            "Book": world.id_of("BookD"),
        }
        # Of kinds that nobody here has one of: an id that might be somebody's.
        for kind in {*KIND_OF_ARGUMENT.values(), *KIND_OF_FIELD.values(), "AuditEvent"} - set(ids):
            ids[kind] = str(to_global(kind, NOBODYS))
        sets.append(ids)
    return sets


@pytest.mark.parametrize("viewer", WHO)
async def test_every_act_on_what_is_others(
    world: World, viewer: str, database_addresses: DatabaseAddresses
) -> None:
    """Every mutation with hidden ids changes nothing in the database."""

    def state() -> dict[str, str]:
        found = digest_of(database_addresses, world.firm.id)
        return {name: value for name, value in found.items() if name not in TOUCHED_BY_READING}

    before, tried, faults, ears = state(), 0, [], Ears(world, viewer)
    for operation in Maker(schema._schema, hidden_sets(world, viewer)[0]).operations():
        if not operation.is_mutation or operation.name in NEVER | OWN:
            continue
        text = await ask(world, viewer, operation.document, **operation.variables)
        tried += 1
        if f"{operation.name[0].upper()}{operation.name[1:]}Success" in text:
            faults.append(f"{viewer}: {operation.name} succeeded: {text[:200]}")
        faults += [
            f"{viewer}: {operation.name} tells {w}" for w in ears.heard(text, str(operation.variables))
        ]
    print(f"\nclient matrix: {viewer}: {tried} acts refused")
    assert faults == []
    assert state() == before


@pytest.mark.parametrize("viewer", WHO)
async def test_what_was_given_is_seen_and_summed(world: World, viewer: str) -> None:
    """The matrix can fail: exactly the given things are listed, and sums hold no cent of the others."""
    api = world.viewers[viewer]
    seen: set[str] = set()
    for kind, plural in (("Party", "parties"), ("Household", "households"), ("Account", "accounts")):
        found = (await api(f"{{ {plural}(first: 50) {{ totalCount nodes {{ id name }} }} }}")).data[plural]
        names = {node["name"].removesuffix(MARK) for node in found["nodes"]}
        assert found["totalCount"] == len(names)
        assert names == visible(viewer) & set(world.of(kind))
        seen |= names
    for name in sorted(visible(viewer) & set(world.of("Liability"))):
        told = await api("query($id: ID!) { liability(id: $id) { name } }", id=world.id_of(name))
        assert told.data["liability"]["name"] == marks_of(name)
        seen.add(name)
    assert seen == visible(viewer) - set(world.of("Book"))
    for home in sorted(visible(viewer) & set(world.of("Household"))):
        told = await api(
            "query($id: ID!) { household(id: $id) { accountCount marketValue { value }"
            " accounts(first: 50) { nodes { name } } balanceSheet { totalAssets { value } } } }",
            id=world.id_of(home),
        )
        household = told.data["household"]
        names = {node["name"].removesuffix(MARK) for node in household["accounts"]["nodes"]}
        assert names <= visible(viewer)
        total = sum((world.amounts[name] for name in names), Decimal(0))
        assert household["accountCount"] == len(names)
        assert Decimal(household["marketValue"]["value"] or 0) == total
        assert Decimal(household["balanceSheet"]["totalAssets"]["value"] or 0) == total


@pytest.mark.parametrize("viewer", WHO)
async def test_totals_of_lists_and_of_the_firm_are_those_of_what_is_seen(world: World, viewer: str) -> None:
    api = world.viewers[viewer]
    told = (
        await api(
            "{ firm { householdCount accountCount totalValue { value } accruedInterest { value } }"
            " households(first: 1) { totalCount totalValue { value } totalCash { value }"
            " totalAccruedInterest { value } }"
            " accounts(first: 1) { totalCount } parties(first: 1) { totalCount } }"
        )
    ).data
    accounts = visible(viewer) & set(world.of("Account"))
    homes = visible(viewer) & set(world.of("Household"))
    assert told["firm"]["accountCount"] == told["accounts"]["totalCount"] == len(accounts)
    assert told["firm"]["householdCount"] == told["households"]["totalCount"] == len(homes)
    assert told["parties"]["totalCount"] == len(visible(viewer) & set(world.of("Party")))
    everything = sum((world.amounts[name] for name in accounts), Decimal(0))
    assert Decimal(told["firm"]["totalValue"]["value"] or 0) == everything
    housed = {name for name in accounts if homes & set(world.homes_of(name))}
    total = sum((world.amounts[name] for name in housed), Decimal(0))
    for figure in ("totalValue", "totalCash"):
        assert Decimal(told["households"][figure]["value"] or 0) == total, figure
    for interest in (told["firm"]["accruedInterest"], told["households"]["totalAccruedInterest"]):
        assert Decimal(interest["value"]) == 0


async def test_a_hidden_co_owner_is_counted_and_not_named(world: World) -> None:
    """Gus owns half of the joint account and owes half of the debt, though Fay is hidden from him."""
    api = world.viewers["spouse without consent"]
    told = await api(
        "query($gus: ID!, $joint: ID!, $debt: ID!) { party(id: $gus) { netWorth { value } }"
        " account(id: $joint) { owners { party { name } share } }"
        " liability(id: $debt) { owners { party { name } share } balance { value } } }",
        gus=world.id_of("Gus"), joint=world.id_of("fayGusJoint"), debt=world.id_of("fayGusMortgage"),
    )  # fmt: skip
    for kind in ("account", "liability"):
        (only,) = told.data[kind]["owners"]
        assert (only["party"]["name"], Decimal(only["share"])) == (marks_of("Gus"), Decimal("0.5"))
    debt = Decimal(told.data["liability"]["balance"]["value"])
    worth = world.amounts["gusOwn"] + (world.amounts["fayGusJoint"] - debt) / 2
    assert abs(Decimal(told.data["party"]["netWorth"]["value"]) - worth) <= Decimal("0.01")


VALUES = (
    """subscription($ids: [ID!]!) { valuesChanged(subjectIds: $ids) { seq values { subjectId value } } }"""
)
QUEUE = "subscription { workQueueChanged { seq workItemId } }"
PROGRESS = "subscription($id: ID!) { jobProgress(jobId: $id) { seq job { id } } }"


async def test_no_stream_of_anything_hidden(world: World, server: int) -> None:  # noqa: F811
    counts: Counter[str] = Counter()

    async def a_job(uow: Any) -> Any:
        return await enqueue(uow, "tests.unhandled", title=f"Somebody's {MARK} job")

    job = str(to_global("Job", await world.family.do(a_job)))
    for viewer in WHO:
        is_staff = "staff" in viewer
        async with socket(server, world.viewers[viewer]) as live:
            for place, name in enumerate(world.hidden(viewer, "Household", "Account", "Party", "Liability")):
                await live.subscribe(VALUES, key=f"v{place}", ids=[world.id_of(name)])
                message = await live.receive()
                assert (message["type"], message["id"]) == ("error", f"v{place}"), (viewer, name, message)
                assert message["payload"][0]["extensions"]["code"] == "NOT_FOUND"
                counts["valuesChanged"] += 1
            await live.subscribe(PROGRESS, key="job", id=job)
            message = await live.receive()
            assert message["type"] == "error", (viewer, message)
            code = message["payload"][0]["extensions"]["code"]
            assert code == ("NOT_FOUND" if is_staff else "FORBIDDEN")
            counts["jobProgress"] += 1
            await live.subscribe(QUEUE, key="queue")
            message = await live.receive()
            counts["workQueueChanged"] += 1
            if not is_staff:
                assert message["payload"][0]["extensions"]["code"] == "FORBIDDEN"
                continue
            await _hears_only_its_own(world, viewer, live)
    print(f"\nclient matrix: subscriptions refused or silent: {dict(counts)}")


async def _hears_only_its_own(world: World, viewer: str, live: Any) -> None:
    """Work on something hidden, then on something given: the second is heard of, the first never."""
    hidden = world.hidden(viewer, "Account")[0]
    given = min(visible(viewer) & set(world.of("Account")))
    posted = []
    for name in (hidden, given):

        async def post(uow: Any, name: str = name) -> Any:
            return await post_item(
                uow, kind=KIND, title=f"Call {name}", subject_id=world.keys[name], action_label="Open",
                action_path="/", dedupe_key=f"{viewer} {name}",
            )  # fmt: skip

        posted.append(str(to_global("WorkItem", await world.family.do(post))))
    # What was given to others before may still be on its way.
    heard = ""
    while heard != posted[1]:
        heard = (await live.event())["workItemId"]
        assert heard != posted[0]
