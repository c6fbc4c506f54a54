"""Owners, beneficiaries, memberships, accounts, debts and books: what is accepted, what is refused."""

from __future__ import annotations

import asyncio
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from wealthnexus.domain.clients import repository as reads
from wealthnexus.domain.clients import service as clients
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger.service import Posted, TransactionCommand, post_transaction
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.errors import Conflict, NotFound, PermissionDenied, ValidationFailed
from wealthnexus.kit.ids import new_id
from wealthnexus.runtime import Platform

from tests.clients.test_people import refusal
from tests.factories import make_user
from tests.factories_clients import LONG_AGO, Family
from tests.factories_ledger import post, rows, view_of

pytestmark = pytest.mark.database
D = Decimal
JUNE, JULY = date(2020, 6, 1), date(2020, 7, 1)


@pytest.fixture
async def family(platform: Platform, firm: FirmInfo) -> Family:
    made = Family(platform, firm)
    await made.person("Ann")
    await made.person("Ben")
    await made.party("Lee LLC", "company")
    await made.party("Holding LLC", "company")
    await made.party("Lee Trust", "trust")
    await made.household("Lee", Ann="head", Ben="spouse", Lee_LLC="entity")
    return made


# -- closing an account ---------------------------------------------------------------------------------


async def test_an_entry_and_the_closing_of_its_account_are_judged_one_after_the_other(family: Family) -> None:
    """Both wait for the firm's book: the closing finds what was entered before it, and an entry after it is
    told of the closing."""
    account = await family.account("Ann's", "Lee", "INDIVIDUAL", ("Ann", "owner", None))
    entered, may_end = asyncio.Event(), asyncio.Event()

    async def enter() -> Posted:
        async with family.platform.db.unit_of_work(Binding(family.firm.id)) as uow:
            command = TransactionCommand(account, "DEPOSIT", JUNE, D(7))
            posted = await post_transaction(uow, family.firm, command)
            entered.set()
            await may_end.wait()
            return posted

    def close(version: int) -> Any:
        return family.do(
            lambda uow: clients.close_account(uow, family.firm, account, JUNE, expected_version=version)
        )

    first = asyncio.create_task(enter())
    await entered.wait()
    closing = asyncio.create_task(close(1))
    await asyncio.wait([closing], timeout=0.3)
    may_end.set()
    assert (await first).preview.warnings == ()
    with pytest.raises(ValidationFailed) as refused:
        await closing
    assert refused.value.message == (
        "Ann's still has 0 positions and 7.00 USD at the end of 1 Jun 2020, expected nothing: transfer them"
        " out first; nothing was changed"
    )

    await post(family.platform, family.firm, TransactionCommand(account, "WITHDRAWAL", JUNE, D(-7)))
    async with family.platform.db.unit_of_work(Binding(family.firm.id)) as uow:
        await clients.close_account(uow, family.firm, account, JUNE, expected_version=1)
        late = TransactionCommand(account, "DEPOSIT", JULY, D(1))
        entering = asyncio.create_task(post(family.platform, family.firm, late))
        await asyncio.wait([entering], timeout=0.3)
    assert [each.code for each in (await entering).preview.warnings] == ["AFTER_CLOSING"]


# -- parties own parties -------------------------------------------------------------------------------


async def test_shares_above_the_whole_are_refused_with_the_sum_and_the_day(family: Family) -> None:
    await family.owns("Ann", "Lee LLC", "0.6")
    await family.owns("Ben", "Lee LLC", "0.4")
    error = await refusal(
        family, ValidationFailed,
        lambda uow: clients.set_party_ownership(
            uow, family.firm, family["Lee Trust"], family["Lee LLC"], D("0.1"), effective_from=JUNE
        ),
    )  # fmt: skip
    assert error.message == (
        "from 1 Jun 2020 the shares of Lee LLC would add up to 1.1, expected at most 1; nothing was written"
    )
    # From July on Ben gives a tenth away: then it fits.
    await family.owns("Ben", "Lee LLC", "0.3", since=JULY)
    await family.owns("Lee Trust", "Lee LLC", "0.1", since=JULY)
    sql = (
        "select p.name, o.share, o.effective_from, o.effective_to from party_ownerships o join parties p"
        " on p.tenant_id = o.tenant_id and p.id = o.owner_id where o.tenant_id = :t"
        " and o.superseded_version is null order by p.name, o.effective_from"
    )
    assert await rows(family.platform, family.firm, sql) == [
        ("Ann", D("0.6"), LONG_AGO, None),
        ("Ben", D("0.4"), LONG_AGO, JULY),
        ("Ben", D("0.3"), JULY, None),
        ("Lee Trust", D("0.1"), JULY, None),
    ]


