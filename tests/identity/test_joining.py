"""Joining by invitation, enrolling an authenticator, recovery codes, a new password by e-mail."""

from __future__ import annotations

import asyncio
import base64
from datetime import timedelta

import pytest
from starlette.types import ASGIApp
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.identity.models import mail_messages, recovery_codes, users
from wealthnexus.domain.identity.permissions import Role
from wealthnexus.domain.identity.rules import totp
from wealthnexus.domain.identity.service.joining import invite_user, resend_invitation
from wealthnexus.kit import clock
from wealthnexus.kit.db.platform_tables import jobs
from wealthnexus.kit.errors import Conflict, LimitExceeded, NotFound, PermissionDenied, ValidationFailed
from wealthnexus.kit.ids import new_id
from wealthnexus.runtime import Platform

from tests.factories import (
    PASSWORD,
    Browser,
    TestUser,
    caller_of,
    forget_code,
    make_firm,
    make_user,
    signed_in_client,
)
from tests.support.identity import actions_on, events_on, newest_mail, nothing_changes, rows_of, user_row

pytestmark = pytest.mark.database


async def invite(platform: Platform, firm: FirmInfo, by: str = "FIRM_ADMIN", **facts: object) -> tuple:
    """The new person's id, address and the token of the link."""
    caller = await caller_of(platform, firm, await make_user(platform, firm, roles=(by,)))
    email = f"new{new_id().hex[-12:]}@{firm.slug}.example"
    wanted = {"email": email, "name": "Nils Åberg", "roles": frozenset({Role.ADVISOR}), **facts}
    async with platform.db.unit_of_work(caller.binding(), actor=caller.actor()) as uow:
        user_id = await invite_user(uow, caller, **wanted)
    _, recipient, params = await newest_mail(platform, firm, user_id)
    assert recipient == wanted["email"]
    return user_id, wanted["email"], params["token"]


def code_for(secret_base32: str, steps: int = 0) -> str:
    secret = base64.b32decode(secret_base32 + "=" * (-len(secret_base32) % 8))
    return totp.code_at(secret, totp.step_of(clock.now()) + steps)


async def test_from_invitation_to_session(platform: Platform, firm: FirmInfo, app: ASGIApp) -> None:
    user_id, email, token = await invite(platform, firm)
    row = await user_row(platform, firm, user_id)
    assert (row.status, row.kind, row.scope, row.password_hash) == ("INVITED", "STAFF", "firm", None)
    assert row.name_normalised == "nils aberg"
    browser = Browser(app, f"{firm.slug}.localhost")
    inspected = await browser.post("/auth/invitation/inspect", {"token": token})
    assert inspected.json() == {"email": email, "name": "Nils Åberg", "firmName": "North Quay Advisors"}
    accepted = await browser.post("/auth/invitation/accept", {"token": token, "password": PASSWORD})
    assert accepted.status_code == 200, accepted.text
    step = accepted.json()
    assert step["next"] == "enrol"
    assert step["otpauthUri"].startswith("otpauth://totp/North%20Quay%20Advisors%3Anew")
    assert f"secret={step['secret']}" in step["otpauthUri"]
    assert step["qrSvg"].startswith("<svg")
    assert "<script" not in step["qrSvg"]
    assert not browser.client.cookies
    wrong = await browser.post(
        "/auth/enrol", {"challenge": step["challenge"], "code": code_for(step["secret"], 5)}
    )
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (401, "INVALID_CODE")
    done = await browser.post(
        "/auth/enrol", {"challenge": step["challenge"], "code": code_for(step["secret"])}
    )
    assert done.status_code == 200
    body = done.json()
    assert body["next"] == "done"
    assert len(set(body["recoveryCodes"])) == 10
    assert body["recoveryCodesLeft"] == 10
    assert (await browser.post("/auth/session")).status_code == 200
    assert await actions_on(platform, firm, user_id) == [
        "identity.user.invited",
        "identity.user.activated",
        "identity.sign_in.failed",
        "identity.second_factor.enrolled",
        "identity.session.started",
    ]
    assert [e for e in await events_on(platform, firm, user_id) if e.startswith("identity.")] == [
        "identity.user.invited",
        "identity.user.activated",
        "identity.second_factor.enrolled",
        "identity.session.started",
    ]


