"""Signing in over HTTP: both factors, what is refused, locks, replays, recovery codes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from starlette.types import ASGIApp
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.identity.models import one_time_tokens, session_tokens, sessions, users
from wealthnexus.domain.identity.rules import totp
from wealthnexus.graphql.ids import to_global
from wealthnexus.kit import clock
from wealthnexus.kit.crypto import token_hash
from wealthnexus.runtime import Platform

from tests.factories import Browser, TestUser, forget_code, make_user, signed_in_client
from tests.support.identity import actions_on, events_on, nothing_changes, rows_of, set_columns, user_row

pytestmark = pytest.mark.database


@pytest.fixture
def browser(app: ASGIApp, firm: FirmInfo) -> Browser:
    return Browser(app, f"{firm.slug}.localhost")


async def challenge_of(browser: Browser, user: TestUser) -> str:
    answer = await browser.post("/auth/sign-in", {"email": user.email, "password": user.password})
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"next": "totp", "challenge": answer.json()["challenge"]}
    challenge: str = answer.json()["challenge"]
    return challenge


async def test_two_steps_open_a_session(
    platform: Platform, firm: FirmInfo, browser: Browser, person: TestUser
) -> None:
    challenge = await challenge_of(browser, person)
    assert not browser.client.cookies
    answer = await browser.post("/auth/totp", {"challenge": challenge, "code": person.code()})
    assert answer.status_code == 200
    body = answer.json()
    assert body["next"] == "done"
    assert body["viewer"] == {
        "id": to_global("User", person.id),
        "name": "Ada Quay",
        "email": person.email,
        "roles": ["ADVISOR"],
        "kind": "STAFF",
    }
    cookies = answer.headers.get_list("set-cookie")
    access = next(c for c in cookies if c.startswith("wn_access=wna_"))
    refresh = next(c for c in cookies if c.startswith("wn_refresh=wnr_"))
    csrf = next(c for c in cookies if c.startswith("wn_csrf="))
    assert "HttpOnly" in access
    assert "SameSite=lax" in access
    assert "Path=/;" in access + ";"
    assert "Max-Age=899" in access or "Max-Age=900" in access
    assert "HttpOnly" in refresh
    assert "SameSite=strict" in refresh
    assert "Path=/auth" in refresh
    assert "HttpOnly" not in csrf
    assert "SameSite=strict" in csrf
    assert not any("Domain=" in cookie for cookie in cookies)
    session = await browser.post("/auth/session")
    assert session.status_code == 200
    assert session.json()["viewer"]["id"] == to_global("User", person.id)
    assert await actions_on(platform, firm, person.id) == [
        "identity.user.activated",
        "identity.session.started",
    ]
    assert (await events_on(platform, firm, person.id))[-1] == "identity.session.started"
    assert (await user_row(platform, firm, person.id)).last_sign_in_at is not None


async def test_only_hashes_are_kept(
    platform: Platform, firm: FirmInfo, app: ASGIApp, person: TestUser
) -> None:
    browser = await signed_in_client(app, platform, firm, person)
    secrets = [value for name, value in browser.client.cookies.items() if name != "wn_csrf"]
    rows = await rows_of(platform, firm, session_tokens)
    for secret in secrets:
        assert any(row.token_hash == token_hash(secret) for row in rows)
        assert not any(secret.encode() in bytes(row.token_hash) for row in rows)
    user = await user_row(platform, firm, person.id)
    assert user.password_hash.startswith("$argon2id$")
    assert person.secret not in user.totp_secret


@pytest.mark.parametrize("email", ["right", "unknown", "not an address", "other firm"])
async def test_wrong_credentials_answer_alike(
    platform: Platform, firm: FirmInfo, other_firm: FirmInfo, browser: Browser, person: TestUser, email: str
) -> None:
    elsewhere = await make_user(platform, other_firm)
    address = {
        "right": person.email,
        "unknown": f"nobody-{person.email}",
        "not an address": "nobody",
        "other firm": elsewhere.email,
    }[email]
    password = elsewhere.password if email == "other firm" else "not the password"
    async with nothing_changes(platform, firm, other_firm):
        answer = await browser.post("/auth/sign-in", {"email": address, "password": password})
    assert answer.status_code == 401
    error = answer.json()["error"]
    assert error == {
        "code": "INVALID_CREDENTIALS",
        "message": "The e-mail or the password is not right. Nobody was signed in.",
        "requestId": error["requestId"],
    }
    assert not browser.client.cookies


@pytest.mark.parametrize("known", [True, False])
async def test_five_failures_lock_known_and_unknown_alike(
    platform: Platform, firm: FirmInfo, app: ASGIApp, person: TestUser, known: bool
) -> None:
    address = person.email if known else f"nobody-{person.email}"
    answers = []
    async with nothing_changes(platform, firm):
        for n in range(6):
            browser = Browser(app, f"{firm.slug}.localhost", ip_address=f"198.51.100.{n}")
            answer = await browser.post("/auth/sign-in", {"email": address, "password": "wrong"})
            answers.append((answer.status_code, answer.json()["error"]["code"]))
    assert answers == [(401, "INVALID_CREDENTIALS")] * 4 + [(423, "LOCKED")] * 2
    error = answer.json()["error"]
    assert 55 <= error["retryAfterSeconds"] <= 60
    assert answer.headers["retry-after"] == str(error["retryAfterSeconds"])
    assert error["message"] == "Too many failed attempts. Try again in 1 minute; nobody was signed in."
    # Not even the right password opens a locked account.
    if known:
        async with nothing_changes(platform, firm):
            answer = await browser.post("/auth/sign-in", {"email": address, "password": person.password})
        assert answer.status_code == 423
        actions = await actions_on(platform, firm, person.id)
        assert actions.count("identity.sign_in.failed") == 5
        assert actions.count("identity.user.locked") == 1


async def test_the_lock_doubles_and_ends(
    platform: Platform, firm: FirmInfo, browser: Browser, person: TestUser
) -> None:
    await set_columns(platform, firm, users, person.id, failed_count=5, locked_until=clock.now())
    answer = await browser.post("/auth/sign-in", {"email": person.email, "password": "wrong"})
    assert answer.json()["error"]["retryAfterSeconds"] == 120
    past = clock.now() - timedelta(seconds=1)
    await set_columns(platform, firm, users, person.id, locked_until=past)
    await browser.sign_in(platform, firm, person)
    row = await user_row(platform, firm, person.id)
    assert (row.failed_count, row.locked_until) == (0, None)


async def test_a_right_password_alone_does_not_clear_failures(
    platform: Platform, firm: FirmInfo, browser: Browser, person: TestUser
) -> None:
    await set_columns(platform, firm, users, person.id, failed_count=4)
    challenge = await challenge_of(browser, person)
    async with nothing_changes(platform, firm):
        answer = await browser.post("/auth/totp", {"challenge": challenge, "code": person.wrong_code()})
    assert (answer.status_code, answer.json()["error"]["code"]) == (423, "LOCKED")
    assert answer.json()["error"]["retryAfterSeconds"] == 60
    again = await browser.post("/auth/totp", {"challenge": challenge, "code": person.code()})
    assert again.status_code == 423
    assert not browser.client.cookies


async def test_a_wrong_code_is_refused_and_counted(
    platform: Platform, firm: FirmInfo, browser: Browser, person: TestUser
) -> None:
    challenge = await challenge_of(browser, person)
    async with nothing_changes(platform, firm):
        answer = await browser.post("/auth/totp", {"challenge": challenge, "code": person.wrong_code()})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "INVALID_CODE")
    assert (await user_row(platform, firm, person.id)).failed_count == 1
    assert not browser.client.cookies
    right = await browser.post("/auth/totp", {"challenge": challenge, "code": person.code()})
    assert right.status_code == 200


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "12 34 5a", "x" * 41])
async def test_what_is_no_code_is_refused(
    platform: Platform, firm: FirmInfo, browser: Browser, person: TestUser, code: str
) -> None:
    challenge = await challenge_of(browser, person)
    async with nothing_changes(platform, firm):
        answer = await browser.post("/auth/totp", {"challenge": challenge, "code": code})
    assert answer.status_code in (401, 422)
    assert not browser.client.cookies


async def test_a_code_works_once(
    platform: Platform, firm: FirmInfo, app: ASGIApp, browser: Browser, person: TestUser
) -> None:
    code = person.code()
    challenge = await challenge_of(browser, person)
    assert (await browser.post("/auth/totp", {"challenge": challenge, "code": code})).status_code == 200
    thief = Browser(app, f"{firm.slug}.localhost")
    challenge = await challenge_of(thief, person)
    async with nothing_changes(platform, firm):
        answer = await thief.post("/auth/totp", {"challenge": challenge, "code": code})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "INVALID_CODE")
    # The one before it is spent too, the next one is not.
    step = totp.step_of(clock.now())
    older = await thief.post(
        "/auth/totp", {"challenge": challenge, "code": totp.code_at(person.secret, step - 1)}
    )
    assert older.status_code == 401
    newer = await thief.post(
        "/auth/totp", {"challenge": challenge, "code": totp.code_at(person.secret, step + 1)}
    )
    assert newer.status_code == 200


async def test_a_challenge_works_once_and_not_for_ever(
    platform: Platform, firm: FirmInfo, app: ASGIApp, browser: Browser, person: TestUser
) -> None:
    challenge = await challenge_of(browser, person)
    assert (
        await browser.post("/auth/totp", {"challenge": challenge, "code": person.code()})
    ).status_code == 200
    await forget_code(platform, firm, person)
    async with nothing_changes(platform, firm):
        answer = await Browser(app, browser.host).post(
            "/auth/totp", {"challenge": challenge, "code": person.code()}
        )
    assert answer.status_code == 401
    assert answer.json()["error"]["message"].startswith("This sign-in has taken too long")
    late = await challenge_of(browser, person)
    with clock.frozen_at(clock.now() + timedelta(minutes=5, seconds=1)):
        answer = await Browser(app, browser.host).post(
            "/auth/totp", {"challenge": late, "code": person.code()}
        )
    assert answer.status_code == 401


async def test_five_wrong_codes_end_the_challenge(
    platform: Platform, firm: FirmInfo, browser: Browser, person: TestUser
) -> None:
    challenge = await challenge_of(browser, person)
    for _ in range(5):
        await set_columns(platform, firm, users, person.id, failed_count=0, locked_until=None)
        await browser.post("/auth/totp", {"challenge": challenge, "code": person.wrong_code()})
    await set_columns(platform, firm, users, person.id, failed_count=0, locked_until=None)
    answer = await browser.post("/auth/totp", {"challenge": challenge, "code": person.code()})
    assert answer.status_code == 401
    assert not browser.client.cookies
    rows = await rows_of(platform, firm, one_time_tokens, one_time_tokens.c.user_id == person.id)
    assert [(row.attempts, row.used_at is not None) for row in rows] == [(5, True)]


async def test_a_challenge_of_another_firm_is_unknown(
    platform: Platform, firm: FirmInfo, other_firm: FirmInfo, app: ASGIApp, browser: Browser, person: TestUser
) -> None:
    challenge = await challenge_of(browser, person)
    elsewhere = Browser(app, f"{other_firm.slug}.localhost")
    async with nothing_changes(platform, firm, other_firm):
        answer = await elsewhere.post("/auth/totp", {"challenge": challenge, "code": person.code()})
    assert answer.status_code == 401
    assert not elsewhere.client.cookies


@pytest.mark.parametrize("status", ["INVITED", "DEACTIVATED"])
async def test_people_who_are_not_active_are_strangers(
    platform: Platform, firm: FirmInfo, browser: Browser, person: TestUser, status: str
) -> None:
    challenge = await challenge_of(browser, person)
    await set_columns(platform, firm, users, person.id, status=status)
    async with nothing_changes(platform, firm):
        first = await browser.post("/auth/sign-in", {"email": person.email, "password": person.password})
        second = await browser.post("/auth/totp", {"challenge": challenge, "code": person.code()})
    assert (first.status_code, first.json()["error"]["code"]) == (401, "INVALID_CREDENTIALS")
    assert second.status_code == 401


async def test_outdated_hashes_are_made_anew(
    platform: Platform, firm: FirmInfo, browser: Browser, person: TestUser
) -> None:
    old = "$argon2id$v=19$m=512,t=1,p=1$"
    from argon2 import PasswordHasher

    weak = PasswordHasher(memory_cost=512, time_cost=1, parallelism=1).hash(person.password)
    assert weak.startswith(old)
    await set_columns(platform, firm, users, person.id, password_hash=weak)
    await browser.post("/auth/sign-in", {"email": person.email, "password": "wrong"})
    assert (await user_row(platform, firm, person.id)).password_hash == weak
    await browser.sign_in(platform, firm, person)
    renewed = (await user_row(platform, firm, person.id)).password_hash
    assert renewed.startswith("$argon2id$v=19$m=1024,t=1,p=1$")
    assert await platform.passwords.verify(renewed, person.password)


async def test_addresses_are_found_in_any_writing(browser: Browser, person: TestUser) -> None:
    answer = await browser.post(
        "/auth/sign-in", {"email": f"  {person.email.upper()} ", "password": person.password}
    )
    assert answer.status_code == 200


async def test_the_oldest_session_gives_way(platform: Platform, app: ASGIApp) -> None:
    from tests.factories import make_firm

    small = await make_firm(platform, limits={"sessions_per_user_max": 2})
    user = await make_user(platform, small)
    first = await signed_in_client(app, platform, small, user)
    second = await signed_in_client(app, platform, small, user)
    third = await signed_in_client(app, platform, small, user)
    assert (await first.post("/auth/session")).status_code == 401
    assert (await second.post("/auth/session")).status_code == 200
    assert (await third.post("/auth/session")).status_code == 200
    ended = [row.revoked_reason for row in await rows_of(platform, small, sessions) if row.revoked_at]
    assert ended == ["LIMIT"]