async def test_a_circle_is_refused_with_its_parties_and_the_day(family: Family) -> None:
    await family.owns("Holding LLC", "Lee LLC", "0.5")
    await family.owns("Lee LLC", "Lee Trust", "0.5", since=JUNE)
    error = await refusal(
        family, ValidationFailed,
        lambda uow: clients.set_party_ownership(
            uow, family.firm, family["Lee Trust"], family["Holding LLC"], D("0.2"), effective_from=LONG_AGO
        ),
    )  # fmt: skip
    assert error.message.startswith("from 1 Jun 2020 ownership would go in a circle: ")
    assert error.message.endswith("; nothing was written")
    for name in ("Lee Trust", "Holding LLC", "Lee LLC"):
        assert f"{name} owns" in error.message
    # It fits while the circle is not closed: until June.
    await family.owns("Lee Trust", "Holding LLC", "0.2", effective_to=JUNE)
    await refusal(
        family, ValidationFailed,
        lambda uow: clients.set_party_ownership(
            uow, family.firm, family["Lee LLC"], family["Lee LLC"], D("0.1")
        ),
    )  # fmt: skip


async def test_two_writers_at_once_do_not_exceed_the_whole(family: Family) -> None:
    """The firm's book is locked: the later of two that fit alone is judged with the earlier."""
    both = await asyncio.gather(
        family.owns("Ann", "Lee LLC", "0.6"), family.owns("Ben", "Lee LLC", "0.6"), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in both) == ["NoneType", "ValidationFailed"]
    sql = "select sum(share) from party_ownerships where tenant_id = :t and superseded_version is null"
    assert await rows(family.platform, family.firm, sql) == [(D("0.6"),)]


@pytest.mark.parametrize("share", ["0", "-0.1", "1.000000000001", "0.0000000000001"])
async def test_a_share_out_of_range_is_refused(family: Family, share: str) -> None:
    error = await refusal(
        family, ValidationFailed,
        lambda uow: clients.set_party_ownership(
            uow, family.firm, family["Ann"], family["Lee LLC"], D(share)
        ),
    )  # fmt: skip
    assert error.message == (
        f"the share is {format(D(share), 'f')}, expected above 0 and at most 1 with at most 12 decimal"
        " places; nothing was written"
    )


async def test_people_are_not_owned(family: Family) -> None:
    error = await refusal(
        family, ValidationFailed,
        lambda uow: clients.set_party_ownership(uow, family.firm, family["Lee LLC"], family["Ann"], D(1)),
    )  # fmt: skip
    assert error.message == "Ann is a person, expected a trust, company or estate; nothing was written"


# -- accounts ----------------------------------------------------------------------------------------------


async def test_an_account_is_opened_with_everything_it_needs(family: Family) -> None:
    account = await family.account(
        "Lee joint", "Lee", "JOINT_WITH_SURVIVORSHIP", ("Ann", "joint_survivorship", None),
        ("Ben", "joint_survivorship", None), account_number="71104471", custodian="Cascade Custody",
    )  # fmt: skip
    async with family.platform.db.reading(Binding(family.firm.id)) as reader:
        view = await view_of(reader, family.firm)
        row = (await reads.accounts_by_ids(reader, view, [account]))[account]
        owners = (await reads.owners_by_account_ids(reader, view, [account]))[account]
        homes = (await reads.household_refs_by_account_ids(reader, view, [account]))[account]
        (group,) = await reads.search(reader, "4471")
    assert (row.account_number_last4, row.market_value.value, row.lot_method) == ("4471", D("0.00"), "FIFO")
    assert [(o.name, o.role, o.share) for o in owners] == [
        ("Ann", "joint_survivorship", None),
        ("Ben", "joint_survivorship", None),
    ]
    assert [home.name for home in homes] == ["Lee"]
    assert [hit.title for hit in group.hits] == ["Lee joint"]
    sleeves = "select is_default, name from portfolios where tenant_id = :t"
    assert await rows(family.platform, family.firm, sleeves) == [(True, "Default")]
    await family.cash("Lee joint", "250.00")