async def test_the_mail_goes_out_with_the_transaction(platform: Platform, firm: FirmInfo) -> None:
    user_id, email, token = await invite(platform, firm)
    (mail,) = await rows_of(platform, firm, mail_messages, mail_messages.c.user_id == user_id)
    assert mail.state == "QUEUED"
    assert email.encode() not in bytes(mail.recipient)
    assert token.encode() not in bytes(mail.params)
    (job,) = await rows_of(platform, firm, jobs, jobs.c.dedupe_key == str(mail.id))
    assert (job.kind, job.params) == ("identity.send_mail", {"mailId": str(mail.id)})
    caller = await caller_of(platform, firm, await make_user(platform, firm, roles=("FIRM_ADMIN",)))

    async def invite_and_fail() -> None:
        async with platform.db.unit_of_work(caller.binding(), actor=caller.actor()) as uow:
            await invite_user(
                uow, caller, email="late@x.example", name="Late", roles=frozenset({Role.TRADER})
            )
            raise RuntimeError

    async with nothing_changes(platform, firm):
        with pytest.raises(RuntimeError):
            await invite_and_fail()


@pytest.mark.parametrize("use", ["inspect", "accept"])
@pytest.mark.parametrize("state", ["used", "expired", "unknown", "replaced", "other firm"])
async def test_a_link_that_is_over_opens_nothing(
    platform: Platform, firm: FirmInfo, other_firm: FirmInfo, app: ASGIApp, use: str, state: str
) -> None:
    user_id, _, token = await invite(platform, firm)
    browser = Browser(app, f"{(other_firm if state == 'other firm' else firm).slug}.localhost")
    instant = clock.now()
    if state == "used":
        assert (
            await browser.post("/auth/invitation/accept", {"token": token, "password": PASSWORD})
        ).status_code == 200
    elif state == "expired":
        instant += timedelta(days=7, seconds=1)
    elif state == "unknown":
        token = "wno_unknown"
    elif state == "replaced":
        caller = await caller_of(platform, firm, await make_user(platform, firm, roles=("FIRM_ADMIN",)))
        async with platform.db.unit_of_work(caller.binding(), actor=caller.actor()) as uow:
            await resend_invitation(uow, caller, user_id)
    body = {"token": token} if use == "inspect" else {"token": token, "password": PASSWORD}
    async with nothing_changes(platform, firm, other_firm):
        with clock.frozen_at(instant):
            answer = await browser.post(f"/auth/invitation/{use}", body)
    assert answer.status_code == (404 if use == "inspect" else 410)
    assert answer.json()["error"]["code"] == ("NOT_FOUND" if use == "inspect" else "EXPIRED")


