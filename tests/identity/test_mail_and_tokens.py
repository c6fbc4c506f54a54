"""E-mails over real SMTP into the local mailbox; bearers for development; the demo's people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, select
from wealthnexus.demo.enrolment import ensure_demo_users
from wealthnexus.demo.people import users_of
from wealthnexus.domain.clients.models import accounts, household_accounts, households
from wealthnexus.domain.clients.repository import search
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.identity.directory import (
    PeopleFilter,
    count_people_of,
    grants_page,
    people_by_ids,
    people_page,
)
from wealthnexus.domain.identity.models import mail_messages, users
from wealthnexus.domain.identity.permissions import Role, kind_of
from wealthnexus.domain.identity.service.development import issue_development_token
from wealthnexus.domain.identity.service.joining import add_invited_user
from wealthnexus.domain.identity.service.sessions import authenticate
from wealthnexus.domain.identity.tasks import public_origin, send_mail
from wealthnexus.domain.work import register_subject
from wealthnexus.integrations.smtp import MailRefused, MailUnavailable, OutgoingMail, SmtpMailer
from wealthnexus.integrations.smtp.simulator import LocalMailServer, read_mailbox
from wealthnexus.kit import clock
from wealthnexus.kit.context import internal_request
from wealthnexus.kit.db.platform_tables import jobs
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.errors import NotFound, PolicyBlocked
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.jobs import JobContext, find_job
from wealthnexus.kit.paging import PageRequest
from wealthnexus.runtime import Platform

from tests.factories import TestUser, caller_of, make_firm, make_user
from tests.support.identity import nothing_changes, rows_of, set_columns

pytestmark = pytest.mark.database


def a_mail(**changes: str) -> OutgoingMail:
    facts = {
        "message_id": "one",
        "firm_slug": "quay",
        "sender_name": "Quay & Söhne",
        "recipient": "ana@quay.example",
        "subject": "Grüße",
        "body": "Line one\nhttps://quay.example/x#token=abc\n",
    }
    return OutgoingMail(**(facts | changes))


async def test_mail_is_sent_over_smtp_and_kept_per_firm(tmp_path) -> None:
    server = LocalMailServer(tmp_path)
    mailer = SmtpMailer(f"smtp://127.0.0.1:{await server.start()}", sender="no-reply@quay.example")
    try:
        await mailer.send(a_mail())
        await mailer.send(a_mail(subject="Second", firm_slug="other"))
        (mail,) = read_mailbox(tmp_path, "quay")
        assert (mail.recipient, mail.subject) == ("ana@quay.example", "Grüße")
        assert mail.body.replace("\r\n", "\n") == "Line one\nhttps://quay.example/x#token=abc\n"
        assert [mail.subject for mail in read_mailbox(tmp_path, "other")] == ["Second"]
        with pytest.raises(MailRefused, match="the server answered 550"):
            await mailer.send(a_mail(firm_slug="../etc"))
        assert sorted(path.name for path in tmp_path.iterdir()) == ["other", "quay"]
    finally:
        await server.stop()
    with pytest.raises(MailUnavailable, match=r"127\.0\.0\.1:\d+ cannot be reached"):
        await mailer.send(a_mail())


def test_headers_cannot_be_smuggled() -> None:
    from wealthnexus.integrations.smtp.client import as_message

    with pytest.raises(ValueError, match="linefeed or carriage return"):
        as_message(a_mail(subject="Hello\nBcc: all@firm.com"), sender="no-reply@quay.example")


async def run_job(platform: Platform, firm: FirmInfo, mail_id: UUID) -> None:
    """The handler as the worker runs it, on the job's own row."""
    (row,) = await rows_of(platform, firm, jobs, jobs.c.dedupe_key == str(mail_id))
    await set_columns(platform, firm, jobs, row.id, state="RUNNING", attempts=1)
    async with platform.db.reading(Binding(firm.id)) as reader:
        job = await find_job(reader, row.id)
    assert job is not None
    await send_mail(JobContext(platform, platform.db, job, attempt=1, request=internal_request("test")))