async def test_what_does_not_fit_the_registration_is_refused(family: Family) -> None:
    def command(account_type: str, *owners: clients.Owner, **values: Any) -> Any:
        given = clients.AccountCommand(
            name="Bad", account_type=account_type, currency=values.pop("currency", "USD"),
            household_ids=values.pop("household_ids", [family["Lee"]]), owners=owners, **values,
        )  # fmt: skip
        return lambda uow: clients.create_account(uow, family.firm, given)

    ann, llc = clients.Owner(family["Ann"], "owner"), clients.Owner(family["Lee LLC"], "owner")
    error = await refusal(family, ValidationFailed, command("INDIVIDUAL"))
    assert isinstance(error, ValidationFailed)
    assert error.message == "1 thing does not fit the registration INDIVIDUAL; nothing was written"
    assert error.problems[0].message == "nobody owns it, expected an owner"
    error = await refusal(family, ValidationFailed, command("INDIVIDUAL", llc))
    assert isinstance(error, ValidationFailed)
    assert error.problems[0].message == "Lee LLC is a company, expected a person as owner"
    shares = [clients.Owner(family[name], "joint_common", D("0.6")) for name in ("Ann", "Ben")]
    error = await refusal(family, ValidationFailed, command("TENANTS_IN_COMMON", *shares))
    assert isinstance(error, ValidationFailed)
    assert [p.message for p in error.problems] == ["the shares are 1.2 together, expected at most 1"]
    stranger = clients.Owner(new_id(), "owner")
    await refusal(family, NotFound, command("INDIVIDUAL", stranger))
    await refusal(family, NotFound, command("INDIVIDUAL", ann, household_ids=[new_id()]))
    await refusal(family, ValidationFailed, command("INDIVIDUAL", ann, household_ids=[]))
    error = await refusal(
        family, ValidationFailed, command("BANK", ann, currency="XXY", opened_on=date(2021, 4, 1))
    )
    assert isinstance(error, ValidationFailed)
    assert [p.path[1] for p in error.problems] == ["accountType", "currency", "openedOn"]
    number = {"account_number": "123", "custodian": "Cascade Custody"}
    await family.do(command("INDIVIDUAL", ann, **number))
    error = await refusal(family, Conflict, command("INDIVIDUAL", ann, **number))
    assert error.message == "Bad has this account number at Cascade Custody already; nothing was written"


async def test_owners_change_from_a_day_on_and_what_was_believed_stays_readable(family: Family) -> None:
    account = await family.account("Ann's", "Lee", "TRANSFER_ON_DEATH", ("Ann", "owner", None))
    async with family.platform.db.reading(Binding(family.firm.id)) as reader:
        before = (await view_of(reader, family.firm)).book_version

    def give(version: int, since: date) -> Any:
        owners = [clients.Owner(family["Ben"], "owner")]
        return lambda uow: clients.set_account_owners(
            uow, family.firm, account, owners, expected_version=version, effective_from=since
        )

    assert (await family.do(give(1, JUNE))).version == 2
    error = await refusal(family, Conflict, give(1, JULY))
    assert error.message == (
        "the account was changed by somebody else: version 1 was expected, it is 2; nothing was changed"
    )

    async def owner_on(day: date, known: int | None = None) -> list[str]:
        async with family.platform.db.reading(Binding(family.firm.id)) as reader:
            view = await view_of(reader, family.firm, day, known)
            return [o.name for o in (await reads.owners_by_account_ids(reader, view, [account]))[account]]

    assert await owner_on(date(2020, 5, 31)) == ["Ann"]
    assert await owner_on(JUNE) == ["Ben"]
    assert await owner_on(JUNE, before) == ["Ann"]
    assert await owner_on(date(2014, 12, 31)) == []


