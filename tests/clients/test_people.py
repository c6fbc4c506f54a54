"""People and entities: entered, changed, related, found, and their sensitive values shown."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from wealthnexus.domain.clients import repository as reads
from wealthnexus.domain.clients import service as clients
from wealthnexus.domain.clients.rules.party import PartyFacts
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.kit.db.session import Binding, UnitOfWork
from wealthnexus.kit.errors import Conflict, DomainError, NotFound, StepUpRequired, ValidationFailed
from wealthnexus.kit.ids import new_id
from wealthnexus.runtime import Platform

from tests.factories import caller_of, make_user
from tests.factories_clients import Family
from tests.factories_ledger import rows, scalar

pytestmark = pytest.mark.database
ANN = PartyFacts(
    kind="person",
    given_name="Ann",
    family_name="Lee",
    birth_date=date(1950, 5, 5),
    tax_id="219-09-9999",
    tax_id_type="SSN",
    citizenship="US",
)


@pytest.fixture
def family(platform: Platform, firm: FirmInfo) -> Family:
    return Family(platform, firm)


async def create(family: Family, facts: PartyFacts, **values: Any) -> clients.PartyChanged:
    return await family.do(lambda uow: clients.create_party(uow, family.firm, facts, **values))


async def refusal(family: Family, kind: type[DomainError], work: Any) -> DomainError:
    """What the verb refuses with; nothing of the firm's clients has changed."""
    before = await state(family)
    with pytest.raises(kind) as found:
        await family.do(work)
    assert await state(family) == before
    return found.value


async def state(family: Family) -> list[tuple[Any, ...]]:
    tables = (
        "parties", "party_contacts", "party_relationships", "party_ownerships", "account_owners",
        "household_members", "accounts", "households", "liabilities", "audit_events", "outbox", "notes",
    )  # fmt: skip
    sql = " union all ".join(
        f"select '{name}', count(*), md5(string_agg(x::text, '' order by x::text)) from {name} x"
        " where tenant_id = :t"
        for name in tables
    )
    return await rows(family.platform, family.firm, sql)


async def test_a_person_is_entered_and_nothing_sensitive_is_readable(family: Family) -> None:
    made = await create(family, ANN, external_id="C-1")
    assert made.version == 1
    found = await rows(
        family.platform, family.firm,
        "select name, name_normalised, tax_id_last4, source, external_id, kind, status, kyc_state,"
        " p::text from parties p where tenant_id = :t",
    )  # fmt: skip
    assert found[0][:8] == (
        "Ann Lee", "ann lee", "9999", "MANUAL", "C-1", "person", "active", "not_started",
    )  # fmt: skip
    everything = await rows(
        family.platform, family.firm,
        "select x::text from (select details::text || summary from audit_events where tenant_id = :t"
        " union all select payload::text from outbox where tenant_id = :t"
        " union all select label from subjects where tenant_id = :t"
        " union all select word from search_words where tenant_id = :t) x",
    )  # fmt: skip
    said = " ".join([found[0][8], *(row[0] for row in everything)])
    assert "219099999" not in said
    assert "219-09-9999" not in said
    assert "1950-05-05" not in said
    async with family.platform.db.reading(Binding(family.firm.id)) as reader:
        (group,) = await reads.search(reader, "lee ann")
        (by_key,) = await reads.search(reader, "c 1")
    assert [(hit.kind, hit.title) for hit in group.hits] == [("PARTY", "Ann Lee")]
    assert [hit.id for hit in by_key.hits] == [made.id]


