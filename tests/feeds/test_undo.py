"""Taking an import back: everything is as before it, and what was known meanwhile can still be asked."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.clients.repository import balance_courses
from wealthnexus.domain.clients.service import (
    Debtor,
    LiabilityCommand,
    create_liability,
    update_liability,
)
from wealthnexus.domain.feeds.exporter import export_books
from wealthnexus.domain.feeds.importer import ImportReport, import_bundle
from wealthnexus.domain.feeds.undo import preview_undo
from wealthnexus.domain.feeds.undo.service import undo_import
from wealthnexus.domain.feeds.upkeep import JOURNAL_KEPT, forget_journals
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger.service import TransactionCommand, correct_transaction, post_transaction
from wealthnexus.domain.ledger.view import book_view
from wealthnexus.domain.markets.live.base import Subject, load_base
from wealthnexus.domain.markets.repository.desk import rates
from wealthnexus.kit import clock
from wealthnexus.kit.context import SYSTEM
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.errors import Conflict, PolicyBlocked
from wealthnexus.kit.paging import page_request
from wealthnexus.runtime import Platform

from tests.factories import make_user
from tests.factories_ledger import LAST_DAY, ids_of, rows, scalar
from tests.feeds.test_export import figures, said
from tests.support.bundles import HEADER, write_folder
from tests.support.whole_bundle import WHOLE

pytestmark = pytest.mark.database
D = Decimal


@pytest.fixture
def firm(firm: FirmInfo) -> FirmInfo:
    """A firm like any other: what the platform puts into its demo firms stays."""
    return replace(firm, is_demo=False)


# Everything of a second delivery that an import can do: new, changed, ended, told again otherwise.
SECOND: dict[str, tuple[tuple[str, str], ...]] = {
    "households.csv": (("H1,", "H9,The Newcomers\nH1,New name of "),),
    "accounts.csv": (
        ("A6,H2,71105121,Retirement,", "A9,H9,71109999,New account,INDIVIDUAL,TAXABLE,Cascade Custody,USD,"
         "2021-03-01,\nA6,H2,71105121,Retirement account,"),
    ),
    "clients.csv": (
        ("C1,PERSON,Nora Whitfield,Nora,Whitfield,1961-04-12", "C9,PERSON,Newt Newcomer,Newt,Newcomer,"
         "1980-01-02,,,US,US,,,,,,,,,,newt@example.com,,\n"
         "C1,PERSON,Nora Whitfield,Nora,Whitfield,1961-04-13"),
        ("paul@example.com,,", "paul@example.org,+1 555 0199,"),
    ),
    "owners.csv": (
        ("A5,,C5,OWNER,,", "A9,,C9,OWNER,,,,,,\nA5,,C4,OWNER,,"),
        (",L1,C1,OWNER,0.5", ",L1,C1,OWNER,0.25"),
        ("BENEFICIARY,0.5,PRIMARY,TRUE,,,Lucia", "BENEFICIARY,0.25,PRIMARY,TRUE,,,Lucia"),
    ),
    "relationships.csv": (
        ("C1,SPOUSE,C2,,,,1990-06-01,\n", "C9,MEMBER,,H9,HEAD,,,\n"),
        ("C1,OWNS,C5,,,0.6", "C1,OWNS,C5,,,0.5"),
    ),
    "liabilities.csv": (("2021-03-31,250300.12\n", "2021-03-31,250000.00\n"),),
    "identifiers.csv": (("SPY,SYMBOL,SPY,ARCX,2000-01-01,", "SPY,SYMBOL,SPYX,ARCX,2000-01-01,"),),
    "lots.csv": (("2021-01-05,100,13105.95", "2021-01-05,90,13000"),),
    "corporate_actions.csv": (("0.205,USD", "0.305,USD"),),
    "custodian_positions.csv": (
        ("100.1517,122.15,12233.53,13126.45", "99,122.15,12092.85,13126.45"),
        ("A2,2021-03-31,,,EUR,5000.00,,5000.00,\n", "A2,2021-03-30,,,EUR,4000.00,,4000.00,\n"),
    ),
    "custodian_lots.csv": (("2021-02-11,0.1517,20.50", "2021-02-11,0.2,20.50"),),
}  # fmt: skip


def second(**more: tuple[tuple[str, str], ...]) -> dict[str, str]:
    files: dict[str, str] = {}
    for name, changes in {**SECOND, **{f"{key}.csv": value for key, value in more.items()}}.items():
        content = WHOLE[name]
        for old, new in changes:
            assert old in content, (name, old)
            content = content.replace(old, new)
        files[name] = content
    transactions = WHOLE["transactions.csv"].splitlines(keepends=True)
    first = transactions[1].split(",")
    first[8] = "90000.00"
    files["transactions.csv"] = "".join(
        [transactions[0], ",".join(first), *transactions[2:],
         "N1,A9,DEPOSIT,2021-03-02,2021-03-02,,,,777.00,0,USD,,,,\n",
         "N2,A9,BUY,2021-03-03,2021-03-05,SPY,1,380,-380,0,USD,,,,\n",
         "N3,A6,BUY,2021-03-03,2021-03-05,SPY,1,380,-380,0,USD,,,,\n"]
    )  # fmt: skip
    prices = WHOLE["prices.csv"].splitlines(keepends=True)
    cells = prices[-1].rstrip("\n").split(",")
    header = prices[0].rstrip("\n").split(",")
    close = header.index("close")
    changed = ",".join([*cells[:close], "123.45", *cells[close + 1 :]])
    fresh = ["SPY", "2021-03-29", *[""] * (len(header) - 2)]
    fresh[close] = "390"
    files["prices.csv"] = "".join([*prices[:-1], changed, "\n", ",".join(fresh), "\n"])
    rates = WHOLE["fx_rates.csv"].splitlines(keepends=True)
    files["fx_rates.csv"] = rates[0] + "EUR,USD,2021-03-31,1.5\n" + "GBP,USD,2021-03-31,1.4\n"
    return files


async def load(
    platform: Platform, firm: FirmInfo, folder: Path, changes: dict[str, str] | None = None, **header: str
) -> ImportReport:
    files: dict[str, Any] = {**WHOLE, "bundle.json": json.dumps({**HEADER, **header}), **(changes or {})}
    report = await import_bundle(platform, firm, write_folder(folder, files), actor=SYSTEM)
    assert report.ok, list(report.lines())
    return report


async def silent(_stage: str, _done: int, _total: int | None) -> None:
    return None


async def take_back(platform: Platform, firm: FirmInfo, batch_id: UUID | None) -> dict[str, Any]:
    assert batch_id is not None
    async with platform.db.unit_of_work(Binding(firm.id), actor=SYSTEM) as uow:
        return await undo_import(uow, firm, batch_id, reason="the wrong file", job_id=None, progress=silent)


async def exported(platform: Platform, firm: FirmInfo, folder: Path) -> dict[str, bytes]:
    await export_books(platform, firm, folder)
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))  # noqa: ASYNC240
        if path.is_file()
    }


SEEN = {
    "words": "select w.word, w.kind, u.label from search_words w"
    " join subjects u on u.tenant_id = :t and u.id = w.subject_id where w.tenant_id = :t",
    "held": "select a.external_id, s.security_key from account_securities x"
    " join accounts a on a.tenant_id = :t and a.id = x.account_id"
    " join securities s on s.tenant_id = :t and s.id = x.security_id where x.tenant_id = :t",
    "valued": "select a.external_id, v.day, v.market_value, v.cash, v.position_count"
    " from account_valuations v"
    " join accounts a on a.tenant_id = :t and a.id = v.account_id where v.tenant_id = :t",
    "valuation rows": "select count(*) from account_valuations where tenant_id = :t",
    "digests": "select external_id, encode(source_digest, 'hex') from parties where tenant_id = :t",
    "findings": "select code, message from findings where tenant_id = :t and state = 'OPEN'",
    "items": "select kind, title from work_items where tenant_id = :t and state = 'OPEN'",
}


async def state(platform: Platform, firm: FirmInfo, folder: Path) -> dict[str, Any]:
    """Everything anybody can ask of the firm."""
    seen = {name: sorted(await rows(platform, firm, sql), key=repr) for name, sql in SEEN.items()}
    return {
        "said": await said(platform, firm),
        "figures": {day: await figures(platform, firm, day) for day in (LAST_DAY, date(2021, 3, 3))},
        "export": await exported(platform, firm, folder),
        **seen,
    }


async def test_an_import_is_taken_back_and_everything_is_as_before(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await load(platform, firm, tmp_path / "a")
    after_a = await state(platform, firm, tmp_path / "out-a")
    during = clock.now()
    report = await load(platform, firm, tmp_path / "b", second())
    after_b = await state(platform, firm, tmp_path / "out-b")
    assert all(after_b[part] != after_a[part] for part in ("said", "figures", "export", "words", "held"))
    known_b = clock.now()
    done = await take_back(platform, firm, report.batch_id)
    assert done["counts"]["households"] == {"removed": 1, "restored": 1}
    assert done["counts"]["accounts"] == {"removed": 1, "restored": 1}
    assert done["counts"]["transactions"] == {"removed": 4, "restored": 1}
    now = await state(platform, firm, tmp_path / "out-c")
    for part, before in after_a.items():
        assert now[part] == before, part
    # Nothing is lost: what was known before and during is still the answer for those instants.
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await book_view(reader, firm, LAST_DAY, during)
        page = await clients.households_page(reader, view, page_request(200, None))
        assert [one.external_id for one in page.rows if one.external_id == "H9"] in ([], ["H9"])
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await book_view(reader, firm, LAST_DAY, known_b)
        page = await clients.accounts_page(reader, view, page_request(200, None))
        values = {one.external_id: one.market_value.value for one in page.rows}
    during_b = {
        key: value for key, value in after_b["figures"][LAST_DAY].items() if key.startswith("account ")
    }
    assert values == {key.removeprefix("account "): value[0][0] for key, value in during_b.items()}
    with pytest.raises(Conflict, match="was taken back already"):
        await take_back(platform, firm, report.batch_id)


async def readings(platform: Platform, firm: FirmInfo) -> dict[str, Any]:
    """What is read of debts and rates beside the lists and figures of ``state``."""
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await book_view(reader, firm, LAST_DAY)
        debts = await reader.rows(
            text("select id, household_id, external_id from liabilities where tenant_id = :t"),
            {"t": firm.id},
        )
        courses = await balance_courses(reader, view, [row.id for row in debts])
        homes = [Subject("household", row.household_id) for row in debts]
        base = await load_base(reader, view, homes)
        return {
            "courses": {
                row.external_id: [(one.day, one.balance) for one in courses[row.id]] for row in debts
            },
            "live": {base.debts[home] for home in homes},
            "rates": [(one.base, one.quote, one.rate, one.date) for one in await rates(reader, view)],
        }


async def test_balances_and_rates_that_were_taken_back_are_told_nowhere(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await load(platform, firm, tmp_path / "a")
    before = await readings(platform, firm)
    assert before["courses"]["L2"] == []
    owed = (("account,SECURITIES_BACKED,,USD,,,,,,A1,,,\n",
             "account,SECURITIES_BACKED,,USD,,,,,,A1,,2021-03-31,4000.00\n"),)  # fmt: skip
    report = await load(platform, firm, tmp_path / "b", second(liabilities=owed))
    meanwhile = await readings(platform, firm)
    assert meanwhile["courses"]["L2"] == [(LAST_DAY, D(4000))]
    assert meanwhile["live"] == {one + 4000 for one in before["live"]}
    assert ("GBP", "USD", D("1.4"), LAST_DAY) in meanwhile["rates"]
    await take_back(platform, firm, report.batch_id)
    assert await readings(platform, firm) == before
    # What is owed by nothing that stands keeps nobody from closing the debt.
    async with platform.db.unit_of_work(Binding(firm.id), actor=SYSTEM) as uow:
        debt = await uow.one_or_none(
            text("select id, version from liabilities where tenant_id = :t and external_id = 'L2'"),
            {"t": firm.id},
        )
        assert debt is not None
        await update_liability(uow, firm, debt.id, {"closed_on": LAST_DAY}, expected_version=debt.version)


async def test_what_was_taken_back_can_be_sent_again(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await load(platform, firm, tmp_path / "a")
    first = await load(platform, firm, tmp_path / "b", second())
    after_b = await said(platform, firm)
    worth = await figures(platform, firm, LAST_DAY)
    await take_back(platform, firm, first.batch_id)
    again = await load(platform, firm, tmp_path / "c", second())
    assert again.changed
    assert await said(platform, firm) == after_b
    assert await figures(platform, firm, LAST_DAY) == worth
    assert not (await load(platform, firm, tmp_path / "d", second())).changed
    # And the second time it goes the same way.
    await take_back(platform, firm, again.batch_id)
    assert not (await load(platform, firm, tmp_path / "e")).changed


async def test_the_first_import_of_a_firm_is_taken_back_whole(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    empty = await state(platform, firm, tmp_path / "out-0")
    report = await load(platform, firm, tmp_path / "a")
    await take_back(platform, firm, report.batch_id)
    now = await state(platform, firm, tmp_path / "out-1")
    for part, before in empty.items():
        assert now[part] == before, part
    assert await scalar(platform, firm, "select count(*) from accounts where tenant_id = :t") == 0


async def test_imports_are_taken_back_one_after_the_other(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await load(platform, firm, tmp_path / "a")
    after_a = await state(platform, firm, tmp_path / "out-a")
    b = await load(platform, firm, tmp_path / "b", second())
    after_b = await state(platform, firm, tmp_path / "out-b")
    third = {name: text_.replace("New name of ", "Third name of ") for name, text_ in second().items()}
    third["transactions.csv"] = third["transactions.csv"].replace("777.00", "888.00")
    third["prices.csv"] = third["prices.csv"].replace("123.45", "124.45")
    third["owners.csv"] = third["owners.csv"].replace("C1,OWNER,0.25", "C1,OWNER,0.3")
    c = await load(platform, firm, tmp_path / "c", third)
    with pytest.raises(PolicyBlocked, match="something stands on this import"):
        await take_back(platform, firm, b.batch_id)
    await take_back(platform, firm, c.batch_id)
    now = await state(platform, firm, tmp_path / "out-c")
    for part, before in after_b.items():
        assert now[part] == before, part
    await take_back(platform, firm, b.batch_id)
    now = await state(platform, firm, tmp_path / "out-d")
    for part, before in after_a.items():
        assert now[part] == before, part


async def codes(
    platform: Platform, firm: FirmInfo, batch_id: UUID | None
) -> dict[str, tuple[int, tuple[str, ...]]]:
    assert batch_id is not None
    async with platform.db.reading(Binding(firm.id)) as reader:
        found = await preview_undo(reader, batch_id)
    assert found.can_undo == (not found.blockers)
    return {one.code: (one.count, one.examples) for one in found.blockers}


async def test_what_stands_on_an_import_keeps_it(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    await load(platform, firm, tmp_path / "a")
    report = await load(platform, firm, tmp_path / "b", second())
    assert await codes(platform, firm, report.batch_id) == {}
    ids = await ids_of(platform, firm)
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        deposit = TransactionCommand(ids.accounts["A9"], "DEPOSIT", date(2021, 3, 20), D("12.50"))
        await post_transaction(uow, firm, deposit)
    found = await codes(platform, firm, report.batch_id)
    assert found["LATER_TRANSACTIONS"][0] == 1
    with pytest.raises(PolicyBlocked, match="a later transaction on its accounts"):
        await take_back(platform, firm, report.batch_id)
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        right = TransactionCommand(ids.accounts["A9"], "DEPOSIT", date(2021, 3, 2), D(700))
        await correct_transaction(uow, firm, ids.transactions["N1"], right, "a typing error")
    assert (await codes(platform, firm, report.batch_id))["CORRECTED"] == (1, ("N1",))
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        for statement in (
            "update households set name = 'By hand', version = version + 1"
            " where tenant_id = :t and external_id = 'H1'",
            "insert into tags (tenant_id, id, name, name_normalised, created_at)"
            " values (:t, :g, 'VIP', 'vip', now())",
            "insert into subject_tags (tenant_id, tag_id, subject_id, created_at)"
            " select :t, :g, id, now() from households where tenant_id = :t and external_id = 'H9'",
        ):
            values = {"t": firm.id, "g": ids.households["H1"]}
            await uow.execute(text(statement), {k: v for k, v in values.items() if f":{k}" in statement})
    found = await codes(platform, firm, report.batch_id)
    assert found["EDITED"] == (1, ("By hand",))
    assert found["POINTED_AT"] == (1, ("The Newcomers",))
    # Somebody signs in as a person it brought, and a debt is entered for a household it brought.
    client = await make_user(platform, firm, roles=("CLIENT",))
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        newcomer = "select id from parties where tenant_id = :t and external_id = 'C9'"
        await uow.execute(
            text(f"update users set party_id = ({newcomer}) where tenant_id = :t and id = :u"),
            {"t": firm.id, "u": client.id},
        )
        known = await uow.scalar(
            text("select id from parties where tenant_id = :t and external_id = 'C1'"), {"t": firm.id}
        )
        debt = LiabilityCommand(
            household_id=ids.households["H9"], kind="personal", name="Loan", currency="USD",
            owners=[Debtor(known)],
        )  # fmt: skip
        await create_liability(uow, firm, debt)
    found = await codes(platform, firm, report.batch_id)
    assert found["POINTED_AT"] == (3, ("Newt Newcomer", "The Newcomers", "The Newcomers"))


async def test_the_window_closes(
    platform: Platform, firm: FirmInfo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = await load(platform, firm, tmp_path / "a")
    later = clock.now() + timedelta(hours=firm.limit("import_undo_hours"), seconds=1)
    monkeypatch.setattr("wealthnexus.domain.feeds.undo.service.clock.now", lambda: later)
    with pytest.raises(PolicyBlocked, match="could be taken back until"):
        await take_back(platform, firm, report.batch_id)


async def test_what_was_kept_for_an_undo_goes_a_week_after_its_window(
    platform: Platform, firm: FirmInfo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await load(platform, firm, tmp_path / "a")
    await load(platform, firm, tmp_path / "b", second())
    counted = "select count(*) from import_journal where tenant_id = :t"
    kept = await scalar(platform, firm, counted)
    assert kept > 3
    over = clock.now() + timedelta(hours=firm.limit("import_undo_hours")) + JOURNAL_KEPT
    for later, limit, gone in (
        (over - timedelta(minutes=1), 1_000, 0),
        (over, 3, 3),
        (over, 1_000, kept - 3),
        (over, 1_000, 0),
    ):
        monkeypatch.setattr("wealthnexus.domain.feeds.upkeep.clock.now", lambda later=later: later)
        async with platform.db.unit_of_work(Binding(firm.id), actor=SYSTEM) as uow:
            assert await forget_journals(uow, limit) == gone
    assert await scalar(platform, firm, counted) == 0


async def test_two_sources_do_not_hinder_one_another(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await load(platform, firm, tmp_path / "a")
    before = await said(platform, firm)
    other = await load(platform, firm, tmp_path / "o", source="Other custodian")
    both = await said(platform, firm)
    again = await load(platform, firm, tmp_path / "b", second())
    await take_back(platform, firm, again.batch_id)
    assert await said(platform, firm) == both
    await take_back(platform, firm, other.batch_id)
    assert await said(platform, firm) == before


async def test_an_undo_that_dies_half_way_has_changed_nothing_and_is_done_when_asked_again(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await load(platform, firm, tmp_path / "a")
    after_a = await state(platform, firm, tmp_path / "out-a")
    report = await load(platform, firm, tmp_path / "b", second())
    after_b = await state(platform, firm, tmp_path / "out-b")
    assert report.batch_id is not None
    died: list[str] = []
    batch_id = report.batch_id

    async def half() -> None:
        async with platform.db.unit_of_work(Binding(firm.id), actor=SYSTEM) as uow:
            pid = await uow.scalar(text("select pg_backend_pid()"))

            async def die(stage: str, done: int, _total: int | None) -> None:
                if stage == "writing" and done == 10 and not died:
                    died.append(stage)
                    async with platform.db.unit_of_work(Binding(firm.id)) as other:
                        await other.execute(text("select pg_terminate_backend(:pid)"), {"pid": pid})

            await undo_import(uow, firm, batch_id, reason="half way", job_id=None, progress=die)

    with pytest.raises(DBAPIError):
        await half()
    assert died == ["writing"]
    now = await state(platform, firm, tmp_path / "out-c")
    for part, before in after_b.items():
        assert now[part] == before, part
    await take_back(platform, firm, report.batch_id)
    now = await state(platform, firm, tmp_path / "out-d")
    for part, before in after_a.items():
        assert now[part] == before, part
