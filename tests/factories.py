"""Firms, people and browsers for tests: real rows made by the product's own verbs."""

from __future__ import annotations

import base64
import hashlib
import itertools
import time
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self
from uuid import UUID

import httpx2
from sqlalchemy import update
from starlette.types import ASGIApp
from wealthnexus.demo.enrolment import ensure_demo_users
from wealthnexus.demo.people import Shared
from wealthnexus.domain.firms import FirmConfig, FirmInfo, apply_firm
from wealthnexus.domain.firms.tiers import TIERS
from wealthnexus.domain.identity import repository
from wealthnexus.domain.identity.caller import Caller
from wealthnexus.domain.identity.models import sessions, users
from wealthnexus.domain.identity.permissions import Role
from wealthnexus.domain.identity.rules import totp
from wealthnexus.domain.identity.service.development import issue_development_token
from wealthnexus.domain.identity.service.sessions import authenticate
from wealthnexus.kit import clock
from wealthnexus.kit.context import RequestInfo
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.ids import new_id
from wealthnexus.runtime import Platform

NOBODY = UUID(int=0)
_addresses = itertools.count(1)
PASSWORD = "nine lanterns over the quay"


async def make_firm(
    platform: Platform,
    *,
    slug: str | None = None,
    name: str | None = None,
    currency: str = "USD",
    time_zone: str = "America/New_York",
    limits: dict[str, int] | None = None,
    domains: tuple[str, ...] = (),
    pinned_business_date: date | None = None,
) -> FirmInfo:
    """A new firm with its key and nothing else; it answers at ``<slug>.localhost``."""
    chosen = slug or f"t{new_id().hex[-20:]}"
    config = FirmConfig(
        slug=chosen,
        name=name or f"Firm {chosen}",
        legal_name=f"Firm {chosen}, LLC",
        locale="en-US",
        time_zone=time_zone,
        currency=currency,
        tier="professional",
        features=("book", "import", "audit", "approvals", "portal", "search"),
        limits=TIERS["professional"] | (limits or {}),
        brand={"hue": 255.0, "chroma": 0.115, "radius": 8, "font": "inter", "density": "compact",
               "illustration": "ridge"},
        support={"email": f"help@{chosen}.example", "phone": None},
        legal_footer="For tests only.",
        pinned_business_date=pinned_business_date,
        domains=domains,
        digest=hashlib.sha256(chosen.encode()).digest(),
    )  # fmt: skip
    apply_firm(platform.addresses.sync_database_url_for("owner"), config)
    firm = await platform.firms.by_slug(chosen)
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        await platform.keyring.firm_key(uow)
    return firm


@dataclass
class TestUser:
    """A person who can sign in; ``code()`` is always a code that was not used yet."""

    __test__ = False
    name: str
    email: str
    roles: tuple[str, ...]
    limited: bool = False
    password: str = PASSWORD
    secret: bytes = field(default_factory=totp.new_secret)
    book: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    party: str | None = None
    shared: tuple[Shared, ...] = ()
    id: UUID = NOBODY

    @property
    def totp_secret(self) -> str:
        return base64.b32encode(self.secret).decode()

    def code(self) -> str:
        """The code of this moment."""
        return totp.code_at(self.secret, totp.step_of(clock.now()))

    def wrong_code(self) -> str:
        """Six digits that are not right now nor in the steps beside."""
        now = totp.step_of(clock.now())
        right = {totp.code_at(self.secret, step) for step in range(now - 2, now + 3)}
        return next(code for code in (f"{n:06d}" for n in range(10)) if code not in right)


async def make_user(
    platform: Platform,
    firm: FirmInfo,
    *,
    roles: tuple[str, ...] = ("ADVISOR",),
    name: str = "Test Person",
    email: str | None = None,
    limited: bool = False,
    password: str = PASSWORD,
    book: tuple[str, ...] = (),
    accounts: tuple[str, ...] = (),
) -> TestUser:
    """An active person with password and authenticator. ``book``, ``accounts``: external ids granted."""
    address = email or f"p{new_id().hex[-16:]}@{firm.slug}.example"
    user = TestUser(name, address, roles, limited, password, book=book, accounts=accounts)
    await ensure_demo_users(platform, firm, [user])
    async with platform.db.reading(Binding(firm.id)) as reader:
        row = await repository.user_by_email(reader, address)
    assert row is not None
    user.id = UUID(str(row.id))
    return user


