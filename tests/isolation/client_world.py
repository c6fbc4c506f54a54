"""Twenty people in one firm, what each of them was given, and by hand what each of them may see.

Every name ends in the mark; nothing of the product's own expansion is used to say what is expected.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from starlette.types import ASGIApp
from wealthnexus.domain.clients import service as clients
from wealthnexus.domain.clients.models import account_assignments, books
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.identity.service.grants import create_access_grant, revoke_access_grant
from wealthnexus.domain.work import post_item, register_item_kind, register_subject
from wealthnexus.graphql.ids import to_global
from wealthnexus.kit import clock
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.text import message
from wealthnexus.runtime import Platform

from tests.factories import bearer_of, caller_of, make_firm, make_user
from tests.factories_clients import LONG_AGO, Family
from tests.graphql.conftest import Api

MARK = "XQ"
STAFF_ONLY = "Deskword"  # in every note, tag and item of work: of no concern to any client
DAY = date(2021, 3, 31)
KIND = "tests.matrix"
register_item_kind(KIND, message("tests.matrix_calls", "Calls"))

PEOPLE = [
    "Dana",
    "Evan",
    "Kim",
    "Lou",
    "Fay",
    "Gus",
    "Hal",
    "Mia",
    "Zed",
    "Ivy",
    "Jon",
    "Nia",
    "Ora",
    "Pat",
    "Tess",
]
HOMES = {
    "DanaHome": {"Dana": "head", "Kim": "child"},
    "EvanHome": {"Evan": "head", "Kim": "child"},
    "FayGusHome": {"Fay": "head", "Gus": "spouse"},
    "LouHome": {"Lou": "head"},
    "HalHome": {"Hal": "head"},
    "MiaHome": {"Mia": "child", "Zed": "child"},
    "IvyHome": {"Ivy": "head", "IvyTrust": "entity"},
    "JonHome": {"Jon": "head"},
    "NiaHome": {"Nia": "head"},
    "OraHome": {"Ora": "head", "OraPatLlc": "entity"},
    "PatHome": {"Pat": "head"},
    "TessHome": {"Tess": "head"},
}
# Name, household, registration, owners with their roles, day on which a custodianship ends.
ACCOUNTS: list[tuple[str, str, str, dict[str, str], date | None]] = [
    ("danaIra", "DanaHome", "TRADITIONAL_IRA", {"Dana": "owner"}, None),
    ("evanIra", "EvanHome", "TRADITIONAL_IRA", {"Evan": "owner"}, None),
    ("kimUtma", "DanaHome", "UTMA", {"Kim": "minor", "Dana": "custodian"}, date(2030, 5, 1)),
    ("louOwn", "LouHome", "INDIVIDUAL", {"Lou": "owner"}, None),
    ("fayOwn", "FayGusHome", "INDIVIDUAL", {"Fay": "owner"}, None),
    ("gusOwn", "FayGusHome", "INDIVIDUAL", {"Gus": "owner"}, None),
    ("fayGusJoint", "FayGusHome", "JOINT_WITH_SURVIVORSHIP",
     {"Fay": "joint_survivorship", "Gus": "joint_survivorship"}, None),
    ("halOwn", "HalHome", "INDIVIDUAL", {"Hal": "owner"}, None),
    ("miaUtma", "MiaHome", "UTMA", {"Mia": "minor", "Hal": "custodian"}, date(2029, 5, 1)),
    ("zedUtma", "MiaHome", "UTMA", {"Zed": "minor", "Hal": "custodian"}, date(2020, 12, 31)),
    ("ivyOwn", "IvyHome", "INDIVIDUAL", {"Ivy": "owner"}, None),
    ("ivyTrusts", "IvyHome", "TRUST", {"IvyTrust": "owner", "Jon": "trustee", "Ivy": "grantor"}, None),
    ("jonOwn", "JonHome", "INDIVIDUAL", {"Jon": "owner"}, None),
    ("estates", "NiaHome", "ESTATE", {"OldEstate": "owner", "Nia": "executor"}, None),
    ("niaOwn", "NiaHome", "INDIVIDUAL", {"Nia": "owner"}, None),
    ("llcs", "OraHome", "LLC", {"OraPatLlc": "owner"}, None),
    ("oraOwn", "OraHome", "INDIVIDUAL", {"Ora": "owner"}, None),
    ("patOwn", "PatHome", "INDIVIDUAL", {"Pat": "owner"}, None),
    ("tessOwn", "TessHome", "INDIVIDUAL", {"Tess": "owner"}, None),
]  # fmt: skip
DEBTS = {
    "danaMortgage": ("DanaHome", ["Dana"]),
    "evanLoan": ("EvanHome", ["Evan"]),
    "fayGusMortgage": ("FayGusHome", ["Fay", "Gus"]),
    "tessLoan": ("TessHome", ["Tess"]),
}
BOOKS = {"BookA": ["danaIra", "kimUtma"], "BookB": ["halOwn"], "BookC": ["louOwn"], "BookD": ["tessOwn"]}
# Who: the grants (subject and relationship), then everything they may see and nothing else.
VIEWERS: dict[str, tuple[dict[str, str], str]] = {
    "divorced mother": (
        {"Dana": "self", "DanaHome": "self"},
        "DanaHome Dana Kim danaIra kimUtma danaMortgage",
    ),
    "divorced father": ({"EvanHome": "self"}, "EvanHome Evan Kim evanIra kimUtma evanLoan"),
    "spouse with consent": (
        {"Fay": "self", "FayGusHome": "spouse"},
        "FayGusHome Fay Gus fayOwn gusOwn fayGusJoint fayGusMortgage",
    ),
    "spouse without consent": ({"Gus": "self"}, "Gus gusOwn fayGusJoint fayGusMortgage"),
    "minor": ({"Kim": "self"}, "Kim kimUtma"),
    "adult child": ({"Lou": "self"}, "Lou louOwn"),
    "custodian": ({"Hal": "self"}, "Hal halOwn miaUtma"),
    "guardian of one who came of age": ({"Zed": "guardian"}, "Zed"),
    "trustee": ({"IvyTrust": "trustee"}, "IvyTrust ivyTrusts"),
    "grantor": ({"Ivy": "self"}, "Ivy ivyOwn"),
    "accountant until next week": ({"ivyOwn": "accountant"}, "ivyOwn"),
    "expired delegate": ({"TessHome": "delegate"}, ""),
    "revoked delegate": ({"TessHome": "delegate"}, ""),
    "executor": ({"OldEstate": "executor"}, "OldEstate estates"),
    "co-owner of a company": ({"Ora": "self"}, "Ora oraOwn"),
    "manager of the company": ({"OraPatLlc": "delegate"}, "OraPatLlc llcs"),
    "attorney": ({"gusOwn": "attorney"}, "gusOwn"),
    "client of another household": ({"TessHome": "self"}, "TessHome Tess tessOwn tessLoan"),
    "staff of two books": (
        {"BookA": "staff", "BookB": "staff"},
        "BookA BookB danaIra kimUtma halOwn DanaHome EvanHome HalHome danaMortgage evanLoan"
        " Dana Kim Evan Hal",
    ),
    "read-only staff of a book": ({"BookC": "staff"}, "BookC louOwn LouHome Lou"),
}
ENTITIES = {"IvyTrust": "trust", "OldEstate": "estate", "OraPatLlc": "company"}


@dataclass
class World:
    """``keys``: by name; ``amounts``: what stands in each account, all different."""

    app: ASGIApp
    platform: Platform
    firm: FirmInfo
    family: Family
    keys: dict[str, UUID] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    amounts: dict[str, Decimal] = field(default_factory=dict)
    viewers: dict[str, Api] = field(default_factory=dict)
    items: dict[str, UUID] = field(default_factory=dict)

    def id_of(self, name: str) -> str:
        kind = self.kinds[name]
        return str(to_global("Subject" if kind == "Book" else kind, self.keys[name]))

    def homes_of(self, account: str) -> list[str]:
        """The households the account is in."""
        also = {"kimUtma": ["EvanHome"]}
        return [home for name, home, *_ in ACCOUNTS if name == account] + also.get(account, [])

    def of(self, *kinds: str) -> list[str]:
        return [name for name, kind in self.kinds.items() if kind in kinds]

    def hidden(self, viewer: str, *kinds: str) -> list[str]:
        return sorted(set(self.of(*kinds) if kinds else self.kinds) - visible(viewer))


def visible(viewer: str) -> set[str]:
    return set(VIEWERS[viewer][1].split())


def marks_of(name: str) -> str:
    return f"{name}{MARK}"


async def make_world(app: ASGIApp, platform: Platform) -> World:
    firm = await make_firm(
        platform, pinned_business_date=DAY, limits={"requests_per_minute": 10**6, "operation_cost_max": 10**9}
    )
    family = Family(platform, firm)
    world = World(app, platform, firm, family)
    for name in PEOPLE:
        await family.person(marks_of(name))
    for name, kind in ENTITIES.items():
        await family.party(marks_of(name), kind)
    await family.owns("OraXQ", "OraPatLlcXQ", "0.6")
    await family.owns("PatXQ", "OraPatLlcXQ", "0.4")
    for home, members in HOMES.items():
        await family.household(marks_of(home), **{marks_of(who): role for who, role in members.items()})
    await _relate(family)
    for place, (name, home, kind, owners, ends_on) in enumerate(ACCOUNTS):
        await family.account(
            marks_of(name), marks_of(home), kind,
            *((marks_of(who), role, None) for who, role in owners.items()), custodianship_ends_on=ends_on,
        )  # fmt: skip
        world.amounts[name] = Decimal(f"{7013 + 613 * place}.{11 + place}")
        await family.cash(marks_of(name), str(world.amounts[name]))
    await family.do(
        lambda uow: clients.add_household_account(
            uow, firm, family["EvanHomeXQ"], family["kimUtmaXQ"], effective_from=LONG_AGO
        )
    )
    for place, (name, (home, owers)) in enumerate(DEBTS.items()):
        await family.debt(
            marks_of(name), marks_of(home), "personal", f"{501 + 97 * place}.{61 + place}",
            *map(marks_of, owers),
        )  # fmt: skip
    await _books(world)
    named: Iterable[tuple[str, Iterable[str]]] = (
        ("Party", [*PEOPLE, *ENTITIES]), ("Household", HOMES), ("Liability", DEBTS),
        ("Account", [each[0] for each in ACCOUNTS]), ("Book", BOOKS),
    )  # fmt: skip
    for kind, names in named:
        for name in names:
            world.keys[name] = family[marks_of(name)]
            world.kinds[name] = kind
    await _notes_and_work(world)
    await _grants(world)
    return world


async def _relate(family: Family) -> None:
    ties = [("Dana", "former_spouse", "Evan"), ("Fay", "spouse", "Gus"), ("Hal", "guardian", "Mia")]
    ties += [(who, "parent", child) for who in ("Dana", "Evan") for child in ("Kim", "Lou")]
    for who, kind, whom in ties:

        async def relate(uow: Any, who: str = who, kind: str = kind, whom: str = whom) -> Any:
            return await clients.relate_parties(
                uow, family.firm, family[marks_of(who)], kind, family[marks_of(whom)], effective_from=LONG_AGO
            )

        await family.do(relate)


async def _books(world: World) -> None:
    family = world.family

    async def put(uow: Any) -> None:
        for name, members in BOOKS.items():
            key = family.ids[marks_of(name)] = new_id()
            await register_subject(uow, key, "book", marks_of(name))
            await uow.execute(
                insert(books).values(
                    tenant_id=uow.tenant_id, id=key, kind="team", code=marks_of(name), name=marks_of(name),
                    created_at=clock.now(),
                )
            )  # fmt: skip
            for account in members:
                await uow.execute(
                    insert(account_assignments).values(
                        tenant_id=uow.tenant_id, id=new_id(), account_id=family[marks_of(account)],
                        book_id=key, split=Decimal(1), effective_from=LONG_AGO, book_version=1,
                    )
                )  # fmt: skip

    await family.do(put)


async def _notes_and_work(world: World) -> None:
    """A note and an item of work on everything, by somebody who sees the whole firm."""
    user = await make_user(world.platform, world.firm, roles=("OPERATIONS",), name="Firm-wide operations")
    api = Api(world.app, world.firm, await bearer_of(world.platform, world.firm, user), user)
    for name in world.of("Household", "Account", "Party"):
        noted = await api.change(
            "addNote", "... on AddNoteSuccess { note { id } }", subjectId=world.id_of(name),
            body=f"{STAFF_ONLY} on {marks_of(name)}", idempotencyKey=str(new_id()),
        )  # fmt: skip
        assert "note" in noted, noted
        tagged = await api.change(
            "tagSubjects", "", subjectIds=[world.id_of(name)], tagNames=[f"{STAFF_ONLY} tag {marks_of(name)}"]
        )
        assert tagged["__typename"] == "TagSubjectsSuccess", tagged

        async def post(uow: Any, name: str = name) -> UUID:
            return await post_item(
                uow, kind=KIND, title=f"{STAFF_ONLY}: call about {marks_of(name)}",
                subject_id=world.keys[name], action_label="Open", action_path="/", dedupe_key=name,
            )  # fmt: skip

        world.items[name] = await world.family.do(post)


async def _grants(world: World) -> None:
    platform, firm = world.platform, world.firm
    admin = await caller_of(platform, firm, await make_user(platform, firm, roles=("FIRM_ADMIN",)))
    today = clock.business_date(firm.time_zone, None)
    until = {
        "accountant until next week": today + timedelta(days=7),
        "expired delegate": today - timedelta(days=1),
    }
    for viewer, (given, _seen) in VIEWERS.items():
        role = "CLIENT" if "staff" not in viewer else "READ_ONLY" if "read-only" in viewer else "ADVISOR"
        user = await make_user(
            platform, firm, roles=(role,), name=f"{viewer} {MARK}viewer", limited=True
        )  # fmt: skip
        async with platform.db.unit_of_work(admin.binding(), actor=admin.actor()) as uow:
            for name, relationship in given.items():
                grant = await create_access_grant(
                    uow, admin, principal_id=user.id, subject_id=world.keys[name], relationship=relationship,
                    effective_from=today - timedelta(days=30), effective_to=until.get(viewer),
                    reason=f"Grant of {viewer} {MARK}viewer",
                )  # fmt: skip
                if viewer.startswith("revoked"):
                    await revoke_access_grant(uow, admin, grant, reason="Over")
        world.viewers[viewer] = Api(
            app=world.app, firm=firm, token=await bearer_of(platform, firm, user), user=user
        )
