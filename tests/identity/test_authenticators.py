"""A lost authenticator: two people take it away, the person begins anew by e-mail, nobody else can."""

from __future__ import annotations

import base64
import dataclasses
from typing import Any

import pytest
from starlette.types import ASGIApp
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.identity.caller import Caller
from wealthnexus.domain.identity.models import recovery_codes, users
from wealthnexus.domain.identity.rules import totp
from wealthnexus.domain.identity.service.authenticators import reset_authenticator
from wealthnexus.domain.identity.tasks import compose
from wealthnexus.kit import clock
from wealthnexus.kit.errors import Conflict, PermissionDenied, PolicyBlocked, StepUpRequired, ValidationFailed
from wealthnexus.kit.ids import new_id
from wealthnexus.runtime import Platform

from tests.factories import Browser, TestUser, caller_of, make_user, signed_in_client
from tests.identity.test_administration import admin, decide, officer
from tests.support.identity import (
    actions_on,
    events_on,
    newest_mail,
    nothing_changes,
    rows_of,
    set_columns,
    user_row,
)

pytestmark = pytest.mark.database


async def ask(
    platform: Platform, caller: Caller, user: TestUser, version: int = 1, reason: str = "Lost"
) -> Any:
    async with platform.db.unit_of_work(caller.binding(), actor=caller.actor()) as uow:
        return await reset_authenticator(uow, caller, user.id, expected_version=version, reason=reason)


async def test_a_lost_authenticator_is_reset_and_the_person_begins_anew(
    platform: Platform, firm: FirmInfo, app: ASGIApp, person: TestUser
) -> None:
    browser = await signed_in_client(app, platform, firm, person)
    request = await ask(platform, await admin(platform, firm), person)
    assert (request.kind, request.state) == ("identity.reset_authenticator", "PENDING")
    assert (await user_row(platform, firm, person.id)).mfa_enrolled_at is not None
    assert (await browser.post("/auth/session")).status_code == 200

    assert (await decide(platform, await officer(platform, firm), request)).state == "EXECUTED"
    row = await user_row(platform, firm, person.id)
    assert (row.totp_secret, row.totp_last_step, row.mfa_enrolled_at, row.password_hash) == (None,) * 4
    assert (row.status, row.version) == ("ACTIVE", 2)
    assert await rows_of(platform, firm, recovery_codes, recovery_codes.c.user_id == person.id) == []
    assert (await browser.post("/auth/session")).status_code == 401
    assert "identity.second_factor.reset" in await actions_on(platform, firm, person.id)
    assert "identity.second_factor.reset" in await events_on(platform, firm, person.id)

    # Whoever knows the old password gets nowhere; the link in the person's own mail leads on.
    fresh = Browser(app, f"{firm.slug}.localhost")
    old = await fresh.post("/auth/sign-in", {"email": person.email, "password": person.password})
    assert (old.status_code, old.json()["error"]["code"]) == (401, "INVALID_CREDENTIALS")
    template, recipient, params = await newest_mail(platform, firm, person.id)
    assert (template, recipient) == ("authenticator_reset", person.email)
    new = {"token": params["token"], "password": "eleven quiet herons at dusk"}
    assert (await fresh.post("/auth/password-reset/confirm", new)).status_code == 200
    step = await fresh.post("/auth/sign-in", {"email": person.email, "password": new["password"]})
    assert step.json()["next"] == "enrol"
    secret = base32_bytes(step.json()["secret"])
    code = totp.code_at(secret, totp.step_of(clock.now()))
    done = await fresh.post("/auth/enrol", {"challenge": step.json()["challenge"], "code": code})
    assert (done.status_code, len(done.json()["recoveryCodes"])) == (200, 10)


def base32_bytes(text: str) -> bytes:
    return base64.b32decode(text + "=" * (-len(text) % 8))


async def test_the_mail_names_the_firm_and_carries_the_link(platform: Platform, firm: FirmInfo) -> None:
    mail = compose(
        platform.settings,
        firm,
        template="authenticator_reset",
        recipient="ada@quay.example",
        params={"name": "Ada Quay", "token": "wno_x", "until": "2021-03-31T18:00:00+00:00"},
        mail_id=new_id(),
    )
    assert mail.subject == f"Your authenticator at {firm.name} was reset"
    assert "/reset-password#token=wno_x" in mail.body
    assert "If you did not ask for this" in mail.body


async def test_who_may_not_ask_for_it_changes_nothing(
    platform: Platform, firm: FirmInfo, person: TestUser
) -> None:
    boss = await admin(platform, firm)
    own = dataclasses.replace(person, id=boss.user_id)
    advisor = await caller_of(platform, firm, person)
    unenrolled = await make_user(platform, firm)
    await set_columns(platform, firm, users, unenrolled.id, mfa_enrolled_at=None)
    gone = await make_user(platform, firm)
    await set_columns(platform, firm, users, gone.id, status="DEACTIVATED")
    async with nothing_changes(platform, firm):
        with pytest.raises(PermissionDenied):
            await ask(platform, advisor, person)
        with pytest.raises(Conflict):
            await ask(platform, boss, person, version=7)
        with pytest.raises(ValidationFailed):
            await ask(platform, boss, person, reason=" ")
        with pytest.raises(PolicyBlocked, match="has no authenticator"):
            await ask(platform, boss, unenrolled)
        with pytest.raises(PolicyBlocked, match="is DEACTIVATED, expected ACTIVE"):
            await ask(platform, boss, gone)
        with pytest.raises(PolicyBlocked, match="Nobody can do this to themselves"):
            await ask(platform, boss, own)


async def test_an_old_proof_does_not_suffice(platform: Platform, firm: FirmInfo, person: TestUser) -> None:
    boss = await admin(platform, firm, stepped_up=False)
    with pytest.raises(StepUpRequired):
        await ask(platform, boss, person)


async def test_neither_maker_nor_the_person_concerned_is_the_second_person(
    platform: Platform, firm: FirmInfo
) -> None:
    maker = await admin(platform, firm)
    concerned = await make_user(platform, firm, roles=("COMPLIANCE",))
    request = await ask(platform, maker, concerned)
    with pytest.raises(PolicyBlocked):
        await decide(platform, maker, request)
    failed = await decide(platform, await caller_of(platform, firm, concerned), request)
    assert failed.state == "FAILED"
    assert (await user_row(platform, firm, concerned.id)).mfa_enrolled_at is not None


async def test_a_change_in_between_and_a_maker_who_left_fail_the_request(
    platform: Platform, firm: FirmInfo, person: TestUser
) -> None:
    maker = await admin(platform, firm)
    request = await ask(platform, maker, person)
    await set_columns(platform, firm, users, maker.user_id, status="DEACTIVATED")
    failed = await decide(platform, await officer(platform, firm), request)
    assert failed.state == "FAILED"
    assert "may no longer ask for it" in str(failed.outcome)
    assert (await user_row(platform, firm, person.id)).mfa_enrolled_at is not None