async def test_each_tier_of_beneficiaries_is_whole(family: Family) -> None:
    account = await family.account("Ann's IRA", "Lee", "TRADITIONAL_IRA", ("Ann", "owner", None))

    def name(*given: clients.Beneficiary, version: int = 1) -> Any:
        return lambda uow: clients.set_account_beneficiaries(
            uow, family.firm, account, given, expected_version=version, effective_from=JUNE
        )

    def heir(tier: str, share: str, party: str | None = None, name: str | None = None) -> clients.Beneficiary:
        return clients.Beneficiary(tier, D(share), family[party] if party else None, name)

    error = await refusal(family, ValidationFailed, name(heir("primary", "0.9", "Ben")))
    assert (
        error.message
        == "the primary beneficiaries have 0.9 together, expected exactly 1; nothing was written"
    )
    await refusal(family, ValidationFailed, name(heir("contingent", "1", "Ben")))
    await refusal(family, ValidationFailed, name(heir("primary", "1")))
    halves = [heir("primary", "0.5", "Ben"), heir("primary", "0.5", "Ben")]
    error = await refusal(family, ValidationFailed, name(*halves))
    assert isinstance(error, ValidationFailed)
    assert [(p.path[-2:], p.message) for p in error.problems] == [
        (("1", "partyId"), "Ben is named twice, expected once")
    ]
    thirds = [heir("primary", "0.333333333333", name=f"Child {n}") for n in (1, 2, 3)]
    await family.do(name(*thirds, heir("contingent", "1", "Lee Trust")))
    await family.do(name(heir("primary", "1", "Ben"), version=2))
    async with family.platform.db.reading(Binding(family.firm.id)) as reader:
        view = await view_of(reader, family.firm)
        found = (await reads.beneficiaries_by_account_ids(reader, view, [account]))[account]
    assert [(b.tier, b.name, b.share) for b in found] == [("primary", "Ben", D(1))]


# -- households -------------------------------------------------------------------------------------------


async def test_memberships_are_many_and_have_days(family: Family) -> None:
    await family.household("Ben alone", Ben="head")
    error = await refusal(
        family, Conflict,
        lambda uow: clients.add_household_member(uow, family.firm, family["Lee"], family["Ben"], "spouse"),
    )  # fmt: skip
    assert error.message == "Ben belongs to this household already on 31 Mar 2021; nothing was written"
    error = await refusal(
        family, ValidationFailed,
        lambda uow: clients.add_household_member(
            uow, family.firm, family["Lee"], family["Lee Trust"], "spouse"
        ),
    )  # fmt: skip
    assert error.message == "Lee Trust is a trust: the role spouse does not fit it; nothing was written"
    end = lambda uow: clients.end_household_membership(uow, family["Lee"], family["Ben"], JUNE)  # noqa: E731
    await family.do(end)
    await refusal(family, Conflict, end)
    async with family.platform.db.reading(Binding(family.firm.id)) as reader:
        for day, names in ((date(2020, 5, 31), ["Ann", "Ben", "Lee LLC"]), (JUNE, ["Ann", "Lee LLC"])):
            view = await view_of(reader, family.firm, day)
            members = (await reads.members_by_household_ids(reader, view, [family["Lee"]]))[family["Lee"]]
            assert [m.name for m in members] == names
        homes = await reads.households_by_party_ids(reader, view, [family["Ben"]])
    assert [home.name for home in homes[family["Ben"]]] == ["Ben alone"]


async def test_an_account_joins_and_leaves_households(family: Family) -> None:
    account = await family.account("Ann's", "Lee", "INDIVIDUAL", ("Ann", "owner", None))
    second = await family.household("Second")
    await family.do(
        lambda uow: clients.add_household_account(uow, family.firm, second, account, effective_from=JUNE)
    )
    await family.do(lambda uow: clients.end_household_account(uow, family["Lee"], account, JULY))
    async with family.platform.db.reading(Binding(family.firm.id)) as reader:
        for day, names in (
            (date(2020, 5, 31), ["Lee"]), (JUNE, ["Lee", "Second"]), (JULY, ["Second"]),
        ):  # fmt: skip
            view = await view_of(reader, family.firm, day)
            refs = (await reads.household_refs_by_account_ids(reader, view, [account]))[account]
            assert [ref.name for ref in refs] == names


# -- debts --------------------------------------------------------------------------------------------------


