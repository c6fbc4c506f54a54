"""Importing clients, owners, debts, lots and evidence: written, again, changed, corrected by hand."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.feeds.importer import ImportReport, import_bundle
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger.service import next_book_version
from wealthnexus.kit.context import SYSTEM
from wealthnexus.kit.crypto import Place, decrypt
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.ids import new_id
from wealthnexus.runtime import Platform

from tests.factories_ledger import LAST_DAY, rows, scalar
from tests.support.bundles import HEADER, write_folder
from tests.support.whole_bundle import WHOLE

pytestmark = pytest.mark.database
D = Decimal
EVER = date(1900, 1, 1)
TABLES = (
    "parties", "party_contacts", "party_relationships", "party_ownerships", "household_members",
    "household_accounts", "account_owners", "account_beneficiaries", "liabilities", "liability_owners",
    "liability_balances", "lots", "corporate_actions", "custodian_positions", "custodian_lots",
    "security_identifiers", "search_words", "book_versions", "audit_events", "subjects", "findings",
)  # fmt: skip
COUNTS = "select " + ", ".join(f"(select count(*) from {table} where tenant_id = :t)" for table in TABLES)


async def load(
    platform: Platform, firm: FirmInfo, folder: Path, changes: dict[str, str] | None = None, **header: str
) -> ImportReport:
    files: dict[str, Any] = {**WHOLE, "bundle.json": json.dumps({**HEADER, **header}), **(changes or {})}
    report = await import_bundle(platform, firm, write_folder(folder, files), actor=SYSTEM)
    assert report.ok, list(report.lines())
    return report


def changed(file: str, *changes: tuple[str, str]) -> dict[str, str]:
    content = WHOLE[file]
    for old, new in changes:
        assert old in content, old
        content = content.replace(old, new)
    return {file: content}


def counts(report: ImportReport, *names: str) -> dict[str, tuple[int, int, int]]:
    return {
        name: (c.created, c.changed, c.unchanged)
        for name, c in report.counts.items()
        if not names or name in names
    }


async def test_every_file_is_written_and_counted(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    report = await load(platform, firm, tmp_path)
    assert counts(report) == {
        "households": (2, 0, 0), "accounts": (6, 0, 0), "securities": (2, 0, 0), "prices": (3, 0, 0),
        "fx_rates": (1, 0, 0), "clients": (6, 0, 0), "liabilities": (4, 0, 0), "lots": (2, 0, 0),
        "corporate_actions": (2, 0, 0), "owners": (13, 0, 0), "relationships": (8, 0, 0),
        "identifiers": (4, 0, 0), "custodian_positions": (3, 0, 0), "custodian_lots": (2, 0, 0),
        "transactions": (5, 0, 0),
    }  # fmt: skip
    assert await rows(
        platform, firm,
        "select p.external_id, o.role, o.share, o.effective_from, o.effective_to, o.source_line"
        " from account_owners o join accounts a on a.tenant_id = :t and a.id = o.account_id"
        " join parties p on p.tenant_id = :t and p.id = o.party_id"
        " where o.tenant_id = :t and a.external_id = 'A3' order by 1"
    ) == [("C1", "custodian", None, EVER, None, 5), ("C3", "minor", None, EVER, None, 6)]  # fmt: skip
    assert await rows(
        platform, firm, "select b.name, b.tier, b.share, b.is_per_stirpes, b.party_id is null"
        " from account_beneficiaries b where b.tenant_id = :t order by 1"
    ) == [
        ("Lucia Castellano", "primary", D("0.5"), True, True),
        ("Nora Whitfield", "primary", D("0.5"), False, False),
    ]  # fmt: skip
    assert await rows(
        platform, firm, "select p.external_id, o.share, o.effective_from from party_ownerships o"
        " join parties p on p.tenant_id = :t and p.id = o.owner_id where o.tenant_id = :t order by 1"
    ) == [("C1", D("0.6"), EVER), ("C4", D("0.4"), date(2016, 2, 1))]  # fmt: skip
    assert await rows(
        platform, firm, "select l.kind, l.interest_rate, b.day, b.balance from liabilities l"
        " join liability_balances b on b.tenant_id = :t and b.liability_id = l.id"
        " where l.tenant_id = :t order by b.day"
    ) == [
        ("mortgage", D("0.0425"), date(2021, 2, 28), D("251000.00")),
        ("mortgage", D("0.0425"), LAST_DAY, D("250300.12")),
    ]  # fmt: skip
    assert await rows(
        platform, firm, "select value, effective_from, effective_to from security_identifiers i"
        " join securities s on s.tenant_id = :t and s.id = i.security_id"
        " where i.tenant_id = :t and s.security_key = 'SPY' and scheme = 'SYMBOL' order by 1"
    ) == [("SPDR", None, date(2000, 1, 1)), ("SPY", date(2000, 1, 1), None)]  # fmt: skip
    assert await rows(
        platform, firm,
        "select kind, value, is_primary from party_contacts where tenant_id = :t order by 1, 2"
    ) == [
        ("address", "12 Quay Lane", True),
        ("email", "nora@example.com", True),
        ("email", "paul@example.com", True),
        ("phone", "+1 555 0100", True),
    ]  # fmt: skip
    async with platform.db.reading(Binding(firm.id)) as reader:
        words = await reader.rows(
            text("select distinct kind from search_words where tenant_id = :t and word = 'marta'"),
            {"t": firm.id},
        )
    assert [row[0] for row in words] == ["PARTY"]


async def test_tax_ids_and_birth_dates_are_sealed(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    await load(platform, firm, tmp_path)
    (found,) = await rows(
        platform, firm, "select id, birth_date, tax_id, tax_id_last4, length(tax_id_hash), tax_id_type"
        " from parties where tenant_id = :t and external_id = 'C1'"
    )  # fmt: skip
    party_id, born, tax_id, *rest = found
    assert rest == ["5678", 32, "SSN"]
    async with platform.db.reading(Binding(firm.id)) as reader:
        key = await platform.keyring.firm_key(reader)
    assert decrypt(key, born, Place(firm.id, "parties", "birth_date", party_id)) == b"1961-04-12"
    assert decrypt(key, tax_id, Place(firm.id, "parties", "tax_id", party_id)) == b"912345678"
    for table, column in (("outbox", "payload"), ("audit_events", "details"), ("import_batches", "counts")):
        said = str(await rows(platform, firm, f"select {column} from {table} where tenant_id = :t"))
        assert "1961-04-12" not in said
        assert "5678" not in said


async def test_the_same_bundle_again_changes_nothing(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await load(platform, firm, tmp_path / "1")
    before = await rows(platform, firm, COUNTS)
    for as_of in ("2021-03-31", "2021-04-30"):
        report = await load(platform, firm, tmp_path / "2", as_of=as_of)
        assert not report.changed, counts(report)
        assert {c.created + c.changed for c in report.counts.values()} == {0}
        assert counts(report, "owners", "relationships", "liabilities") == {
            "owners": (0, 0, 13), "relationships": (0, 0, 8), "liabilities": (0, 0, 4),
        }  # fmt: skip
    assert await rows(platform, firm, COUNTS) == before


OWNERS_OF = (
    "select p.external_id, o.role, o.share, o.effective_from, o.effective_to, o.book_version,"
    " o.superseded_version from account_owners o"
    " join accounts a on a.tenant_id = :t and a.id = o.account_id"
    " join parties p on p.tenant_id = :t and p.id = o.party_id"
    " where o.tenant_id = :t and a.external_id = '{account}'"
    " order by o.book_version, p.external_id, o.effective_from"
)


async def test_a_changed_share_holds_from_the_bundles_day(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    given = ("A1,,C1,JOINT_SURVIVORSHIP,,", "A1,,C1,JOINT_SURVIVORSHIP,0.5,")
    await load(platform, firm, tmp_path / "1")
    report = await load(
        platform, firm, tmp_path / "2", changed("owners.csv", given,
        ("A1,,C2,JOINT_SURVIVORSHIP,,", "A1,,C2,JOINT_SURVIVORSHIP,0.5,")), as_of="2021-04-30",
    )  # fmt: skip
    assert counts(report, "owners") == {"owners": (0, 2, 11)}
    later, role = date(2021, 4, 30), "joint_survivorship"
    assert await rows(platform, firm, OWNERS_OF.format(account="A1")) == [
        ("C1", role, None, EVER, None, 1, 2),
        ("C2", role, None, EVER, None, 1, 2),
        ("C1", role, None, EVER, later, 2, None),
        ("C1", role, D("0.5"), later, None, 2, None),
        ("C2", role, None, EVER, later, 2, None),
        ("C2", role, D("0.5"), later, None, 2, None),
    ]


async def test_dates_of_the_source_are_taken_as_they_are(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await load(platform, firm, tmp_path / "1")
    report = await load(
        platform, firm, tmp_path / "2",
        changed("owners.csv", ("A2,,C6,OWNER,,,,,,", "A2,,C6,OWNER,,,,2015-01-01,2020-01-01,\n"
                               "A2,,C1,OWNER,,,,2020-01-01,,")),
    )  # fmt: skip
    assert counts(report, "owners") == {"owners": (1, 1, 12)}
    assert await rows(platform, firm, OWNERS_OF.format(account="A2")) == [
        ("C6", "owner", None, EVER, None, 1, 2),
        ("C1", "owner", None, date(2020, 1, 1), None, 2, None),
        ("C6", "owner", None, date(2015, 1, 1), date(2020, 1, 1), 2, None),
    ]


async def test_who_is_no_longer_named_ends_on_the_bundles_day(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await load(platform, firm, tmp_path / "1")
    changes = {
        **changed("relationships.csv", ("C2,MEMBER,,H1,SPOUSE,,,\n", ""), ("C1,PARENT,C3,,,,,\n", "")),
        **changed("owners.csv", ("A6,,C1,BENEFICIARY,0.5,PRIMARY,,,,\n", "")),
    }
    report = await load(platform, firm, tmp_path / "2", changes, as_of="2021-04-30")
    assert counts(report, "owners", "relationships") == {"owners": (0, 1, 12), "relationships": (0, 2, 6)}
    ended = date(2021, 4, 30)
    for table, name in (
        ("household_members", "party_id"), ("party_relationships", "party_id"),
        ("account_beneficiaries", "party_id"),
    ):  # fmt: skip
        assert await rows(
            platform, firm, f"select p.external_id, x.effective_from, x.effective_to from {table} x"
            f" join parties p on p.tenant_id = :t and p.id = x.{name}"
            " where x.tenant_id = :t and x.superseded_version is null and x.effective_to is not null"
        ) == [("C2" if table == "household_members" else "C1", EVER, ended)]  # fmt: skip
    assert not (await load(platform, firm, tmp_path / "3", changes, as_of="2021-05-31")).changed


async def test_what_a_person_wrote_is_not_overwritten(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await load(platform, firm, tmp_path / "1")
    account_id = await scalar(
        platform, firm, "select id from accounts where tenant_id = :t and external_id = 'A1'"
    )
    party_id = await scalar(
        platform, firm, "select id from parties where tenant_id = :t and external_id = 'C1'"
    )
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        version = await next_book_version(uow, "clients")
        values = {"t": firm.id, "a": account_id, "p": party_id, "v": version, "id": new_id()}
        await uow.execute(
            text(
                "update account_owners set superseded_version = :v where tenant_id = :t and account_id = :a"
            ),
            {key: values[key] for key in "tav"},
        )
        await uow.execute(
            text(
                "insert into account_owners (tenant_id, id, account_id, party_id, role, effective_from,"
                " book_version) values (:t, :id, :a, :p, 'owner', '2021-03-01', :v)"
            ),
            values,
        )
    # Twice: what is kept once is kept again.
    for name in ("2", "3"):
        report = await load(platform, firm, tmp_path / name)
        assert (report.changed, report.kept) == (False, 2)
        assert counts(report, "owners") == {"owners": (0, 0, 11)}
    assert await rows(
        platform, firm, OWNERS_OF.format(account="A1") + " limit 1 offset 2"
    ) == [("C1", "owner", None, date(2021, 3, 1), None, 2, None)]  # fmt: skip


async def test_a_changed_client_is_updated_and_an_equal_one_left(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await load(platform, firm, tmp_path / "1")
    report = await load(
        platform, firm, tmp_path / "2",
        changed("clients.csv", ("Marta,Castellano,1970-02-03", "Marta,Castellano,1970-02-04"),
                ("paul@example.com", "paul@quay.example"), ("C2,PERSON,Paul Whitfield", "C2,PERSON,Paul W."),
                ("98-7654321", "987654321")),
    )  # fmt: skip
    assert counts(report, "clients") == {"clients": (0, 2, 4)}
    found = await rows(
        platform, firm, "select external_id, name, version, id, birth_date from parties where tenant_id = :t"
        " order by 1"
    )  # fmt: skip
    assert [row[:3] for row in found][1:3] == [("C2", "Paul W.", 2), ("C3", "Ida Whitfield", 1)]
    assert found[3][2] == 1  # the same number, written another way
    async with platform.db.reading(Binding(firm.id)) as reader:
        key = await platform.keyring.firm_key(reader)
        hits = await clients.search(reader, "paul", ["PARTY"])
    place = Place(firm.id, "parties", "birth_date", UUID(str(found[5][3])))
    assert decrypt(key, found[5][4], place) == b"1970-02-04"
    assert [hit.title for group in hits for hit in group.hits] == ["Paul W."]
    assert await rows(
        platform, firm,
        "select value, version from party_contacts where tenant_id = :t and value like 'paul%'"
    ) == [("paul@quay.example", 2)]  # fmt: skip


async def test_balances_lots_actions_and_evidence_supersede(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await load(platform, firm, tmp_path / "1")
    report = await load(
        platform, firm, tmp_path / "2",
        {
            **changed("liabilities.csv", ("250300.12", "250300.10")),
            **changed("lots.csv", ("13105.95", "13105.90")),
            **changed("corporate_actions.csv", ("0.205", "0.21")),
            **changed("custodian_positions.csv", ("86894.05,,86894.05", "86894.00,,86894.00")),
        },
    )  # fmt: skip
    assert counts(report, "liabilities", "lots", "corporate_actions", "custodian_positions") == {
        "liabilities": (0, 1, 3), "lots": (0, 1, 1), "corporate_actions": (0, 1, 1),
        "custodian_positions": (0, 2, 1),
    }  # fmt: skip
    assert await rows(
        platform, firm, "select balance, book_version from liability_balances where tenant_id = :t"
        " and day = '2021-03-31' order by 2"
    ) == [(D("250300.12"), 1), (D("250300.10"), 2)]  # fmt: skip
    assert await rows(
        platform, firm, "select cost_basis, book_version, superseded_version from lots where tenant_id = :t"
        " and source_id = 'LOT1' order by 2"
    ) == [(D("13105.95"), 1, 2), (D("13105.90"), 2, None)]  # fmt: skip
    assert await rows(
        platform, firm, "select cash_amount, superseded_version from corporate_actions where tenant_id = :t"
        " and external_id = 'X2' order by book_version"
    ) == [(D("0.205"), 2), (D("0.21"), None)]  # fmt: skip
    assert await rows(
        platform, firm, "select count(*), count(distinct p.batch_id) from custodian_positions p"
        " join accounts a on a.tenant_id = :t and a.id = p.account_id"
        " where p.tenant_id = :t and a.external_id = 'A1'"
    ) == [(4, 2)]  # fmt: skip
    assert not (
        await load(
            platform, firm, tmp_path / "3",
            changed("custodian_positions.csv", ("86894.05,,86894.05", "86894.00,,86894.00"))
            | changed("lots.csv", ("13105.95", "13105.90")) | changed("liabilities.csv", (".12", ".10"))
            | changed("corporate_actions.csv", ("0.205", "0.21")),
        )
    ).changed  # fmt: skip


async def test_memberships_with_dates(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    header, *lines = WHOLE["accounts.csv"].splitlines()
    files = []
    for period in ("2015-06-01,", "2015-06-01,2021-01-01"):
        rows_of = [f"{line},{period}" if line.startswith("A3,") else f"{line},," for line in lines]
        files.append({"accounts.csv": "\n".join([f"{header},member_from,member_to", *rows_of]) + "\n"})
    await load(platform, firm, tmp_path / "1", files[0])
    report = await load(platform, firm, tmp_path / "2", files[1])
    assert report.memberships.as_dict() == {"created": 0, "changed": 1, "unchanged": 5}
    assert await rows(
        platform, firm,
        "select m.effective_from, m.effective_to, m.superseded_version"
        " from household_accounts m join accounts a on a.tenant_id = :t and a.id = m.account_id"
        " where m.tenant_id = :t and a.external_id = 'A3' order by m.book_version"
    ) == [
        (date(2015, 6, 1), None, 2),
        (date(2015, 6, 1), date(2021, 1, 1), None),
    ]  # fmt: skip
    assert not (await load(platform, firm, tmp_path / "3", files[1])).changed


async def test_another_source_may_refer_to_what_the_first_gave(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await load(platform, firm, tmp_path / "1")
    other: dict[str, Any] = dict.fromkeys(WHOLE)
    other["bundle.json"] = json.dumps({**HEADER, "source": "Other"})
    other["liabilities.csv"] = (
        WHOLE["liabilities.csv"].splitlines()[0]
        + "\nM1,[Test custodian]H1,Card,CREDIT_CARD,,USD,,,,,,,,2021-03-31,1200\n"
    )
    other["owners.csv"] = WHOLE["owners.csv"].splitlines()[0] + "\n,M1,[Test custodian]C2,OWNER,,,,,,\n"
    folder = write_folder(tmp_path / "2", other)
    report = await import_bundle(platform, firm, folder, actor=SYSTEM)
    assert report.ok, list(report.lines())
    assert counts(report, "owners", "liabilities") == {"liabilities": (2, 0, 0), "owners": (1, 0, 0)}
    assert not (await import_bundle(platform, firm, folder, actor=SYSTEM)).changed
    assert not (await load(platform, firm, tmp_path / "3")).changed


async def test_what_is_missing_or_overdue_is_a_finding(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    changes = {
        **changed("owners.csv", ("A1,,C2,JOINT_SURVIVORSHIP,,,,,,\n", ""), ("A2,,C6,OWNER,,,,,,\n", "")),
        **changed("clients.csv", ("2022-05-02,MODERATE,2020-01-15,paul",
                                  "2021-03-30,MODERATE,2020-01-15,paul")),
        **changed("liabilities.csv", ("2021-02-28,251000.00", "2020-09-30,251000.00"),
                  ("2021-03-31,250300.12", "2020-12-28,250300.12")),
        "accounts.csv": "\n".join(
            f"{line},{cell}" for line, cell in zip(
                WHOLE["accounts.csv"].splitlines(),
                ("custodianship_ends_on", "", "", "2021-03-31", "", "", ""), strict=True,
            )
        ) + "\n",
    }  # fmt: skip
    await load(platform, firm, tmp_path / "1", changes)
    about = (
        "select code, severity, message from findings where tenant_id = :t and state = 'OPEN'"
        " and code in ('ACCOUNT_WITHOUT_OWNER', 'OWNERS_MISSING', 'KYC_OVERDUE', 'STALE_BALANCE',"
        " 'MISSING_BALANCE', 'CUSTODIANSHIP_ENDED') order by code"
    )
    found = await rows(platform, firm, about)
    assert found == [
        (
            "ACCOUNT_WITHOUT_OWNER", "WARNING",
            "Custody in euros has no owner on 31 Mar 2021; add its owners",
        ),
        (
            "CUSTODIANSHIP_ENDED", "WARNING",
            "the custodian's authority over Ida's account ended on 31 Mar 2021; hand the account to its"
            " owner",
        ),
        (
            "KYC_OVERDUE", "WARNING",
            "the identity of Paul Whitfield was to be looked at again by 30 Mar 2021; renew it",
        ),
        (
            "MISSING_BALANCE", "WARNING",
            "Line on the brokerage account has no balance; the debt counts as unknown",
        ),
        (
            "OWNERS_MISSING", "WARNING",
            "Joint brokerage is a JOINT_WITH_SURVIVORSHIP account and has 1 as JOINT_SURVIVORSHIP on"
            " 31 Mar 2021, expected at least 2",
        ),
        (
            "STALE_BALANCE", "INFO",
            "the latest balance of House on Quay Lane is of 28 Dec 2020; ask the lender for a newer one",
        ),
    ]  # fmt: skip
