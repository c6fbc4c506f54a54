"""Sessions: CSRF, origin, refresh and its reuse, expiry, revocation, step-up, the other firm's host."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from starlette.types import ASGIApp
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.identity.models import session_tokens, sessions, users
from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.domain.identity.rules import totp
from wealthnexus.domain.identity.service.sessions import (
    authenticate,
    is_session_open,
    revoke_other_sessions,
    revoke_session,
)
from wealthnexus.domain.work.models import findings
from wealthnexus.kit import clock
from wealthnexus.kit.errors import NotFound, PermissionDenied
from wealthnexus.runtime import Platform

from tests.factories import (
    Browser,
    TestUser,
    bearer_of,
    caller_of,
    forget_code,
    make_user,
    signed_in_client,
)
from tests.support.identity import actions_on, nothing_changes, rows_of, set_columns, stored

pytestmark = pytest.mark.database


async def test_a_session_is_of_one_firm(
    platform: Platform, firm: FirmInfo, other_firm: FirmInfo, app: ASGIApp, person: TestUser
) -> None:
    browser = await signed_in_client(app, platform, firm, person)
    access, csrf = browser.client.cookies.get("wn_access"), browser.csrf
    refresh = browser.client.cookies.get("wn_refresh")
    host = f"{other_firm.slug}.localhost"
    elsewhere = Browser(app, host)
    async with nothing_changes(platform, firm, other_firm):
        for path in ("/auth/session", "/auth/step-up", "/auth/refresh"):
            answer = await elsewhere.client.post(
                path,
                json={"code": person.code()},
                headers={"origin": f"http://{host}", "x-csrf-token": csrf or "",
                         "cookie": f"wn_access={access}; wn_refresh={refresh}"},
            )  # fmt: skip
            assert answer.status_code == 401, path
    token = await bearer_of(platform, firm, person)
    assert await authenticate(platform, other_firm, token, via="bearer") is None
    assert await authenticate(platform, firm, token, via="bearer") is not None
    # A bearer is no cookie and a cookie no bearer.
    assert await authenticate(platform, firm, token, via="cookie") is None
    assert await authenticate(platform, firm, access or "", via="bearer") is None


@pytest.mark.parametrize("path", ["/auth/session", "/auth/step-up", "/auth/refresh", "/auth/sign-out"])
@pytest.mark.parametrize("token", [None, "", "wrong", "another session"])
async def test_without_the_sessions_csrf_token_nothing_is_done(
    platform: Platform, firm: FirmInfo, app: ASGIApp, person: TestUser, path: str, token: str | None
) -> None:
    browser = await signed_in_client(app, platform, firm, person)
    if token == "another session":
        token = (await signed_in_client(app, platform, firm, person)).csrf
    await forget_code(platform, firm, person)
    async with nothing_changes(platform, firm):
        answer = await browser.post(path, {"code": person.code()}, x_csrf_token=token)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "CSRF")
    assert (await browser.post("/auth/session")).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "https://evil.example",
        "http://localhost",
        "{other}",
        "{self}:8000",
        "https{self}",
        "{self}.evil",
    ],
)
async def test_foreign_origins_are_refused(
    platform: Platform,
    firm: FirmInfo,
    other_firm: FirmInfo,
    app: ASGIApp,
    person: TestUser,
    origin: str | None,
) -> None:
    browser = await signed_in_client(app, platform, firm, person)
    if origin is not None:
        origin = origin.replace("{other}", f"http://{other_firm.slug}.localhost")
        origin = origin.replace("https{self}", f"https://{browser.host}")
        origin = origin.replace("{self}", f"http://{browser.host}")
    async with nothing_changes(platform, firm):
        for path in ("/auth/sign-out", "/auth/session", "/auth/password-reset/request"):
            answer = await browser.post(path, {"email": person.email}, origin=origin)
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "FOREIGN_ORIGIN"), path
        sign_in = await browser.post(
            "/auth/sign-in", {"email": person.email, "password": person.password}, origin=origin
        )
    assert sign_in.status_code == 403


async def test_the_port_belongs_to_the_origin(app: ASGIApp, firm: FirmInfo, person: TestUser) -> None:
    browser = Browser(app, f"{firm.slug}.localhost:8123")
    answer = await browser.post("/auth/sign-in", {"email": person.email, "password": person.password})
    assert answer.status_code == 200


async def test_access_ends_after_its_time_and_refresh_brings_it_back(
    platform: Platform, firm: FirmInfo, app: ASGIApp, person: TestUser
) -> None:
    browser = await signed_in_client(app, platform, firm, person)
    old = browser.client.cookies.get("wn_access") or ""
    with clock.frozen_at(clock.now() + timedelta(minutes=15, seconds=1)):
        assert await authenticate(platform, firm, old, via="cookie") is None
        answer = await browser.post("/auth/refresh")
        assert answer.status_code == 200
        assert answer.json() == {"accessExpiresAt": answer.json()["accessExpiresAt"]}
        assert browser.client.cookies.get("wn_access") != old
        assert (await browser.post("/auth/session")).status_code == 200
    ended = clock.now() + timedelta(days=14, seconds=1)
    with clock.frozen_at(ended):
        answer = await browser.post("/auth/refresh")
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "SESSION_REVOKED")


async def test_two_tabs_that_refresh_at_once_receive_the_same(
    platform: Platform, firm: FirmInfo, app: ASGIApp, person: TestUser
) -> None:
    first = await signed_in_client(app, platform, firm, person)
    second = Browser(app, first.host)
    second.client.cookies = first.client.cookies
    answers = await asyncio.gather(*(tab.post("/auth/refresh") for tab in (first, second, first, second)))
    assert {answer.status_code for answer in answers} == {200}
    values = {
        tuple(c.split(";")[0] for c in sorted(answer.headers.get_list("set-cookie"))) for answer in answers
    }
    assert len(values) == 1
    (session,) = [
        row
        for row in await rows_of(platform, firm, sessions, sessions.c.user_id == person.id)
        if row.kind == "cookie"
    ]
    assert session.revoked_at is None
    tokens = await rows_of(platform, firm, session_tokens, session_tokens.c.session_id == session.id)
    assert sorted(row.kind for row in tokens) == ["access", "access", "refresh", "refresh"]
    assert (await first.post("/auth/session")).status_code == 200


async def test_a_second_refresh_behind_a_used_successor_is_told_to_try_again(
    platform: Platform, firm: FirmInfo, app: ASGIApp, person: TestUser
) -> None:
    browser = await signed_in_client(app, platform, firm, person)
    late = Browser(app, browser.host)
    for name in ("wn_access", "wn_refresh", "wn_csrf"):
        path = "/auth" if name == "wn_refresh" else "/"
        late.client.cookies.set(name, browser.client.cookies.get(name) or "", path=path)
    assert (await browser.post("/auth/refresh")).status_code == 200
    assert (await browser.post("/auth/refresh")).status_code == 200
    async with nothing_changes(platform, firm):
        answer = await late.post("/auth/refresh")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "CONFLICT")
    assert (await browser.post("/auth/session")).status_code == 200


async def test_reuse_of_an_old_refresh_token_ends_the_whole_session(
    platform: Platform, firm: FirmInfo, app: ASGIApp, person: TestUser
) -> None:
    browser = await signed_in_client(app, platform, firm, person)
    unharmed = await signed_in_client(app, platform, firm, person)
    stolen = browser.client.cookies.get("wn_refresh") or ""
    assert (await browser.post("/auth/refresh")).status_code == 200
    thief = Browser(app, browser.host)
    thief.client.cookies.set("wn_refresh", stolen, path="/auth")
    thief.client.cookies.set("wn_csrf", browser.csrf or "", path="/")
    with clock.frozen_at(clock.now() + timedelta(seconds=11)):
        answer = await thief.post("/auth/refresh")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "SESSION_REVOKED")
    assert "an old token of it was used" in answer.json()["error"]["message"]
    assert all("Max-Age=0" in cookie for cookie in answer.headers.get_list("set-cookie"))
    # The rightful owner is out as well: access token, and the newest refresh token.
    assert (await browser.post("/auth/session")).status_code == 401
    again = await browser.post("/auth/refresh")
    assert (again.status_code, again.json()["error"]["code"]) == (401, "SESSION_REVOKED")
    assert (await unharmed.post("/auth/session")).status_code == 200
    reasons = [
        row.revoked_reason for row in await rows_of(platform, firm, sessions, sessions.c.user_id == person.id)
    ]
    assert sorted(str(reason) for reason in reasons) == ["None", "REFRESH_TOKEN_REUSED"]
    assert (await actions_on(platform, firm, person.id))[-1] == "identity.session.revoked"
    (finding,) = await rows_of(platform, firm, findings, findings.c.subject_id == person.id)
    assert (finding.code, finding.severity, finding.state) == ("REFRESH_TOKEN_REUSED", "WARNING", "OPEN")


async def test_refresh_without_cookie_or_with_an_unknown_one(
    platform: Platform, firm: FirmInfo, app: ASGIApp, person: TestUser
) -> None:
    browser = Browser(app, f"{firm.slug}.localhost")
    async with nothing_changes(platform, firm):
        none = await browser.post("/auth/refresh")
        browser.client.cookies.set("wn_refresh", "wnr_unknown", path="/auth")
        unknown = await browser.post("/auth/refresh")
    assert [none.status_code, unknown.status_code] == [401, 401]


async def test_signing_out_ends_the_session_and_clears_the_cookies(
    platform: Platform, firm: FirmInfo, app: ASGIApp, person: TestUser
) -> None:
    browser = await signed_in_client(app, platform, firm, person)
    copies = dict(browser.client.cookies.items())
    answer = await browser.post("/auth/sign-out")
    assert (answer.status_code, answer.json()) == (200, {})
    assert not browser.client.cookies
    assert await authenticate(platform, firm, copies["wn_access"], via="cookie") is None
    again = await browser.post("/auth/sign-out")
    assert again.status_code == 200


async def test_a_deactivated_person_is_out_at_once(
    platform: Platform, firm: FirmInfo, app: ASGIApp, person: TestUser
) -> None:
    browser = await signed_in_client(app, platform, firm, person)
    await set_columns(platform, firm, users, person.id, status="DEACTIVATED")
    assert (await browser.post("/auth/session")).status_code == 401
    answer = await browser.post("/auth/refresh")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "SESSION_REVOKED")


async def test_step_up_opens_sensitive_acts_for_a_while(
    platform: Platform, firm: FirmInfo, app: ASGIApp, person: TestUser
) -> None:
    browser = await signed_in_client(app, platform, firm, person)
    access = browser.client.cookies.get("wn_access") or ""
    caller = await authenticate(platform, firm, access, via="cookie")
    assert caller is not None
    assert caller.is_stepped_up()  # it has just shown both factors
    with clock.frozen_at(clock.now() + timedelta(minutes=5, seconds=1)):
        caller = await authenticate(platform, firm, access, via="cookie")
        assert caller is not None
        assert not caller.is_stepped_up()
        answer = await browser.post("/auth/step-up", {"code": person.code()})
        assert answer.status_code == 200
        assert answer.json() == {"steppedUpUntil": answer.json()["steppedUpUntil"]}
        caller = await authenticate(platform, firm, access, via="cookie")
        assert caller is not None
        assert caller.is_stepped_up()
        async with nothing_changes(platform, firm):
            replay = await browser.post("/auth/step-up", {"code": person.code()})
        assert (replay.status_code, replay.json()["error"]["code"]) == (401, "INVALID_CODE")


async def test_step_up_takes_a_code_and_failures_lock(
    platform: Platform, firm: FirmInfo, app: ASGIApp, person: TestUser
) -> None:
    browser = await signed_in_client(app, platform, firm, person)
    async with nothing_changes(platform, firm):
        password = await browser.post("/auth/step-up", {"password": person.password})
        answers = [await browser.post("/auth/step-up", {"code": person.wrong_code()}) for _ in range(5)]
    assert password.status_code == 401
    assert "takes a code from your authenticator" in password.json()["error"]["message"]
    assert [answer.status_code for answer in answers] == [401] * 4 + [423]
    anonymous = await Browser(app, browser.host).post("/auth/step-up", {"code": person.code()})
    assert (anonymous.status_code, anonymous.json()["error"]["code"]) == (401, "UNAUTHENTICATED")


async def test_own_sessions_are_ended_by_their_owner(
    platform: Platform, firm: FirmInfo, app: ASGIApp, person: TestUser
) -> None:
    browser = await signed_in_client(app, platform, firm, person)
    caller = await caller_of(platform, firm, person)
    other = next(
        row for row in await rows_of(platform, firm, sessions, sessions.c.user_id == person.id)
        if row.id != caller.session_id
    )  # fmt: skip
    assert await is_session_open(platform, firm, other.id)
    async with platform.db.unit_of_work(caller.binding(), actor=caller.actor()) as uow:
        await revoke_session(uow, caller, other.id)
    assert not await is_session_open(platform, firm, other.id)
    assert (await browser.post("/auth/session")).status_code == 401
    await signed_in_client(app, platform, firm, person)
    async with platform.db.unit_of_work(caller.binding(), actor=caller.actor()) as uow:
        assert await revoke_other_sessions(uow, caller) == 1
        assert await revoke_other_sessions(uow, caller) == 0
    assert await is_session_open(platform, firm, caller.session_id)


@pytest.mark.parametrize(("role", "limited"), [("ADVISOR", False), ("ADVISOR", True), ("CLIENT", True)])
async def test_nobody_ends_anothers_session_without_permission(
    platform: Platform, firm: FirmInfo, person: TestUser, role: str, limited: bool
) -> None:
    victim = await caller_of(platform, firm, person)
    intruder = await caller_of(
        platform, firm, await make_user(platform, firm, roles=(role,), limited=limited)
    )
    assert not intruder.may(Permission.SESSIONS_REVOKE)
    before = await stored(platform, firm)
    with pytest.raises(NotFound, match=f"There is no session {victim.session_id} that you may end"):
        async with platform.db.unit_of_work(intruder.binding(), actor=intruder.actor()) as uow:
            await revoke_session(uow, intruder, victim.session_id)
    with pytest.raises(PermissionDenied, match=r"sessions\.revoke is not among what your roles allow"):
        async with platform.db.unit_of_work(intruder.binding(), actor=intruder.actor()) as uow:
            await revoke_other_sessions(uow, intruder, person.id)
    assert await stored(platform, firm) == before


async def test_compliance_ends_anybodys_session_but_not_at_another_firm(
    platform: Platform, firm: FirmInfo, other_firm: FirmInfo, person: TestUser
) -> None:
    victim = await caller_of(platform, firm, person)
    foreign = await caller_of(
        platform, other_firm, await make_user(platform, other_firm, roles=("COMPLIANCE",))
    )
    async with nothing_changes(platform, firm, other_firm):
        with pytest.raises(NotFound):
            async with platform.db.unit_of_work(foreign.binding(), actor=foreign.actor()) as uow:
                await revoke_session(uow, foreign, victim.session_id)
        with pytest.raises(NotFound):
            async with platform.db.unit_of_work(foreign.binding(), actor=foreign.actor()) as uow:
                await revoke_other_sessions(uow, foreign, person.id)
    officer = await caller_of(platform, firm, await make_user(platform, firm, roles=("COMPLIANCE",)))
    async with platform.db.unit_of_work(officer.binding(), actor=officer.actor()) as uow:
        await revoke_session(uow, officer, victim.session_id)
    (row,) = await rows_of(platform, firm, sessions, sessions.c.id == victim.session_id)
    assert row.revoked_reason == "REVOKED_BY_FIRM"


async def test_a_client_signs_in_by_the_portals_role(
    platform: Platform, firm: FirmInfo, app: ASGIApp
) -> None:
    client = await make_user(platform, firm, roles=("CLIENT",), limited=True)
    browser = await signed_in_client(app, platform, firm, client)
    caller = await authenticate(platform, firm, browser.client.cookies.get("wn_access") or "", via="cookie")
    assert caller is not None
    assert (caller.kind, caller.scope, caller.binding().role) == ("CLIENT", "limited", "portal")
    own = await caller_of(platform, firm, client)
    async with platform.db.unit_of_work(own.binding(), actor=own.actor()) as uow:
        assert await revoke_other_sessions(uow, own) == 1
    assert (await browser.post("/auth/session")).status_code == 401


async def test_last_seen_is_kept_at_most_once_a_minute(
    platform: Platform, firm: FirmInfo, app: ASGIApp, person: TestUser
) -> None:
    browser = await signed_in_client(app, platform, firm, person)
    access = browser.client.cookies.get("wn_access") or ""

    async def seen() -> object:
        (row,) = await rows_of(platform, firm, sessions, sessions.c.user_id == person.id)
        return row.last_seen_at

    at_start = await seen()
    await authenticate(platform, firm, access, via="cookie")
    assert await seen() == at_start
    later = clock.now() + timedelta(seconds=61)
    with clock.frozen_at(later):
        await authenticate(platform, firm, access, via="cookie")
    assert await seen() == later


async def test_codes_of_the_step_up_are_not_recovery_codes(
    platform: Platform, firm: FirmInfo, app: ASGIApp, person: TestUser
) -> None:
    browser = await signed_in_client(app, platform, firm, person)
    answer = await browser.post("/auth/step-up", {"code": "aaaaa-bbbbb"})
    assert answer.status_code == 401
    step = totp.step_of(clock.now())
    right = await browser.post("/auth/step-up", {"code": totp.code_at(person.secret, step + 1)})
    assert right.status_code == 200