async def test_balances_are_added_and_read_as_of(family: Family) -> None:
    debt = await family.debt(
        "Mortgage", "Lee", "mortgage", "300000.00", "Ann", "Ben",
        balance_day=date(2021, 1, 31), opened_on=date(2019, 5, 1), interest_rate=D("0.0425"),
    )  # fmt: skip

    def owe(day: date, balance: str) -> Any:
        return lambda uow: clients.record_liability_balance(uow, family.firm, debt, day, D(balance))

    await family.do(owe(date(2021, 2, 28), "299000.00"))
    async with family.platform.db.reading(Binding(family.firm.id)) as reader:
        known = (await view_of(reader, family.firm)).book_version
    await family.do(owe(date(2021, 2, 28), "298500.00"))

    async def owed(day: date, version: int | None = None) -> Any:
        async with family.platform.db.reading(Binding(family.firm.id)) as reader:
            view = await view_of(reader, family.firm, day, version)
            found = await reads.liabilities_by_ids(reader, view, [debt])
            return found[debt].balance

    assert (await owed(date(2021, 2, 27))).value == D("300000.00")
    assert (await owed(date(2021, 3, 31))).value == D("298500.00")
    assert (await owed(date(2021, 3, 31), known)).value == D("299000.00")
    early = await owed(date(2020, 1, 1))
    assert (early.value, early.quality.value) == (None, "UNAVAILABLE")
    assert [r.message for r in early.reasons] == ["Mortgage has no balance on or before the date"]
    for day, balance, message in (
        (date(2021, 4, 1), "1", "1 Apr 2021 is outside 1 Jan 1900 to 31 Mar 2021; nothing was written"),
        (date(2019, 4, 30), "1",
         "30 Apr 2019 is before the opening on 1 May 2019; nothing was written"),
        (date(2021, 3, 1), "-1", "Mortgage: 1 field is not as expected; nothing was written"),
        (date(2021, 3, 1), "1.005", "Mortgage: 1 field is not as expected; nothing was written"),
    ):  # fmt: skip
        error = await refusal(family, ValidationFailed, owe(day, balance))
        assert error.message == message


# -- books --------------------------------------------------------------------------------------------------


async def test_accounts_are_assigned_by_splits_that_make_the_whole(family: Family) -> None:
    accounts = [await family.account(f"A{n}", "Lee", "INDIVIDUAL", ("Ann", "owner", None)) for n in range(3)]
    branch = await family.do(lambda uow: clients.create_book(uow, kind="branch", code="B1", name="West"))
    team = await family.do(
        lambda uow: clients.create_book(uow, kind="team", code="T1", name="Team", parent_id=branch)
    )
    one, two = [
        await family.do(
            lambda uow, code=code: clients.create_book(
                uow, kind="representative", code=code, name=code, parent_id=team
            )
        )
        for code in ("R1", "R2")
    ]

    def assign(*splits: tuple[Any, str], since: date = JUNE, keys: Any = accounts) -> Any:
        given = [clients.Split(book, D(split)) for book, split in splits]
        return lambda uow: clients.assign_accounts(uow, family.firm, keys, given, effective_from=since)

    await family.do(assign((one, "1")))
    await family.do(assign((one, "0.7"), (two, "0.3"), since=JULY, keys=accounts[:1]))
    for splits, total in ((((one, "0.7"),), "0.7"), (((one, "0.7"), (two, "0.31")), "1.01")):
        error = await refusal(family, ValidationFailed, assign(*splits))
        assert error.message == f"the splits add up to {total}, expected exactly 1; nothing was assigned"
    for splits, at_fault, split in (
        (((one, "1.5"), (two, "-0.5")), "R1", "1.5"),
        (((one, "1"), (two, "0")), "R2", "0"),
        (((one, "0.333333333"), (two, "0.666666667")), "R1", "0.333333333"),
    ):
        error = await refusal(family, ValidationFailed, assign(*splits))
        assert error.message == (
            f"the split of {at_fault} is {split}, expected above 0 and at most 1 with at most 8 decimal"
            " places; nothing was assigned"
        )
    await refusal(family, ValidationFailed, assign((one, "0.5"), (one, "0.5")))
    await refusal(family, NotFound, assign((new_id(), "1")))
    await refusal(family, NotFound, assign((one, "1"), keys=[*accounts, new_id()]))
    await refusal(
        family, ValidationFailed,
        lambda uow: clients.create_book(uow, kind="team", code="T2", name="T", parent_id=team),
    )  # fmt: skip
    await refusal(
        family, Conflict, lambda uow: clients.create_book(uow, kind="branch", code="B1", name="East")
    )
    async with family.platform.db.reading(Binding(family.firm.id)) as reader:
        view = await view_of(reader, family.firm)
        found = await reads.assignments_by_account_ids(reader, view, accounts)
    assert [[(a.code, a.split) for a in found[key]] for key in accounts] == [
        [("R1", D("0.7")), ("R2", D("0.3"))],
        [("R1", D(1))],
        [("R1", D(1))],
    ]


