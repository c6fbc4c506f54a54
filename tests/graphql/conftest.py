"""Two firms with people of every role, and a client that speaks to the whole web application."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from starlette.types import ASGIApp
from wealthnexus.demo.scale import generate_households
from wealthnexus.domain.feeds.importer import import_bundle
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.kit.context import Actor
from wealthnexus.kit.settings import Settings
from wealthnexus.runtime import Platform, build_platform
from wealthnexus.web.app import create_app

from tests.factories import TestUser, bearer_of, make_firm, make_user

STAFF_ROLES = (
    "FIRM_ADMIN",
    "ADVISOR",
    "PORTFOLIO_MANAGER",
    "TRADER",
    "OPERATIONS",
    "COMPLIANCE",
    "READ_ONLY",
)
RESPONSE_JSON = "application/graphql-response+json"


@dataclass
class Answer:
    """One response of the API."""

    status: int
    body: dict[str, Any]
    headers: httpx2.Headers

    @property
    def data(self) -> dict[str, Any]:
        assert "errors" not in self.body, self.body
        found: dict[str, Any] = self.body["data"]
        return found

    @property
    def errors(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.body.get("errors", [])
        return found

    @property
    def codes(self) -> list[str]:
        return [error["extensions"]["code"] for error in self.errors]


@dataclass
class Api:
    """The API of one firm, asked by one caller (or nobody)."""

    app: ASGIApp
    firm: FirmInfo
    token: str | None = None
    user: TestUser | None = None
    headers: dict[str, str] = field(default_factory=dict)

    async def raw(self, body: Any, *, method: str = "POST", **headers: str) -> httpx2.Response:
        transport = httpx2.ASGITransport(app=self.app, client=("192.0.2.9", 4_000), raise_app_exceptions=True)
        given = {
            "accept": RESPONSE_JSON,
            **self.headers,
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        if self.token is not None:
            given["authorization"] = f"Bearer {self.token}"
        async with httpx2.AsyncClient(
            transport=transport, base_url=f"http://{self.firm.slug}.localhost"
        ) as client:
            if isinstance(body, bytes):
                return await client.request(method, "/graphql", content=body, headers=given)
            return await client.request(method, "/graphql", json=body, headers=given)

    async def __call__(self, query: str, **variables: Any) -> Answer:
        response = await self.raw({"query": query, "variables": variables})
        return Answer(response.status_code, response.json(), response.headers)

    async def change(self, mutation: str, payload: str, **given: Any) -> dict[str, Any]:
        """One mutation with ``input``; ``payload``: what is selected. Returns the payload."""
        name = mutation[0].upper() + mutation[1:]
        answer = await self(
            f"mutation M($input: {name}Input!) {{ {mutation}(input: $input) {{ __typename {payload}"
            " ... on Error { code message path ... on ValidationFailed { problems { path message value } }"
            " ... on Conflict { currentVersion } } } }",
            input=given,
        )
        found: dict[str, Any] = answer.data[mutation]
        return found


@dataclass
class House:
    """One firm, its people by role, and its API as each of them sees it."""

    app: ASGIApp
    platform: Platform
    firm: FirmInfo
    people: dict[str, TestUser]
    apis: dict[str, Api]

    def api(self, role: str) -> Api:
        return self.apis[role]

    @property
    def anonymous(self) -> Api:
        return Api(self.app, self.firm)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def platform(test_settings: Settings, redis_url: str) -> AsyncIterator[Platform]:
    assert redis_url
    made = build_platform(test_settings.model_copy(update={"database_pool_size": 20}))
    await made.start()
    yield made
    await made.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def app(platform: Platform) -> ASGIApp:
    made = create_app(platform=platform)
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # the test's own client
    return made


async def make_house(app: ASGIApp, platform: Platform, **facts: Any) -> House:
    """A firm with one person per staff role, a limited advisor and a client; all hold bearers."""
    firm = await make_firm(platform, limits={"requests_per_minute": 100_000}, **facts)
    people: dict[str, TestUser] = {}
    for role in STAFF_ROLES:
        people[role] = await make_user(platform, firm, roles=(role,), name=f"{role.title()} Person")
    people["LIMITED"] = await make_user(
        platform, firm, roles=("ADVISOR",), name="Limited Person", limited=True
    )
    people["CLIENT"] = await make_user(platform, firm, roles=("CLIENT",), name="Client Person")
    apis = {
        role: Api(app, firm, await bearer_of(platform, firm, user), user) for role, user in people.items()
    }
    return House(app, platform, firm, people, apis)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house(app: ASGIApp, platform: Platform) -> House:
    return await make_house(app, platform)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def other_house(app: ASGIApp, platform: Platform) -> House:
    return await make_house(app, platform)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def book(app: ASGIApp, platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> House:
    """A firm with twelve households at real prices, valued on 31 March 2021; read by many tests, changed
    by none."""
    house = await make_house(app, platform, pinned_business_date=date(2021, 3, 31))
    await load_book(house, tmp_path_factory.mktemp("book"), households=12)
    return house


async def load_book(house: House, folder: Path, *, households: int, per_account: int = 15) -> None:
    """A generated book of ``households`` households with three accounts each on average."""
    generate_households(households, per_account, folder / "bundle")
    report = await import_bundle(
        house.platform, house.firm, folder / "bundle", actor=Actor("system", None, "System")
    )
    assert report.as_result()["ok"], report.as_result()