async def forget_code(platform: Platform, firm: FirmInfo, user: TestUser) -> None:
    """As if half a minute had passed: the same code may be used again."""
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        await uow.execute(
            update(users)
            .where(users.c.tenant_id == firm.id, users.c.id == user.id)
            .values(totp_last_step=None)
        )


async def caller_of(platform: Platform, firm: FirmInfo, user: TestUser, *, stepped_up: bool = True) -> Caller:
    """The caller behind a real session of this person; ``stepped_up=False``: its proof is too old."""
    tokens = await issue_development_token(platform, firm, user.email, minutes=60)
    if not stepped_up:
        async with platform.db.unit_of_work(Binding(firm.id)) as uow:
            await uow.execute(
                update(sessions)
                .where(sessions.c.tenant_id == firm.id, sessions.c.id == tokens.session_id)
                .values(stepped_up_until=None)
            )
    caller = await authenticate(platform, firm, tokens.access, via="bearer")
    assert caller is not None
    return caller


async def bearer_of(platform: Platform, firm: FirmInfo, user: TestUser) -> str:
    """An access token for ``Authorization: Bearer``."""
    return (await issue_development_token(platform, firm, user.email, minutes=60)).access


def a_request(ip_address: str = "192.0.2.7") -> RequestInfo:
    return RequestInfo(f"test-{time.monotonic_ns()}", ip_address, "tests")


class Browser:
    """A browser at one firm's host: keeps cookies, sends Origin and the CSRF token as the app does."""

    def __init__(self, app: ASGIApp, host: str, *, ip_address: str | None = None) -> None:
        self.host = host
        # Everybody comes from somewhere else: rate limits count by address.
        number = next(_addresses)
        ip_address = ip_address or f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        transport = httpx2.ASGITransport(app=app, client=(ip_address, 40_000), raise_app_exceptions=False)
        self.client = httpx2.AsyncClient(transport=transport, base_url=f"http://{host}")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.client.aclose()

    @property
    def csrf(self) -> str | None:
        return self.client.cookies.get("wn_csrf")

    def headers(self, **more: str | None) -> dict[str, str]:
        """What the app sends; a header given as None is left out."""
        found: dict[str, str | None] = {
            "origin": f"http://{self.host}",
            "x-csrf-token": self.csrf,
            **{name.replace("_", "-"): value for name, value in more.items()},
        }
        return {name: value for name, value in found.items() if value is not None}

    async def post(self, path: str, body: Any = None, **headers: str | None) -> httpx2.Response:
        return await self.client.post(
            path, json={} if body is None else body, headers=self.headers(**headers)
        )

    async def get(self, path: str, **headers: str) -> httpx2.Response:
        return await self.client.get(path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    async def sign_in(self, platform: Platform, firm: FirmInfo, user: TestUser) -> dict[str, Any]:
        """Both steps; returns the body of the last."""
        first = await self.post("/auth/sign-in", {"email": user.email, "password": user.password})
        assert first.status_code == 200, first.text
        await forget_code(platform, firm, user)
        second = await self.post("/auth/totp", {"challenge": first.json()["challenge"], "code": user.code()})
        assert second.status_code == 200, second.text
        body: dict[str, Any] = second.json()
        return body


async def signed_in_client(app: ASGIApp, platform: Platform, firm: FirmInfo, user: TestUser) -> Browser:
    """A browser in which this person has signed in."""
    browser = Browser(app, f"{firm.slug}.localhost")
    await browser.sign_in(platform, firm, user)
    return browser


ALL_ROLES = tuple(role.value for role in Role)
