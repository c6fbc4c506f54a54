"""Races, timing, servers that are away, https, WebSockets: the edges of signing in."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.identity import passwords as passwords_module
from wealthnexus.domain.identity.errors import TooBusy
from wealthnexus.domain.identity.models import sessions, users
from wealthnexus.domain.identity.passwords import Passwords
from wealthnexus.kit.ratelimit import RateLimiter
from wealthnexus.runtime import Platform, redis_client
from wealthnexus.web.app import create_app
from wealthnexus.web.context import ForeignOrigin, authenticate_request

from tests.factories import Browser, TestUser, a_request, bearer_of, signed_in_client
from tests.support.identity import nothing_changes, rows_of, set_columns, user_row

pytestmark = pytest.mark.database


async def test_one_code_sent_four_times_at_once_opens_one_session(
    platform: Platform, firm: FirmInfo, app: ASGIApp, person: TestUser
) -> None:
    browsers = [Browser(app, f"{firm.slug}.localhost") for _ in range(4)]
    challenges = []
    for browser in browsers:
        begun = await browser.post("/auth/sign-in", {"email": person.email, "password": person.password})
        challenges.append(begun.json()["challenge"])
    code = person.code()
    answers = await asyncio.gather(
        *(
            browser.post("/auth/totp", {"challenge": challenge, "code": code})
            for browser, challenge in zip(browsers, challenges, strict=True)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]
    assert len(await rows_of(platform, firm, sessions, sessions.c.user_id == person.id)) == 1


async def test_guesses_at_once_are_all_counted(
    platform: Platform, firm: FirmInfo, app: ASGIApp, person: TestUser
) -> None:
    browser = Browser(app, f"{firm.slug}.localhost")
    body = {"email": person.email, "password": "wrong"}
    answers = await asyncio.gather(*(browser.post("/auth/sign-in", body) for _ in range(12)))
    codes = sorted(answer.json()["error"]["code"] for answer in answers)
    assert codes == ["INVALID_CREDENTIALS"] * 4 + ["LOCKED"] * 8
    assert (await user_row(platform, firm, person.id)).failed_count == 5


async def test_a_right_password_among_guesses_does_not_slip_through_the_lock(
    platform: Platform, firm: FirmInfo, app: ASGIApp, person: TestUser
) -> None:
    """The password is checked before the lock is taken; the lock decides all the same."""
    browser = Browser(app, f"{firm.slug}.localhost")
    seen = asyncio.Event()

    class Slow(Passwords):
        async def verify(self, encoded: str | None, password: str) -> bool:
            result = await super().verify(encoded, password)
            if password == person.password:
                await seen.wait()
            return result

    slow = Slow(memory_kib=1_024, passes=1, lanes=1)
    app = create_app(platform=replace(platform, passwords=slow))
    late = asyncio.create_task(
        Browser(app, browser.host).post("/auth/sign-in", {"email": person.email, "password": person.password})
    )
    await asyncio.sleep(0.1)
    for _ in range(5):
        await browser.post("/auth/sign-in", {"email": person.email, "password": "wrong"})
    seen.set()
    answer = await late
    slow.close()
    assert (answer.status_code, answer.json()["error"]["code"]) == (423, "LOCKED")


@pytest.mark.parametrize("who", ["known", "unknown", "invited", "not an address"])
async def test_everybodys_password_is_checked_once(
    platform: Platform, firm: FirmInfo, person: TestUser, who: str
) -> None:
    """The answer takes one argon2 check, whether there is somebody or not."""
    checked: list[bool] = []

    class Counting(Passwords):
        def _verify(self, encoded: str, password: str) -> bool:
            checked.append(True)
            return super()._verify(encoded, password)

    counting = Counting(memory_kib=1_024, passes=1, lanes=1)
    email = {"not an address": "nobody", "unknown": "nobody@x.example"}.get(who, person.email)
    if who == "invited":
        await set_columns(platform, firm, users, person.id, status="INVITED", password_hash=None)
    browser = Browser(create_app(platform=replace(platform, passwords=counting)), f"{firm.slug}.localhost")
    answer = await browser.post("/auth/sign-in", {"email": email, "password": "wrong"})
    counting.close()
    assert answer.status_code == 401
    assert checked == [True]


async def test_too_many_checks_at_once_are_put_off(
    platform: Platform, firm: FirmInfo, person: TestUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords_module, "WAITING_MAX", 0)
    with pytest.raises(TooBusy):
        await platform.passwords.hash("x")
    browser = Browser(create_app(platform=platform), f"{firm.slug}.localhost")
    async with nothing_changes(platform, firm):
        answer = await browser.post("/auth/sign-in", {"email": person.email, "password": person.password})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "3")
    assert answer.json()["error"]["code"] == "LIMIT_EXCEEDED"


async def test_people_sign_in_while_redis_is_away(
    platform: Platform, firm: FirmInfo, person: TestUser
) -> None:
    away = redis_client("redis://127.0.0.1:1")
    started = time.monotonic()
    app = create_app(platform=replace(platform, redis=away, rates=RateLimiter(away)))
    browser = Browser(app, f"{firm.slug}.localhost")
    await browser.sign_in(platform, firm, person)
    assert (await browser.post("/auth/session")).status_code == 200
    stranger = await browser.post("/auth/sign-in", {"email": "nobody@x.example", "password": "wrong"})
    assert stranger.status_code == 401
    # Real accounts are locked by the database all the same.
    codes = [
        (await browser.post("/auth/sign-in", {"email": person.email, "password": "wrong"})).status_code
        for _ in range(6)
    ]
    assert codes == [401] * 4 + [423] * 2
    assert time.monotonic() - started < 10
    await away.aclose()


async def test_over_https_cookies_are_bound_to_host_and_tls(
    platform: Platform, firm: FirmInfo, person: TestUser
) -> None:
    settings = platform.settings.model_copy(update={"public_scheme": "https"})
    app = create_app(platform=replace(platform, settings=settings))
    browser = Browser(app, f"{firm.slug}.localhost")
    origin = f"https://{browser.host}"
    plain = await browser.post("/auth/sign-in", {"email": person.email, "password": person.password})
    assert (plain.status_code, plain.json()["error"]["code"]) == (403, "FOREIGN_ORIGIN")
    begun = await browser.post(
        "/auth/sign-in", {"email": person.email, "password": person.password}, origin=origin
    )
    done = await browser.post(
        "/auth/totp", {"challenge": begun.json()["challenge"], "code": person.code()}, origin=origin
    )
    assert done.status_code == 200
    assert done.headers["strict-transport-security"].startswith("max-age=")
    cookies = {cookie.split("=")[0]: cookie for cookie in done.headers.get_list("set-cookie")}
    assert set(cookies) == {"__Host-wn_access", "__Host-wn_csrf", "__Secure-wn_refresh"}
    assert all("; Secure" in cookie for cookie in cookies.values())
    assert "Path=/;" in cookies["__Host-wn_access"] + ";"
    assert "HttpOnly" in cookies["__Host-wn_access"]


def connection(
    app: Any, platform: Platform, firm: FirmInfo, kind: str, headers: dict[str, str]
) -> HTTPConnection:
    scope = {
        "type": kind,
        "path": "/graphql",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "state": {"firm": firm, "request_info": a_request()},
        "app": SimpleNamespace(state=SimpleNamespace(platform=platform)),
        **({"method": "GET"} if kind == "http" else {}),
    }
    return HTTPConnection(scope)


async def test_a_socket_is_believed_from_a_page_of_this_host_only(
    platform: Platform, firm: FirmInfo, app: ASGIApp, person: TestUser
) -> None:
    browser = await signed_in_client(app, platform, firm, person)
    facts = {"host": browser.host, "cookie": f"wn_access={browser.client.cookies.get('wn_access')}"}
    here = connection(app, platform, firm, "websocket", facts | {"origin": f"http://{browser.host}"})
    caller = await authenticate_request(here)
    assert caller is not None
    assert caller.user_id == person.id
    assert await authenticate_request(here) is caller
    for origin in ("https://evil.example", "null", None):
        headers = facts | ({"origin": origin} if origin else {})
        with pytest.raises(ForeignOrigin):
            await authenticate_request(connection(app, platform, firm, "websocket", headers))
    token = await bearer_of(platform, firm, person)
    by_bearer = connection(
        app, platform, firm, "websocket", {"host": browser.host, "authorization": f"Bearer {token}"}
    )
    assert await authenticate_request(by_bearer) is not None
