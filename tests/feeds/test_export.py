"""Exporting a firm's books and bringing them into another firm, and back into the same."""

from __future__ import annotations

import json
import os
import stat
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from wealthnexus.demo.books import write_demo_bundle
from wealthnexus.domain.bundle.rules import CARRIES_OUT
from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.feeds.exporter import export_books
from wealthnexus.domain.feeds.importer import import_books, import_bundle
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger import repository as ledger
from wealthnexus.domain.ledger.service import (
    TransactionCommand,
    correct_transaction,
    next_book_version,
    post_transaction,
)
from wealthnexus.kit.context import SYSTEM
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.errors import ValidationFailed
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.paging import page_request
from wealthnexus.runtime import Platform

from tests.factories import make_firm
from tests.factories_ledger import LAST_DAY, ids_of, rows, view_of
from tests.feeds.every_kind import entries_of_every_kind
from tests.support.bundles import write_folder
from tests.support.whole_bundle import WHOLE

FULL = os.environ.get("WEALTHNEXUS_SOAK") == "1"
FIRMS = ("summit", "harbor")
"""One of them in `make test`, both in `make soak`."""
pytestmark = pytest.mark.database
D = Decimal

# What a firm says of itself, by keys of the sources: equal in two firms when their books are.
SAID = {
    "households": "select source, external_id, name, left_on from households where tenant_id = :t",
    "accounts": "select source, external_id, name, account_number_last4, account_type, tax_status, custodian,"
    " currency, opened_on, closed_on, lot_method, has_margin, custodianship_ends_on from accounts"
    " where tenant_id = :t",
    "members": "select h.external_id, a.external_id, m.effective_from, m.effective_to"
    " from household_accounts m join households h on h.tenant_id = :t and h.id = m.household_id"
    " join accounts a on a.tenant_id = :t and a.id = m.account_id"
    " where m.tenant_id = :t and m.superseded_version is null",
    "parties": "select source, external_id, kind, status, name, given_name, family_name, tax_id_last4,"
    " tax_id_type, citizenship, residence, jurisdiction, formed_on, ended_on, kyc_state, kyc_verified_on,"
    " kyc_refresh_due, risk_profile, risk_assessed_on from parties where tenant_id = :t",
    "contacts": "select p.external_id, c.kind, c.value from party_contacts c"
    " join parties p on p.tenant_id = :t and p.id = c.party_id where c.tenant_id = :t and c.is_primary",
    "owners": "select a.external_id, p.external_id, o.role, o.share, o.effective_from, o.effective_to"
    " from account_owners o join accounts a on a.tenant_id = :t and a.id = o.account_id"
    " join parties p on p.tenant_id = :t and p.id = o.party_id"
    " where o.tenant_id = :t and o.superseded_version is null",
    "beneficiaries": "select a.external_id, b.name, b.tier, b.share, b.is_per_stirpes, b.party_id is null,"
    " b.effective_from, b.effective_to from account_beneficiaries b"
    " join accounts a on a.tenant_id = :t and a.id = b.account_id"
    " where b.tenant_id = :t and b.superseded_version is null",
    "relationships": "select p.external_id, r.kind, q.external_id, r.effective_from, r.effective_to"
    " from party_relationships r join parties p on p.tenant_id = :t and p.id = r.party_id"
    " join parties q on q.tenant_id = :t and q.id = r.related_id"
    " where r.tenant_id = :t and r.superseded_version is null",
    "ownerships": "select p.external_id, q.external_id, r.share, r.effective_from, r.effective_to"
    " from party_ownerships r join parties p on p.tenant_id = :t and p.id = r.owner_id"
    " join parties q on q.tenant_id = :t and q.id = r.owned_id"
    " where r.tenant_id = :t and r.superseded_version is null",
    "household members": "select h.external_id, p.external_id, m.relationship, m.effective_from,"
    " m.effective_to from household_members m join households h on h.tenant_id = :t and h.id = m.household_id"
    " join parties p on p.tenant_id = :t and p.id = m.party_id"
    " where m.tenant_id = :t and m.superseded_version is null",
    "liabilities": "select l.source, l.external_id, h.external_id, l.kind, l.name, l.lender, l.currency,"
    " l.original_amount, l.interest_rate, l.opened_on, l.matures_on, l.closed_on, a.external_id, b.day,"
    " b.balance from liabilities l join households h on h.tenant_id = :t and h.id = l.household_id"
    " left join accounts a on a.tenant_id = :t and a.id = l.secured_account_id"
    " left join lateral (select distinct on (day) day, balance, is_withdrawn from liability_balances x"
    "   where x.tenant_id = :t and x.liability_id = l.id order by day, book_version desc) b"
    "   on not b.is_withdrawn"
    " where l.tenant_id = :t",
    "liability owners": "select l.external_id, p.external_id, o.share, o.effective_from, o.effective_to"
    " from liability_owners o join liabilities l on l.tenant_id = :t and l.id = o.liability_id"
    " join parties p on p.tenant_id = :t and p.id = o.party_id"
    " where o.tenant_id = :t and o.superseded_version is null",
    "securities": "select source, security_key, name, symbol, exchange, security_type, asset_class,"
    " sub_asset_class, currency, price_multiplier, option_type, strike, expiry, contract_size, coupon,"
    " maturity, day_count, payments_per_year from securities where tenant_id = :t",
    "identifiers": "select s.security_key, i.scheme, i.value, i.exchange, i.effective_from, i.effective_to"
    " from security_identifiers i join securities s on s.tenant_id = :t and s.id = i.security_id"
    " where i.tenant_id = :t and i.superseded_version is null",
    "prices": "select * from (select distinct on (s.security_key, p.day, p.source) s.security_key, p.day,"
    " p.source, p.close, p.open, p.high, p.low, p.volume, p.is_withdrawn from security_prices p"
    " join securities s on s.tenant_id = :t and s.id = p.security_id where p.tenant_id = :t"
    " order by s.security_key, p.day, p.source, p.book_version desc) x where not is_withdrawn",
    "rates": "select base, quote, day, source, rate from (select distinct on (base, quote, day, source) *"
    " from fx_rates where tenant_id = :t order by base, quote, day, source, book_version desc) x"
    " where not is_withdrawn",
    "lots": "select a.external_id, s.security_key, l.source_id, l.as_of, l.acquired_on, l.quantity,"
    " l.cost_basis, l.currency, l.related_source_id from lots l"
    " join accounts a on a.tenant_id = :t and a.id = l.account_id"
    " join securities s on s.tenant_id = :t and s.id = l.security_id"
    " where l.tenant_id = :t and l.superseded_version is null",
    "corporate actions": "select s.security_key, c.external_id, c.type, c.ex_date, c.record_date, c.pay_date,"
    " c.ratio_new, c.ratio_old, c.cash_amount, c.currency, c.new_value, c.description, c.basis_fraction,"
    " c.is_taxable, c.cash_in_lieu_price, c.fractions"
    " from corporate_actions c join securities s on s.tenant_id = :t and s.id = c.security_id"
    " where c.tenant_id = :t and c.superseded_version is null",
    "custodian positions": "select a.external_id, e.day, s.security_key, e.currency, e.quantity, e.price,"
    " e.market_value, e.cost_basis, e.custodian_key from custodian_positions e"
    " join accounts a on a.tenant_id = :t and a.id = e.account_id"
    " left join securities s on s.tenant_id = :t and s.id = e.security_id where e.tenant_id = :t",
    "custodian lots": "select a.external_id, e.day, s.security_key, e.acquired_on, e.quantity, e.cost_basis"
    " from custodian_lots e join accounts a on a.tenant_id = :t and a.id = e.account_id"
    " join securities s on s.tenant_id = :t and s.id = e.security_id where e.tenant_id = :t",
    "transactions": "select t.source, t.source_id, a.external_id, t.type, t.trade_date, t.settlement_date,"
    " s.security_key, t.quantity, t.units, t.price, t.amount, t.fees, t.currency, t.accrued_interest,"
    " t.lot_selection, t.related_source_id, t.description, t.content_hash is not null, f.name, c.external_id,"
    " t.order_reference, t.exchange_rate, b.external_id, t.is_deep_in_the_money from transactions t"
    " join portfolios f on f.tenant_id = :t and f.id = t.portfolio_id"
    " left join corporate_actions c on c.tenant_id = :t and c.id = t.corporate_action_id"
    " left join accounts b on b.tenant_id = :t and b.id = t.billed_account_id"
    " join accounts a on a.tenant_id = :t and a.id = t.account_id"
    " left join securities s on s.tenant_id = :t and s.id = t.security_id"
    " where t.tenant_id = :t and t.entry_kind <> 'REVERSAL' and not exists (select 1 from transactions r"
    "   where r.tenant_id = :t and r.reverses_id = t.id)",
}  # fmt: skip