async def test_a_weak_password_leaves_the_invitation_open(
    platform: Platform, firm: FirmInfo, app: ASGIApp
) -> None:
    _, _, token = await invite(platform, firm)
    browser = Browser(app, f"{firm.slug}.localhost")
    async with nothing_changes(platform, firm):
        answer = await browser.post("/auth/invitation/accept", {"token": token, "password": "short"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "VALIDATION_FAILED")
    assert answer.json()["error"]["path"] == ["password"]
    assert (
        await browser.post("/auth/invitation/accept", {"token": token, "password": PASSWORD})
    ).status_code == 200


async def test_two_who_accept_at_once_are_one(platform: Platform, firm: FirmInfo, app: ASGIApp) -> None:
    _, _, token = await invite(platform, firm)
    browser = Browser(app, f"{firm.slug}.localhost")
    body = {"token": token, "password": PASSWORD}
    answers = await asyncio.gather(*(browser.post("/auth/invitation/accept", body) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 410, 410, 410]


async def test_an_enrolment_cannot_replace_another(platform: Platform, firm: FirmInfo, app: ASGIApp) -> None:
    """Two enrolments begin; the second to finish must not swap the authenticator of the first."""
    _, email, token = await invite(platform, firm)
    browser = Browser(app, f"{firm.slug}.localhost")
    first = (await browser.post("/auth/invitation/accept", {"token": token, "password": PASSWORD})).json()
    second = (await browser.post("/auth/sign-in", {"email": email, "password": PASSWORD})).json()
    assert second["next"] == "enrol"
    assert first["secret"] != second["secret"]
    done = await browser.post(
        "/auth/enrol", {"challenge": first["challenge"], "code": code_for(first["secret"])}
    )
    assert done.status_code == 200
    async with nothing_changes(platform, firm):
        late = await Browser(app, browser.host).post(
            "/auth/enrol", {"challenge": second["challenge"], "code": code_for(second["secret"])}
        )
    assert late.status_code == 401
    assert (await browser.post("/auth/sign-in", {"email": email, "password": PASSWORD})).json()[
        "next"
    ] == "totp"


async def test_a_recovery_code_works_once(platform: Platform, firm: FirmInfo, app: ASGIApp) -> None:
    user_id, email, token = await invite(platform, firm)
    browser = Browser(app, f"{firm.slug}.localhost")
    step = (await browser.post("/auth/invitation/accept", {"token": token, "password": PASSWORD})).json()
    done = await browser.post(
        "/auth/enrol", {"challenge": step["challenge"], "code": code_for(step["secret"])}
    )
    codes = done.json()["recoveryCodes"]
    rows = await rows_of(platform, firm, recovery_codes, recovery_codes.c.user_id == user_id)
    assert not any(code.encode() in bytes(row.code_hash) for code in codes for row in rows)

    async def challenge() -> str:
        answer = await browser.post("/auth/sign-in", {"email": email, "password": PASSWORD})
        return str(answer.json()["challenge"])

    typed = codes[3].upper().replace("-", " ")
    used = await browser.post("/auth/totp", {"challenge": await challenge(), "code": typed})
    assert used.status_code == 200
    assert used.json()["recoveryCodesLeft"] == 9
    assert "recoveryCodes" not in used.json()
    waiting = await challenge()
    async with nothing_changes(platform, firm):
        again = await browser.post("/auth/totp", {"challenge": waiting, "code": codes[3]})
    assert (again.status_code, again.json()["error"]["code"]) == (401, "INVALID_CODE")
    other = await browser.post("/auth/totp", {"challenge": waiting, "code": codes[4]})
    assert other.status_code == 200
    assert other.json()["recoveryCodesLeft"] == 8


async def test_a_recovery_code_is_its_owners(
    platform: Platform, firm: FirmInfo, app: ASGIApp, person: TestUser
) -> None:
    _, _, token = await invite(platform, firm)
    browser = Browser(app, f"{firm.slug}.localhost")
    step = (await browser.post("/auth/invitation/accept", {"token": token, "password": PASSWORD})).json()
    done = await browser.post(
        "/auth/enrol", {"challenge": step["challenge"], "code": code_for(step["secret"])}
    )
    code = done.json()["recoveryCodes"][0]
    begun = await browser.post("/auth/sign-in", {"email": person.email, "password": person.password})
    async with nothing_changes(platform, firm):
        answer = await browser.post("/auth/totp", {"challenge": begun.json()["challenge"], "code": code})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("by", "roles", "error", "said"),
    [
        ("READ_ONLY", {"CLIENT"}, PermissionDenied, "users.invite is not among what your roles"),
        ("COMPLIANCE", {"READ_ONLY"}, PermissionDenied, "users.invite is not among"),
        ("ADVISOR", {"ADVISOR"}, PermissionDenied, "Your roles do not allow giving ADVISOR"),
        ("OPERATIONS", {"TRADER"}, PermissionDenied, "Your roles do not allow giving TRADER"),
        ("FIRM_ADMIN", {"FIRM_ADMIN"}, ValidationFailed, "FIRM_ADMIN is given by a change of roles"),
        ("FIRM_ADMIN", {"COMPLIANCE", "TRADER"}, ValidationFailed, "COMPLIANCE is given by a change"),
        ("FIRM_ADMIN", {"ADVISOR", "CLIENT"}, ValidationFailed, "ADVISOR, CLIENT mixes the firm's staff"),
        ("FIRM_ADMIN", set(), ValidationFailed, "No role was given, expected at least one"),
    ],
)  # fmt: skip
async def test_who_may_not_invite_whom(
    platform: Platform, firm: FirmInfo, by: str, roles: set[str], error: type[Exception], said: str
) -> None:
    caller = await caller_of(platform, firm, await make_user(platform, firm, roles=(by,)))
    async with nothing_changes(platform, firm):
        with pytest.raises(error) as caught:
            async with platform.db.unit_of_work(caller.binding(), actor=caller.actor()) as uow:
                await invite_user(
                    uow, caller, email="x@y.example", name="X", roles=frozenset(Role(role) for role in roles)
                )
    assert said in str(caught.value)


async def test_an_address_is_taken_once_per_firm(
    platform: Platform, firm: FirmInfo, other_firm: FirmInfo, person: TestUser
) -> None:
    with pytest.raises(Conflict, match="Somebody with this e-mail is at the firm already"):
        await invite(platform, firm, email=person.email.upper())
    user_id, _, _ = await invite(platform, other_firm, email=person.email)
    assert (await user_row(platform, other_firm, user_id)).status == "INVITED"


async def test_the_tier_limits_how_many_people(platform: Platform) -> None:
    small = await make_firm(platform, limits={"users_max": 3})
    admin = await make_user(platform, small, roles=("FIRM_ADMIN",))
    caller = await caller_of(platform, small, admin)

    async def one(n: int) -> object:
        try:
            async with platform.db.unit_of_work(caller.binding(), actor=caller.actor()) as uow:
                return await invite_user(
                    uow, caller, email=f"p{n}@x.example", name="P", roles=frozenset({Role.TRADER})
                )
        except LimitExceeded as error:
            return str(error)

    results = await asyncio.gather(*(one(n) for n in range(5)))
    refused = [result for result in results if isinstance(result, str)]
    assert refused == ["The firm has 3 people, its tier allows 3; nobody was invited."] * 3
    assert len(await rows_of(platform, small, users)) == 3


async def test_clients_are_always_limited(platform: Platform, firm: FirmInfo) -> None:
    user_id, _, _ = await invite(platform, firm, "ADVISOR", roles=frozenset({Role.CLIENT}), scope="firm")
    row = await user_row(platform, firm, user_id)
    assert (row.kind, row.scope) == ("CLIENT", "limited")


async def test_roles_for_the_whole_firm_are_not_limited(platform: Platform, firm: FirmInfo) -> None:
    caller = await caller_of(platform, firm, await make_user(platform, firm, roles=("FIRM_ADMIN",)))
    async with nothing_changes(platform, firm):
        with pytest.raises(ValidationFailed) as refused:
            async with platform.db.unit_of_work(caller.binding(), actor=caller.actor()) as uow:
                await invite_user(
                    uow, caller, email="x@y.example", name="X", roles=frozenset({Role.OPERATIONS}),
                    scope="limited",
                )  # fmt: skip
    assert refused.value.message == (
        "OPERATIONS cannot be limited to a book: expected access to the whole firm, or another role."
        " Nothing was changed."
    )


async def test_resending_is_for_those_who_wait(
    platform: Platform, firm: FirmInfo, other_firm: FirmInfo, person: TestUser
) -> None:
    caller = await caller_of(platform, firm, await make_user(platform, firm, roles=("FIRM_ADMIN",)))
    stranger, _, _ = await invite(platform, other_firm)
    async with nothing_changes(platform, firm, other_firm):
        with pytest.raises(Conflict, match=r"this person is ACTIVE\. Nothing was sent"):
            async with platform.db.unit_of_work(caller.binding(), actor=caller.actor()) as uow:
                await resend_invitation(uow, caller, person.id)
        with pytest.raises(NotFound, match=f"There is no person {stranger} here"):
            async with platform.db.unit_of_work(caller.binding(), actor=caller.actor()) as uow:
                await resend_invitation(uow, caller, stranger)


# A new password by e-mail.


async def reset_token(platform: Platform, firm: FirmInfo, app: ASGIApp, user: TestUser) -> str:
    browser = Browser(app, f"{firm.slug}.localhost")
    answer = await browser.post("/auth/password-reset/request", {"email": user.email})
    assert (answer.status_code, answer.json()) == (200, {})
    template, recipient, params = await newest_mail(platform, firm, user.id)
    assert (template, recipient) == ("password_reset", user.email)
    return str(params["token"])


async def test_a_reset_ends_every_session_and_keeps_the_authenticator(
    platform: Platform, firm: FirmInfo, app: ASGIApp, person: TestUser
) -> None:
    open_elsewhere = await signed_in_client(app, platform, firm, person)
    token = await reset_token(platform, firm, app, person)
    browser = Browser(app, open_elsewhere.host)
    fresh = "eleven lanterns under the quay"
    answer = await browser.post("/auth/password-reset/confirm", {"token": token, "password": fresh})
    assert (answer.status_code, answer.json()) == (200, {})
    assert (await open_elsewhere.post("/auth/session")).status_code == 401
    old = await browser.post("/auth/sign-in", {"email": person.email, "password": person.password})
    assert old.status_code == 401
    person.password = fresh
    await forget_code(platform, firm, person)
    await browser.sign_in(platform, firm, person)
    template, _, _ = await newest_mail(platform, firm, person.id)
    assert template == "password_changed"
    assert "identity.password.changed" in await actions_on(platform, firm, person.id)
    async with nothing_changes(platform, firm):
        again = await browser.post(
            "/auth/password-reset/confirm", {"token": token, "password": "yet another long password"}
        )
    assert (again.status_code, again.json()["error"]["code"]) == (410, "EXPIRED")


async def test_a_reset_lifts_the_lock(
    platform: Platform, firm: FirmInfo, app: ASGIApp, person: TestUser
) -> None:
    browser = Browser(app, f"{firm.slug}.localhost")
    for _ in range(5):
        await browser.post("/auth/sign-in", {"email": person.email, "password": "wrong"})
    token = await reset_token(platform, firm, app, person)
    person.password = "eleven lanterns under the quay"
    answer = await browser.post("/auth/password-reset/confirm", {"token": token, "password": person.password})
    assert answer.status_code == 200
    await browser.sign_in(platform, firm, person)


async def test_a_newer_link_replaces_the_older_and_ends_after_an_hour(
    platform: Platform, firm: FirmInfo, app: ASGIApp, person: TestUser
) -> None:
    first = await reset_token(platform, firm, app, person)
    second = await reset_token(platform, firm, app, person)
    browser = Browser(app, f"{firm.slug}.localhost")
    async with nothing_changes(platform, firm):
        old = await browser.post("/auth/password-reset/confirm", {"token": first, "password": "x" * 12})
        with clock.frozen_at(clock.now() + timedelta(hours=1, seconds=1)):
            late = await browser.post("/auth/password-reset/confirm", {"token": second, "password": "x" * 12})
        weak = await browser.post("/auth/password-reset/confirm", {"token": second, "password": "x" * 12})
    assert [old.status_code, late.status_code, weak.status_code] == [410, 410, 422]


@pytest.mark.parametrize("who", ["nobody", "invited", "no address"])
async def test_a_reset_tells_nobody_who_is_here(
    platform: Platform, firm: FirmInfo, app: ASGIApp, who: str
) -> None:
    email = {"nobody": "nobody@x.example", "invited": "", "no address": "nobody"}[who]
    if who == "invited":
        _, email, _ = await invite(platform, firm)
    browser = Browser(app, f"{firm.slug}.localhost")
    async with nothing_changes(platform, firm):
        answer = await browser.post("/auth/password-reset/request", {"email": email})
    assert (answer.status_code, answer.json()) == (200, {})
    assert answer.elapsed >= timedelta(seconds=0.24)


async def test_a_person_is_not_flooded_with_links(
    platform: Platform, firm: FirmInfo, app: ASGIApp, person: TestUser
) -> None:
    for _ in range(7):
        answer = await Browser(app, f"{firm.slug}.localhost").post(
            "/auth/password-reset/request", {"email": person.email}
        )
        assert (answer.status_code, answer.json()) == (200, {})
    mails = await rows_of(platform, firm, mail_messages, mail_messages.c.user_id == person.id)
    assert len(mails) == 5


async def test_rate_limits_per_address(app: ASGIApp, firm: FirmInfo) -> None:
    browser = Browser(app, f"{firm.slug}.localhost", ip_address="203.0.113.9")
    # One more may follow every two seconds: on a slow machine the thirty-first still does.
    answers = [await browser.post("/auth/invitation/inspect", {"token": "x"}) for _ in range(30)]
    assert [answer.status_code for answer in answers] == [404] * 30
    while answers[-1].status_code == 404 and len(answers) < 45:
        answers.append(await browser.post("/auth/invitation/inspect", {"token": "x"}))
    error = answers[-1].json()["error"]
    assert error["code"] == "LIMIT_EXCEEDED"
    assert 1 <= error["retryAfterSeconds"] <= 2
    assert answers[-1].headers["retry-after"] == str(error["retryAfterSeconds"])
    elsewhere = Browser(app, browser.host, ip_address="203.0.113.10")
    assert (await elsewhere.post("/auth/invitation/inspect", {"token": "x"})).status_code == 404