@pytest.mark.parametrize(
    ("facts", "message", "path"),
    [
        (
            PartyFacts(kind="person", name="Cy Lee", birth_date=date(2021, 4, 1)),
            "Cy Lee: 1 field is not as expected; nothing was written",
            ("input", "birthDate"),
        ),
        (
            PartyFacts(kind="person", name="Cy Lee", tax_id="219-09-99990", tax_id_type="SSN"),
            "Cy Lee: 1 field is not as expected; nothing was written",
            ("input", "taxId"),
        ),
        (
            PartyFacts(kind="company", citizenship="UK", jurisdiction="DELAWARE"),
            "company: 3 fields are not as expected; nothing was written",
            ("input", "name"),
        ),
    ],
)  # fmt: skip
async def test_what_does_not_fit_is_refused_field_by_field(
    family: Family, facts: PartyFacts, message: str, path: tuple[str, ...]
) -> None:
    error = await refusal(family, ValidationFailed, lambda uow: clients.create_party(uow, family.firm, facts))
    assert (error.message, error.path) == (message, path)
    assert isinstance(error, ValidationFailed)
    shown = " ".join(str(problem.value) + problem.message for problem in error.problems)
    assert "2021-04-01" not in shown
    assert "21909" not in shown


async def test_two_people_have_no_tax_id_in_common_but_a_trust_shares_its_grantors(family: Family) -> None:
    await create(family, ANN)
    twin = PartyFacts(kind="person", name="Anna Li", tax_id="219 09 9999", tax_id_type="SSN")
    error = await refusal(family, Conflict, lambda uow: clients.create_party(uow, family.firm, twin))
    assert error.message == (
        "another person has this tax id: Ann Lee; nothing was written. Open that one instead."
    )
    trust = PartyFacts(kind="trust", name="Lee Family Trust", tax_id="219099999", tax_id_type="SSN")
    assert (await create(family, trust)).version == 1


async def test_only_what_is_given_changes_and_null_empties(family: Family) -> None:
    made = await create(family, ANN)

    async def change(version: int, **changes: Any) -> int:
        async def work(uow: UnitOfWork) -> clients.PartyChanged:
            return await clients.update_party(uow, family.firm, made.id, changes, expected_version=version)

        return (await family.do(work)).version

    sealed = await scalar(family.platform, family.firm, "select birth_date from parties where tenant_id = :t")
    assert await change(1, name="Ann Lee-Okafor", kyc_state="in_progress") == 2
    assert await change(2) == 2
    assert await change(2, kyc_state="in_progress") == 2
    kept = "select name, kyc_state, birth_date, tax_id_last4, citizenship from parties where tenant_id = :t"
    assert await rows(family.platform, family.firm, kept) == [
        ("Ann Lee-Okafor", "in_progress", sealed, "9999", "US")
    ]
    assert await change(2, citizenship=None, tax_id=None, tax_id_type=None) == 3
    assert await rows(family.platform, family.firm, kept) == [
        ("Ann Lee-Okafor", "in_progress", sealed, None, None)
    ]
    with pytest.raises(Conflict, match="version 1 was expected, it is 3; nothing was changed"):
        await change(1, name="Other")
    with pytest.raises(ValidationFailed):
        await change(3, ended_on=date(1950, 5, 4))  # judged together with the birth date that is kept
    with pytest.raises(NotFound):
        await family.do(lambda uow: clients.update_party(uow, family.firm, new_id(), {}, expected_version=1))
    async with family.platform.db.reading(Binding(family.firm.id)) as reader:
        assert [hit.title for g in await reads.search(reader, "okafor") for hit in g.hits] == [
            "Ann Lee-Okafor"
        ]


async def test_contacts_are_set_whole(family: Family) -> None:
    ann = await family.person("Ann Lee")
    contacts = [
        clients.Contact("email", "home", " ann@example.com ", is_primary=True),
        clients.Contact("phone", "mobile", "+1 (212) 555-0147"),
        clients.Contact("address", "home", "1  Elm Street\n\nSpringfield, IL"),
    ]
    done = await family.do(lambda uow: clients.set_party_contacts(uow, ann, contacts, expected_version=1))
    assert done.version == 2
    assert await rows(
        family.platform, family.firm,
        "select kind, label, value, is_primary from party_contacts where tenant_id = :t order by kind",
    ) == [
        ("address", "home", "1 Elm Street\nSpringfield, IL", False),
        ("email", "home", "ann@example.com", True),
        ("phone", "mobile", "+1 (212) 555-0147", False),
    ]  # fmt: skip
    bad = [
        clients.Contact("email", "home", "ann at example", is_primary=True),
        clients.Contact("email", "work", "a@example.com", is_primary=True),
        clients.Contact("pigeon", "home", "grey"),
    ]
    error = await refusal(
        family, ValidationFailed, lambda uow: clients.set_party_contacts(uow, ann, bad, expected_version=2)
    )
    assert isinstance(error, ValidationFailed)
    assert [(problem.path[1:], problem.message) for problem in error.problems] == [
        (("contacts", "0", "value"), "expected an e-mail address such as ann@example.com"),
        (("contacts", "1", "isPrimary"), "expected one primary contact of the kind email at most"),
        (("contacts", "2", "kind"), "expected one of email, phone, address"),
    ]