async def test_an_invitation_arrives_with_its_link(platform: Platform) -> None:
    firm = await make_firm(platform, name="Quay & Partners")
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        user_id = await add_invited_user(
            uow, firm, email="Nils@Quay.example", name="Nils Å", roles=frozenset({Role.FIRM_ADMIN})
        )
    (mail,) = await rows_of(platform, firm, mail_messages, mail_messages.c.user_id == user_id)
    await run_job(platform, firm, mail.id)
    (kept,) = read_mailbox(platform.mailbox, firm.slug)
    assert kept.recipient == "Nils@Quay.example"
    assert kept.subject == "Your access to Quay & Partners"
    assert f"http://{firm.slug}.localhost" in kept.body
    assert "/invitation#token=wno_" in kept.body
    token = kept.body.split("#token=")[1].split()[0]
    (after,) = await rows_of(platform, firm, mail_messages, mail_messages.c.id == mail.id)
    assert (after.state, after.attempts, after.sent_at is not None) == ("SENT", 1, True)
    assert token.encode() not in bytes(after.params)
    (job,) = await rows_of(platform, firm, jobs, jobs.c.dedupe_key == str(mail.id))
    assert (job.state, job.result) == ("SUCCEEDED", {"state": "SENT"})


async def test_a_mail_that_was_sent_is_not_sent_again(platform: Platform) -> None:
    firm = await make_firm(platform)
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        await add_invited_user(uow, firm, email="a@b.example", name="A", roles=frozenset({Role.TRADER}))
    (mail,) = await rows_of(platform, firm, mail_messages)
    await run_job(platform, firm, mail.id)
    await run_job(platform, firm, mail.id)
    assert len(read_mailbox(platform.mailbox, firm.slug)) == 1


def test_links_lead_to_the_firms_own_host(platform: Platform) -> None:
    settings = platform.settings
    here = settings.model_copy(update={"port": 8123})
    assert public_origin(here, "quay") == "http://quay.localhost:8123"
    live = settings.model_copy(
        update={"port": 8123, "public_scheme": "https", "base_domain": "wealth.example"}
    )
    assert public_origin(live, "quay") == "https://quay.wealth.example"


async def test_a_development_token_acts_as_one_person_for_a_while(
    platform: Platform, firm: FirmInfo, person: TestUser
) -> None:
    issued = await issue_development_token(platform, firm, person.email.upper())
    caller = await authenticate(platform, firm, issued.access, via="bearer")
    assert caller is not None
    assert (caller.user_id, caller.via, caller.roles) == (person.id, "bearer", {Role.ADVISOR})
    with clock.frozen_at(clock.now() + timedelta(minutes=15, seconds=1)):
        assert await authenticate(platform, firm, issued.access, via="bearer") is None


async def test_without_a_name_it_is_the_first_administrator(platform: Platform) -> None:
    firm = await make_firm(platform)
    with pytest.raises(NotFound, match=f"{firm.slug} has no active administrator yet"):
        await issue_development_token(platform, firm)
    admin = await make_user(platform, firm, roles=("FIRM_ADMIN",))
    issued = await issue_development_token(platform, firm)
    caller = await authenticate(platform, firm, issued.access, via="bearer")
    assert caller is not None
    assert caller.user_id == admin.id
    await set_columns(platform, firm, users, admin.id, status="DEACTIVATED")
    with pytest.raises(NotFound, match=f"No active person at {firm.slug} has the e-mail"):
        await issue_development_token(platform, firm, admin.email)


async def test_production_issues_no_tokens_and_no_demo(
    platform: Platform, firm: FirmInfo, person: TestUser
) -> None:
    live = replace(platform, settings=platform.settings.model_copy(update={"environment": "production"}))
    async with nothing_changes(platform, firm):
        with pytest.raises(PolicyBlocked, match="for development only and refused in production"):
            await issue_development_token(live, firm, person.email)
        with pytest.raises(PolicyBlocked, match="refused in production"):
            await ensure_demo_users(live, firm, [person])


