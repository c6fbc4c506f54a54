"""The balance sheet of a family: direct and seen through, to the cent, with what is missing said."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from wealthnexus.domain.clients import repository as reads
from wealthnexus.domain.clients.repository import BalanceSheetRow
from wealthnexus.domain.clients.rules.balance_sheet import shown_share
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.kit.db.session import Binding
from wealthnexus.runtime import Platform

from tests.factories import make_user
from tests.factories_clients import Family
from tests.factories_ledger import view_of

pytestmark = pytest.mark.database
D = Decimal
GRANT = """with g as (insert into access_grants (tenant_id, id, principal_id, subject_id, relationship,
  permissions, effective_from, reason, created_at, created_by)
  values (:t, gen_random_uuid(), :p, :s, 'self', '["read"]', '2020-01-01', 'Own', now(), :p) returning id)
insert into access_scope (tenant_id, principal_id, subject_id, grant_id, kind, may_write)
select :t, :p, :s, g.id, :k, false from g"""
NAMES = ("Ann", "Ben", "Cy", "Lee LLC", "Lee Trust")


@pytest.fixture
async def family(platform: Platform, firm: FirmInfo) -> Family:
    """Ann and Ben with a joint account, an LLC held 60/40 by a trust of both and by Cy from outside."""
    made = Family(platform, firm)
    for name in ("Ann", "Ben", "Cy"):
        await made.person(name)
    await made.party("Lee LLC", "company")
    await made.party("Lee Trust", "trust")
    await made.household("Lee", Ann="head", Ben="spouse", Lee_Trust="entity")
    await made.owns("Lee Trust", "Lee LLC", "0.6")
    await made.owns("Cy", "Lee LLC", "0.4")
    await made.owns("Ann", "Lee Trust", "0.5")
    await made.owns("Ben", "Lee Trust", "0.5")
    await made.account(
        "Joint", "Lee", "JOINT_WITH_SURVIVORSHIP",
        ("Ann", "joint_survivorship", None), ("Ben", "joint_survivorship", None),
    )  # fmt: skip
    await made.account("LLC account", "Lee", "LLC", ("Lee LLC", "owner", None))
    await made.account("Ann's", "Lee", "INDIVIDUAL", ("Ann", "owner", "0.75"))
    await made.cash("Joint", "100.01")
    await made.cash("LLC account", "1000.00")
    await made.cash("Ann's", "40.00")
    await made.debt("Mortgage", "Lee", "mortgage", "60.01", "Ann", "Ben", balance_day=date(2021, 3, 1))
    return made


async def sheet_of(family: Family, *, look_through: bool, **view: Any) -> BalanceSheetRow:
    async with family.platform.db.reading(Binding(family.firm.id)) as reader:
        found = await reads.balance_sheets(
            reader, await view_of(reader, family.firm, **view), [family["Lee"]], look_through=look_through
        )
    return found[family["Lee"]]


def matrix(family: Family, sheet: BalanceSheetRow) -> dict[str, dict[str, tuple[str, Any]]]:
    names = {key: name for name, key in family.ids.items()}
    return {
        line.label: {
            names[part.owner_id]: (format(shown_share(part.share).normalize(), "f"), part.value)
            for part in line.parts
        }
        for line in (*sheet.assets, *sheet.liabilities)
    }


def nets(sheet: BalanceSheetRow) -> dict[str, Any]:
    return {owner.name: owner.net_worth.value for owner in sheet.owners}


async def test_as_registered(family: Family) -> None:
    sheet = await sheet_of(family, look_through=False)
    # 100.01 and 60.01 by halves leave a cent each: to the lower id, Ann's.
    assert matrix(family, sheet) == {
        "Ann's": {"Ann": ("0.75", D("30.00"))},
        "Joint": {"Ann": ("0.5", D("50.01")), "Ben": ("0.5", D("50.00"))},
        "LLC account": {"Lee LLC": ("1", D("1000.00"))},
        "Mortgage": {"Ann": ("0.5", D("30.01")), "Ben": ("0.5", D("30.00"))},
    }
    # Ann 30.00 + 50.01 - 30.01; Ben 50.00 - 30.00; the LLC is no member.
    assert nets(sheet) == {"Ann": D("50.00"), "Ben": D("20.00"), "Lee LLC": D("1000.00")}
    figures = (
        sheet.total_assets, sheet.total_liabilities, sheet.net_worth, sheet.of_members, sheet.of_others,
        sheet.not_attributed,
    )  # fmt: skip
    # 1,140.01 - 60.01 = 1,080.00 = 70.00 + 1,000.00 + 10.00
    assert [figure.value for figure in figures] == [
        D("1140.01"), D("60.01"), D("1080.00"), D("70.00"), D("1000.00"), D("10.00"),
    ]  # fmt: skip
    assert [(r.code, r.message) for r in sheet.reasons] == [
        ("NO_OWNER", "Ann's: nobody is named as the owner of 0.25 of it")
    ]
    assert [(o.name, o.kind, o.role) for o in sheet.owners] == [
        ("Ann", "person", "head"), ("Ben", "person", "spouse"), ("Lee LLC", "company", None),
    ]  # fmt: skip


async def test_seen_through_to_the_last_owners(family: Family) -> None:
    sheet = await sheet_of(family, look_through=True)
    # 0.6 x 0.5 = 0.3 each of the LLC's account for Ann and Ben, 0.4 for Cy.
    assert matrix(family, sheet)["LLC account"] == {
        "Cy": ("0.4", D("400.00")), "Ann": ("0.3", D("300.00")), "Ben": ("0.3", D("300.00")),
    }  # fmt: skip
    assert nets(sheet) == {"Ann": D("350.00"), "Ben": D("320.00"), "Cy": D("400.00")}
    assert [f.value for f in (sheet.net_worth, sheet.of_members, sheet.of_others, sheet.not_attributed)] == [
        D("1080.00"), D("670.00"), D("400.00"), D("10.00"),
    ]  # fmt: skip


async def test_net_worths_agree_with_the_sheet(family: Family) -> None:
    sheet = await sheet_of(family, look_through=True)
    keys = [family[name] for name in NAMES]
    async with family.platform.db.reading(Binding(family.firm.id)) as reader:
        found = await reads.net_worths(reader, await view_of(reader, family.firm), keys)
    worth = {name: found[family[name]].value for name in NAMES}
    assert {name: worth[name] for name in ("Ann", "Ben", "Cy")} == nets(sheet)
    # An entity's is its own: the LLC's account, and six tenths of it for the trust.
    assert (worth["Lee LLC"], worth["Lee Trust"]) == (D("1000.00"), D("600.00"))
    explained = found[family["Ann"]].explain
    assert explained.formula == "assets - liabilities, each line split by shares to the minor unit"
    assert [(i.name, i.value) for i in explained.inputs][:2] == [
        ("assets", "380.01 USD"), ("liabilities", "30.01 USD"),
    ]  # fmt: skip


async def test_shares_follow_the_day(family: Family) -> None:
    await family.owns("Cy", "Lee LLC", None, since=date(2021, 3, 15))
    before = await sheet_of(family, look_through=True, as_of=date(2021, 3, 14))
    after = await sheet_of(family, look_through=True)
    assert set(matrix(family, before)["LLC account"]) == {"Ann", "Ben", "Cy"}
    # What Cy gave up nobody took: it stays with the LLC.
    assert matrix(family, after)["LLC account"] == {
        "Lee LLC": ("0.4", D("400.00")), "Ann": ("0.3", D("300.00")), "Ben": ("0.3", D("300.00")),
    }  # fmt: skip


async def test_a_debt_without_balance_leaves_net_worth_unknown(family: Family) -> None:
    await family.debt("Car loan", "Lee", "vehicle", None, "Ben")
    sheet = await sheet_of(family, look_through=False)
    assert nets(sheet) == {"Ann": D("50.00"), "Ben": None, "Lee LLC": D("1000.00")}
    assert (sheet.net_worth.value, sheet.net_worth.quality.value) == (None, "UNAVAILABLE")
    assert (sheet.total_liabilities.value, sheet.total_liabilities.quality.value) == (D("60.01"), "PARTIAL")
    assert "Car loan has no balance on or before the date" in [r.message for r in sheet.net_worth.reasons]


async def test_without_a_rate_there_is_no_value(family: Family) -> None:
    await family.account("Swiss", "Lee", "INDIVIDUAL", ("Ben", "owner", None), currency="CHF")
    await family.cash("Swiss", "10.00")
    await family.debt("Lombard", "Lee", "securities_backed", "5.00", "Ann", currency="CHF",
                      balance_day=date(2021, 3, 1))  # fmt: skip
    sheet = await sheet_of(family, look_through=False)
    assert (nets(sheet)["Ann"], nets(sheet)["Ben"]) == (None, None)
    assert {r.message for r in sheet.net_worth.reasons} == {
        "no exchange rate for Swiss from CHF into USD on or before the date",
        "no exchange rate for CHF in USD on or before the date",
    }


async def test_a_bounded_number_of_statements(family: Family) -> None:
    async def statements(households: list[Any], *, look_through: bool) -> int:
        async with family.platform.db.reading(Binding(family.firm.id)) as reader:
            view = await view_of(reader, family.firm)
            before = reader.statement_count
            await reads.balance_sheets(reader, view, households, look_through=look_through)
            return reader.statement_count - before

    more = [family["Lee"]]
    for number in range(3):
        await family.household(f"H{number}", Ann="head")
        await family.account(f"A{number}", f"H{number}", "LLC", ("Lee LLC", "owner", None))
        more.append(family[f"H{number}"])
    assert await statements(more[:1], look_through=True) == await statements(more, look_through=True) <= 7
    assert await statements(more, look_through=False) == 5


async def test_the_graph_shows_who_owns_what(family: Family) -> None:
    async with family.platform.db.reading(Binding(family.firm.id)) as reader:
        view = await view_of(reader, family.firm)
        graph = (await reads.ownership_graphs(reader, view, [family["Lee"]]))[family["Lee"]]
    names = {key: name for name, key in family.ids.items()}
    shown = {
        (names[e.from_id], e.kind, names[e.to_id], None if e.share is None else str(e.share))
        for e in graph.edges
    }
    assert shown == {
        ("Ann", "OWNS", "Ann's", "3/4"),
        ("Ann", "OWNS", "Joint", "1/2"),
        ("Ben", "OWNS", "Joint", "1/2"),
        ("Lee LLC", "OWNS", "LLC account", "1"),
        ("Ann", "OWES", "Mortgage", "1/2"),
        ("Ben", "OWES", "Mortgage", "1/2"),
        ("Lee Trust", "OWNS", "Lee LLC", "3/5"),
        ("Cy", "OWNS", "Lee LLC", "2/5"),
        ("Ann", "OWNS", "Lee Trust", "1/2"),
        ("Ben", "OWNS", "Lee Trust", "1/2"),
    }
    assert {(n.label, n.subject_kind, n.role) for n in graph.nodes} == {
        ("Ann", "party", "head"), ("Ben", "party", "spouse"), ("Lee Trust", "party", "entity"),
        ("Lee LLC", "party", None), ("Cy", "party", None), ("Joint", "account", None),
        ("LLC account", "account", None), ("Ann's", "account", None), ("Mortgage", "liability", None),
    }  # fmt: skip


async def test_a_client_sees_the_parts_of_what_was_shared(family: Family) -> None:
    """With one account granted, its owners are hidden: the value is there, attributed to nobody."""
    person = await make_user(family.platform, family.firm, roles=("CLIENT",), limited=True)
    async with family.platform.db.unit_of_work(Binding(family.firm.id)) as uow:
        for subject, kind in ((family["Lee"], "household"), (family["Joint"], "account")):
            values = {"t": family.firm.id, "p": person.id, "s": subject, "k": kind}
            await uow.execute(text(GRANT), values)
    async with family.platform.db.reading(Binding(family.firm.id, person.id, "limited", "portal")) as reader:
        view = await view_of(reader, family.firm)
        sheet = (await reads.balance_sheets(reader, view, [family["Lee"]], look_through=True))[family["Lee"]]
    assert [line.label for line in sheet.assets] == ["Joint"]
    assert sheet.owners == []
    assert (sheet.net_worth.value, sheet.not_attributed.value) == (D("100.01"), D("100.01"))