async def said(platform: Platform, firm: FirmInfo) -> dict[str, list[Any]]:
    return {name: sorted(await rows(platform, firm, statement), key=repr) for name, statement in SAID.items()}


def plain(figure: Any) -> tuple[Any, ...]:
    """A figure without the version of the books it is of."""
    return figure.value, figure.currency, figure.as_of, figure.basis, figure.quality, figure.reasons


async def figures(platform: Platform, firm: FirmInfo, day: date) -> dict[str, Any]:
    """Every household's, account's and position's value, by external keys."""
    found: dict[str, Any] = {}
    keys = {id_: key for key, id_ in (await ids_of(platform, firm)).securities.items()}
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await view_of(reader, firm, day)
        for household in (await clients.households_page(reader, view, page_request(200, None))).rows:
            found[f"household {household.external_id}"] = (
                plain(household.market_value),
                household.account_count,
            )
        accounts = (await clients.accounts_page(reader, view, page_request(200, None))).rows
        positions = await ledger.positions_by_account(
            reader, view, [a.id for a in accounts], page_request(200, None)
        )
        for account in accounts:
            found[f"account {account.external_id}"] = (plain(account.market_value), plain(account.cash))
            for p in positions[account.id].rows:
                found[f"position {account.external_id} {keys[p.security_id]}"] = (
                    p.quantity, p.price, p.price_date, plain(p.market_value),
                )  # fmt: skip
    return found