async def test_the_demos_people_are_made_once(platform: Platform) -> None:
    firm = await make_firm(platform)
    people = users_of("summit")
    assert await ensure_demo_users(platform, firm, people) == len(people)
    async with nothing_changes(platform, firm):
        assert await ensure_demo_users(platform, firm, people) == 0
    async with platform.db.reading(Binding(firm.id)) as reader:
        assert await count_people_of(reader, PeopleFilter()) == len(people)
        clients = await people_page(reader, PeopleFilter(kind="CLIENT"), PageRequest(50))
        expected = [person.name for person in people if kind_of(frozenset(person.roles)) == "CLIENT"]
        assert len(expected) >= 2
        assert [row.name for row in clients.rows] == sorted(expected)
        assert {row.scope for row in clients.rows} == {"limited"}
        first = await people_page(reader, PeopleFilter(), PageRequest(4))
        rest = await people_page(reader, PeopleFilter(), PageRequest(50, first.cursors[-1]))
        assert first.has_next
        names = [row.name for row in (*first.rows, *rest.rows)]
        assert names == sorted(person.name for person in people)
        found = await people_page(reader, PeopleFilter(name_contains="RAMAN"), PageRequest(5))
        assert [row.roles for row in found.rows] == [["ADVISOR"]]
        admins = await count_people_of(reader, PeopleFilter(role=Role.FIRM_ADMIN, statuses=("ACTIVE",)))
        assert admins == 1
        by_id = await people_by_ids(reader, [row.id for row in first.rows])
        assert set(by_id) == {row.id for row in first.rows}
        (found_people,) = await search(reader, "priya", ["USER"], 5)
        assert [(hit.title, hit.subtitle) for hit in found_people.hits] == [
            ("Priya Raman", "priya.raman@summitridge.example")
        ]
        grants = await grants_page(reader, PageRequest(10))
        assert not grants.rows  # no books were imported: nothing to grant
        assert await reader.rows(households.select().where(households.c.tenant_id == firm.id)) == []


async def test_a_demo_advisor_sees_exactly_the_own_households(platform: Platform) -> None:
    firm = await make_firm(platform)
    names = ("H-1", "H-2", "H-3", "H-9")
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        ids = {name: new_id() for name in (*names, "A-1", "A-2", "A-9")}
        for name, key in ids.items():
            kind = "household" if name.startswith("H") else "account"
            await register_subject(uow, key, kind, name)
            facts = {"id": key, "source": "test", "external_id": name, "name": name, "name_normalised": name,
                     "created_at": clock.now(), "version": 1, "tenant_id": firm.id}  # fmt: skip
            if kind == "account":
                facts |= {
                    "account_type": "IRA",
                    "tax_status": "DEFERRED",
                    "currency": "USD",
                    "lot_method": "FIFO",
                }
            await uow.execute(insert(households if kind == "household" else accounts).values(**facts))
        for household, account in (("H-1", "A-1"), ("H-2", "A-2"), ("H-9", "A-9")):
            await uow.execute(
                insert(household_accounts).values(
                    tenant_id=firm.id, id=new_id(), household_id=ids[household], account_id=ids[account],
                    effective_from=date(2015, 1, 1), book_version=1,
                )
            )  # fmt: skip
    # H-3 has no account yet, H-9 is another advisor's.
    advisor = TestUser("Lu Advisor", f"lu@{firm.slug}.example", ("ADVISOR",), limited=True, book=names[:3])
    other = TestUser("Bo Advisor", f"bo@{firm.slug}.example", ("ADVISOR",))
    client = TestUser("Cy Client", f"cy@{firm.slug}.example", ("CLIENT",), limited=True, book=("H-1",))
    guardian = TestUser("Gu Guard", f"gu@{firm.slug}.example", ("GUARDIAN",), limited=True, accounts=("A-2",))
    advisors = {"H-1": advisor.email, "H-2": advisor.email, "H-3": advisor.email, "H-9": other.email}
    people = (advisor, other, client, guardian)
    assert await ensure_demo_users(platform, firm, people, advisors) == 4
    async with nothing_changes(platform, firm):
        assert await ensure_demo_users(platform, firm, people, advisors) == 0
    expected = {
        advisor.email: ({"H-1", "H-2", "H-3"}, {"A-1", "A-2"}),
        other.email: (set(names), {"A-1", "A-2", "A-9"}),
        client.email: ({"H-1"}, {"A-1"}),
        guardian.email: (set(), {"A-2"}),
    }
    for user in people:
        caller = await caller_of(platform, firm, user)
        async with platform.db.reading(caller.binding()) as reader:
            seen = [
                {row.external_id for row in await reader.rows(
                    select(table.c.external_id).where(table.c.tenant_id == firm.id)
                )}
                for table in (households, accounts)
            ]  # fmt: skip
        assert tuple(seen) == expected[user.email], user.name