async def test_relationships_hold_from_day_to_day(family: Family) -> None:
    ann, ben = await family.person("Ann Lee"), await family.person("Ben Lee")

    def relate(party: Any, kind: str, related: Any, **days: date) -> Any:
        return lambda uow: clients.relate_parties(uow, family.firm, party, kind, related, **days)

    made = await family.do(relate(ann, "spouse", ben, effective_from=date(1980, 6, 1)))
    error = await refusal(family, Conflict, relate(ben, "spouse", ann))
    assert error.message == "Ben Lee is spouse of Ann Lee already on 31 Mar 2021; nothing was written"
    await refusal(family, ValidationFailed, relate(ann, "spouse", ann))
    await refusal(family, ValidationFailed, relate(ann, "nemesis", ben))
    await family.do(lambda uow: clients.end_relationship(uow, made.id, date(2010, 1, 1)))
    await family.do(relate(ann, "former_spouse", ben, effective_from=date(2010, 1, 1)))
    assert await rows(
        family.platform, family.firm,
        "select kind, effective_from, effective_to, superseded_version is null from party_relationships"
        " where tenant_id = :t order by book_version, kind",
    ) == [
        ("spouse", date(1980, 6, 1), None, False),
        ("spouse", date(1980, 6, 1), date(2010, 1, 1), True),
        ("former_spouse", date(2010, 1, 1), None, True),
    ]  # fmt: skip
    await refusal(family, NotFound, lambda uow: clients.end_relationship(uow, made.id, date(2011, 1, 1)))


async def test_a_sensitive_value_is_shown_for_a_reason_and_remembered(family: Family) -> None:
    made = await create(family, ANN)
    advisor = await make_user(family.platform, family.firm, roles=("ADVISOR",))
    caller = await caller_of(family.platform, family.firm, advisor)

    def reveal(field: str, reason: str = "Form W-9", subject: Any = made.id, who: Any = caller) -> Any:
        return lambda uow: clients.reveal_sensitive(uow, who, subject, field, reason)

    assert await family.do(reveal("tax_id")) == "219099999"
    assert await family.do(reveal("birth_date")) == "1950-05-05"
    assert await rows(
        family.platform, family.firm,
        "select action, details ->> 'field' from audit_events where tenant_id = :t"
        " and action = 'clients.sensitive.revealed' order by occurred_at",
    ) == [("clients.sensitive.revealed", "tax_id"), ("clients.sensitive.revealed", "birth_date")]  # fmt: skip
    said = await scalar(
        family.platform, family.firm,
        "select string_agg(a::text, ' ') from audit_events a where tenant_id = :t",
    )  # fmt: skip
    assert "219099999" not in said
    assert "W-9" not in said
    error = await refusal(family, ValidationFailed, reveal("tax_id", "  "))
    assert error.message == "the reason has 0 characters, expected 1 to 500; nothing was done"
    await refusal(family, NotFound, reveal("tax_id", subject=new_id()))
    await refusal(family, ValidationFailed, reveal("account_number"))
    bare = await family.person("Ben Lee")
    error = await refusal(family, NotFound, reveal("birth_date", subject=bare))
    assert error.message == "no birth date is kept of this party; nothing was shown"
    stale = await caller_of(family.platform, family.firm, advisor, stepped_up=False)
    await refusal(family, StepUpRequired, reveal("tax_id", who=stale))