async def other_firm(platform: Platform) -> FirmInfo:
    return await make_firm(platform, pinned_business_date=LAST_DAY)


async def both_ways(platform: Platform, firm: FirmInfo, out: Path, *days: date) -> dict[str, list[Any]]:
    """Export, import into a fresh firm and into the same; everything is equal, and nothing changed."""
    await export_books(platform, firm, out)
    fresh = await other_firm(platform)
    report = await import_books(platform, fresh, out, actor=SYSTEM)
    assert report.ok, list(report.lines())
    before = await said(platform, firm)
    assert await said(platform, fresh) == before
    for day in days:
        assert await figures(platform, fresh, day) == await figures(platform, firm, day)
    versions = "select count(*) from book_versions where tenant_id = :t"
    for target, path in ((firm, out), (fresh, out)):
        known = await rows(platform, target, versions)
        again = await import_books(platform, target, path, actor=SYSTEM)
        assert again.ok, list(again.lines())
        assert not again.changed, list(again.lines())
        assert await rows(platform, target, versions) == known
    assert await said(platform, firm) == before
    return before


@pytest.mark.soak
@pytest.mark.parametrize("slug", FIRMS if FULL else FIRMS[1:])
async def test_a_demo_book_goes_out_and_comes_in(
    platform: Platform, firm: FirmInfo, tmp_path: Path, slug: Any
) -> None:
    write_demo_bundle(slug, tmp_path / slug)
    assert (await import_bundle(platform, firm, tmp_path / slug, actor=SYSTEM)).ok
    days = (LAST_DAY, date(2020, 8, 31), date(2016, 2, 29))
    found = await both_ways(platform, firm, tmp_path / "out", *days)
    assert len(found["transactions"]) > 15_000