# -- the desk ------------------------------------------------------------------------------------------------


async def test_notes_tags_and_views(family: Family) -> None:
    author = (await make_user(family.platform, family.firm)).id
    other = (await make_user(family.platform, family.firm)).id
    note = await family.do(lambda uow: clients.add_note(uow, author, family["Ann"], " Prefers tea. "))
    edited = await family.do(
        lambda uow: clients.edit_note(uow, author, note.id, body="Prefers coffee.", expected_version=1)
    )
    assert edited.version == 2
    await refusal(
        family, PermissionDenied,
        lambda uow: clients.edit_note(uow, other, note.id, body="Mine", expected_version=2),
    )  # fmt: skip
    await refusal(
        family, Conflict, lambda uow: clients.edit_note(uow, author, note.id, body="x", expected_version=1)
    )
    await refusal(family, NotFound, lambda uow: clients.add_note(uow, author, new_id(), "x"))
    await family.do(lambda uow: clients.remove_note(uow, author, note.id, expected_version=2))
    bodies = "select body, removed_at is not null from notes where tenant_id = :t"
    assert await rows(family.platform, family.firm, bodies) == [("", True)]

    both = [family["Ann"], family["Ben"]]
    await family.do(lambda uow: clients.tag_subjects(uow, author, both, ["VIP", "Québec"]))
    await family.do(lambda uow: clients.tag_subjects(uow, author, both, ["vip", "quebec"]))
    await family.do(lambda uow: clients.untag_subjects(uow, both[:1], ["QUÉBEC"]))
    async with family.platform.db.reading(Binding(family.firm.id)) as reader:
        found = await reads.tags_by_subject_ids(reader, both)
        counts = {row.name: row.subject_count for row in await reads.all_tags(reader)}
    assert found == {family["Ann"]: ["VIP"], family["Ben"]: ["Québec", "VIP"]}
    assert counts == {"VIP": 2, "Québec": 1}

    save = {"page": "book", "name": "Large", "query": "min=1000000"}
    view_id = await family.do(lambda uow: clients.save_view(uow, author, **save))
    again = {**save, "query": "min=2000000"}
    assert await family.do(lambda uow: clients.save_view(uow, author, **again)) == view_id
    async with family.platform.db.reading(Binding(family.firm.id)) as reader:
        assert [(v.name, v.query) for v in await reads.views_of(reader, author, "book")] == [
            ("Large", "min=2000000")
        ]
        assert await reads.views_of(reader, other, None) == []
    named = {**save, "name": "Larger", "view_id": view_id, "is_default": True}
    assert await family.do(lambda uow: clients.save_view(uow, author, **named)) == view_id
    small = {**save, "name": "Small", "is_default": True}
    small_id = await family.do(lambda uow: clients.save_view(uow, author, **small))
    taken = {**save, "name": "Larger", "view_id": small_id}
    await refusal(family, Conflict, lambda uow: clients.save_view(uow, author, **taken))
    await refusal(family, PermissionDenied, lambda uow: clients.save_view(uow, other, **named))
    unknown = {**save, "view_id": new_id()}
    await refusal(family, NotFound, lambda uow: clients.save_view(uow, author, **unknown))
    async with family.platform.db.reading(Binding(family.firm.id)) as reader:
        assert [(v.name, v.is_default) for v in await reads.views_of(reader, author, "book")] == [
            ("Larger", False),
            ("Small", True),
        ]
    await family.do(lambda uow: clients.delete_view(uow, author, small_id))
    await refusal(family, PermissionDenied, lambda uow: clients.delete_view(uow, other, view_id))
    await family.do(lambda uow: clients.delete_view(uow, author, view_id))
    await refusal(family, NotFound, lambda uow: clients.delete_view(uow, author, view_id))