async def test_corporate_actions_and_what_few_rows_say_go_out_and_come_in(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await entries_of_every_kind().load(platform, firm, tmp_path)
    found = await both_ways(platform, firm, tmp_path / "out", LAST_DAY)
    assert {row[3] for row in found["transactions"]} >= CARRIES_OUT
    assert sum(row[-5] is not None for row in found["transactions"]) == 8
    assert [(row[3], row[10]) for row in found["transactions"] if row[-6] == "Satellite"] == [("JOURNAL", 60)]


async def test_a_book_of_every_file_goes_out_and_comes_in(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    folder = write_folder(tmp_path / "in", WHOLE)
    assert (await import_bundle(platform, firm, folder, actor=SYSTEM)).ok
    found = await both_ways(platform, firm, tmp_path / "out", LAST_DAY)
    assert {name: len(those) for name, those in found.items()} == {
        "households": 2, "accounts": 6, "members": 6, "parties": 6, "contacts": 4, "owners": 9,
        "beneficiaries": 2, "relationships": 2, "ownerships": 2, "household members": 4, "liabilities": 3,
        "liability owners": 2, "securities": 2, "identifiers": 10, "prices": 3, "rates": 1, "lots": 2,
        "corporate actions": 2, "custodian positions": 3, "custodian lots": 2, "transactions": 5,
    }  # fmt: skip
    header = json.loads((tmp_path / "out" / "bundle.json").read_text())
    assert header == {
        "format_version": 1, "source": "Test custodian", "as_of": "2021-03-31", "is_export": True
    }  # fmt: skip
    exported = (tmp_path / "out" / "clients.csv").read_text()
    assert "C1,PERSON,Nora Whitfield,Nora,Whitfield,1961-04-12,912345678,SSN,US,US," in exported
    assert "A1,H1,71104471,Joint brokerage," in (tmp_path / "out" / "accounts.csv").read_text()
    assert stat.S_IMODE((tmp_path / "out" / "clients.csv").stat().st_mode) == 0o600


async def test_what_people_did_goes_out_as_a_bundle_of_its_own(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    folder = write_folder(tmp_path / "in", WHOLE)
    assert (await import_bundle(platform, firm, folder, actor=SYSTEM)).ok
    ids = await ids_of(platform, firm)
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        deposit = TransactionCommand(ids.accounts["A2"], "DEPOSIT", date(2021, 2, 1), D("12.50"))
        await post_transaction(uow, firm, deposit)
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        right = TransactionCommand(ids.accounts["A1"], "DEPOSIT", date(2021, 1, 4), D(99000))
        await correct_transaction(uow, firm, ids.transactions["T1"], right, "a thousand fewer")
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        version = await next_book_version(uow, "clients")
        values = {
            "t": firm.id, "s": ids.securities["SPY"], "v": version, "h": new_id(), "a": ids.accounts["A6"],
            "m": new_id(),
        }  # fmt: skip
        for statement in (
            "insert into security_prices (tenant_id, security_id, day, source, book_version, close)"
            " values (:t, :s, '2021-03-31', 'MANUAL', :v, 400)",
            "insert into subjects (tenant_id, id, kind, label, created_at)"
            " values (:t, :h, 'household', 'By hand', now())",
            "insert into households (tenant_id, id, source, external_id, name, name_normalised, created_at,"
            " version) values (:t, :h, 'MANUAL', 'BY-HAND', 'By hand', 'by hand', now(), 1)",
            "update household_accounts set superseded_version = :v where tenant_id = :t and account_id = :a",
            "insert into household_accounts (tenant_id, id, household_id, account_id, effective_from,"
            " book_version) values (:t, :m, :h, :a, '2021-03-01', :v)",
            "update households set name = 'The Whitfields', name_normalised = 'the whitfields'"
            " where tenant_id = :t and external_id = 'H1'",
        ):
            used = {key: value for key, value in values.items() if f":{key}" in statement}
            await uow.execute(text(statement), used)
    found = await both_ways(platform, firm, tmp_path / "out.zip", LAST_DAY)
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert json.loads(archive.read("index.json")) == {
            "format_version": 1, "as_of": "2021-03-31", "bundles": ["1-test-custodian", "2-manual"]
        }  # fmt: skip
        accounts = archive.read("1-test-custodian/accounts.csv").decode()
        assert "A6,[MANUAL]BY-HAND,71105121," in accounts
        transactions = archive.read("2-manual/transactions.csv").decode()
        assert ",[Test custodian]A2,DEPOSIT,2021-02-01,2021-02-01,,,,12.5,0,EUR," in transactions
        assert "SPY,2021-03-31,,,,400,,MANUAL" in archive.read("1-test-custodian/prices.csv").decode()
    assert ("Test custodian", "H1", "The Whitfields", None) in found["households"]


async def test_one_problem_in_one_bundle_and_nothing_is_imported(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    for number, source in enumerate(("One", "Two"), 1):
        header = {"format_version": 1, "source": source, "as_of": "2021-03-31"}
        write_folder(
            tmp_path / "in" / f"{number}-{source.lower()}", {**WHOLE, "bundle.json": json.dumps(header)}
        )
    index = {"format_version": 1, "as_of": "2021-03-31", "bundles": ["1-one", "2-two"]}
    (tmp_path / "in" / "index.json").write_text(json.dumps(index))
    lots = tmp_path / "in" / "2-two" / "lots.csv"
    sound = lots.read_text()
    lots.write_text(sound.replace("LOT2,A1,AAPL", "LOT2,A1,MSFT"))
    count = "select count(*) from households where tenant_id = :t"
    report = await import_books(platform, firm, tmp_path / "in", actor=SYSTEM)
    assert [problem.message for problem in report.checked.problems] == [
        '2-two/lots.csv line 3, security_key "MSFT": no such security in securities.csv or in the book'
    ]
    assert await rows(platform, firm, count) == [(0,)]
    lots.write_text(sound)
    tried = await import_books(platform, firm, tmp_path / "in", actor=SYSTEM, dry_run=True)
    assert (tried.ok, tried.changed, tried.counts["clients"].as_dict()) == (
        True, True, {"created": 12, "changed": 0, "unchanged": 0}
    )  # fmt: skip
    assert await rows(platform, firm, count) == [(0,)]
    assert (await import_books(platform, firm, tmp_path / "in", actor=SYSTEM)).book_version is not None
    assert await rows(platform, firm, count) == [(4,)]


async def test_an_export_overwrites_nothing_and_leaves_nothing_behind(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "kept.txt").write_text("kept")
    with pytest.raises(ValidationFailed, match="is there already and is not empty; nothing was exported"):
        await export_books(platform, firm, tmp_path / "out")

    async def stop(_stage: str, _done: int, _total: int | None) -> None:
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        await export_books(platform, firm, tmp_path / "other.zip", progress=stop)
    assert os.listdir(tmp_path) == ["out"]
