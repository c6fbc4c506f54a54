"""Importing small bundles: what is written, with its origin; the same again; changes; two like rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.feeds.importer import import_bundle
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger.service import TransactionCommand, correct_transaction
from wealthnexus.domain.markets import repository as markets
from wealthnexus.kit.context import SYSTEM
from wealthnexus.kit.crypto import Place, decrypt
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.errors import Conflict
from wealthnexus.kit.paging import page_request
from wealthnexus.runtime import Platform

from tests.factories_ledger import LAST_DAY, Book, acme_book, ids_of, rows, scalar, view_of
from tests.support.bundles import write_folder, write_zip

pytestmark = pytest.mark.database
D = Decimal
TABLES = (
    "households", "accounts", "household_accounts", "securities", "security_identifiers", "security_prices",
    "fx_rates", "transactions", "search_words", "account_valuations", "book_versions", "import_batches",
    "findings", "work_items", "audit_events", "outbox", "subjects",
)  # fmt: skip
COUNTS = "select " + ", ".join(f"(select count(*) from {table} where tenant_id = :t)" for table in TABLES)


async def test_a_sound_bundle(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    report = await import_bundle(platform, firm, write_folder(tmp_path / "b"), actor=SYSTEM)
    assert list(report.lines()) == [
        "2 households, 2 accounts, 2 securities, 3 prices, 1 fx_rates, 5 transactions;"
        " 0 problems, 0 warnings",
        "households: 2 new, 0 changed, 0 unchanged",
        "accounts: 2 new, 0 changed, 0 unchanged",
        "securities: 2 new, 0 changed, 0 unchanged",
        "prices: 3 new, 0 changed, 0 unchanged",
        "fx rates: 1 new, 0 changed, 0 unchanged",
        "transactions: 5 new, 0 changed, 0 unchanged",
        "Book version 1.",
    ]
    assert report.as_result()["counts"]["transactions"] == {"created": 5, "changed": 0, "unchanged": 0}
    assert (await rows(platform, firm, COUNTS))[0][:8] == (2, 2, 2, 2, 8, 3, 1, 5)
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await view_of(reader, firm)
        page = await clients.households_page(reader, view, page_request(10, None))
        ids = await ids_of(platform, firm)
        identifiers = await markets.identifiers_by_security_ids(reader, view, [ids.securities["AAPL"]])
    # Castellano: 5,000 EUR at 1.1725
    assert [(row.name, str(row.market_value.value)) for row in page.rows] == [
        ("Castellano Family", "5862.50"),
        # 100,000 - 13,105.95 + 20.50 - 20.50 = 86,894.05; 100.1517 x 122.15 = 12,233.530155
        ("Whitfield Family", "99127.58"),
    ]
    assert [(i.scheme, i.value) for i in identifiers[ids.securities["AAPL"]]] == [
        ("CUSIP", "037833100"),
        ("FIGI", "BBG000B9XRY4"),
        ("ISIN", "US0378331005"),
        ("SEDOL", "2046251"),
        ("SYMBOL", "AAPL"),
    ]


async def test_every_row_says_where_it_came_from(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    report = await import_bundle(platform, firm, write_folder(tmp_path / "b"), actor=SYSTEM)
    for table, column, expected in (
        ("households", "external_id", [("H1", 2), ("H2", 3)]),
        ("accounts", "external_id", [("A1", 2), ("A2", 3)]),
        ("securities", "security_key", [("AAPL", 2), ("SPY", 3)]),
        ("transactions", "source_id", [("T1", 2), ("T2", 3), ("T3", 4), ("T4", 5), ("T5", 6)]),
    ):
        found = await rows(
            platform, firm, f"select {column}, source_line, batch_id, source from {table}"
            f" where tenant_id = :t order by {column}"
        )  # fmt: skip
        assert [row[:2] for row in found] == expected
        assert {row[2:] for row in found} == {(report.batch_id, "Test custodian")}
    assert await rows(
        platform, firm, "select source_line, close, book_version from security_prices where tenant_id = :t"
        " order by source_line"
    ) == [(2, D("119.90"), 1), (3, D("122.15"), 1), (4, D("396.33"), 1)]  # fmt: skip
    batch = await rows(
        platform, firm, "select source, as_of, format_version, is_demo from import_batches"
        " where tenant_id = :t"
    )  # fmt: skip
    assert batch == [("Test custodian", LAST_DAY, "1", True)]


async def test_account_numbers_are_sealed(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    await import_bundle(platform, firm, write_folder(tmp_path / "b"), actor=SYSTEM)
    (found,) = await rows(
        platform, firm, "select id, account_number, account_number_hash, account_number_last4 from accounts"
        " where tenant_id = :t and external_id = 'A1'"
    )  # fmt: skip
    account_id, sealed, hashed, last4 = found
    assert b"71104471" not in sealed
    assert last4 == "4471"
    async with platform.db.reading(Binding(firm.id)) as reader:
        key = await platform.keyring.firm_key(reader)
    assert decrypt(key, sealed, Place(firm.id, "accounts", "account_number", account_id)) == b"71104471"
    assert len(hashed) == 32


async def test_the_same_bundle_again_changes_nothing(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    folder = write_folder(tmp_path / "b")
    await import_bundle(platform, firm, folder, actor=SYSTEM)
    before = await rows(platform, firm, COUNTS)
    for path in (folder, write_zip(tmp_path / "b.zip")):
        again = await import_bundle(platform, firm, path, actor=SYSTEM)
        assert (again.ok, again.changed, again.book_version, again.batch_id) == (True, False, None, None)
        assert again.counts["transactions"].as_dict() == {"created": 0, "changed": 0, "unchanged": 5}
        assert list(again.lines())[-1] == "Nothing was new: the books are as they were."
    assert await rows(platform, firm, COUNTS) == before


async def test_a_dry_run_reports_the_same_and_writes_nothing(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    folder = write_folder(tmp_path / "b")
    before = await rows(platform, firm, COUNTS)
    tried = await import_bundle(platform, firm, folder, actor=SYSTEM, dry_run=True)
    assert (tried.changed, tried.book_version, tried.batch_id) == (True, None, None)
    assert list(tried.lines())[-1] == "Dry run: nothing was written."
    assert await rows(platform, firm, COUNTS) == before
    real = await import_bundle(platform, firm, folder, actor=SYSTEM)
    assert {k: v.as_dict() for k, v in real.counts.items()} == {
        k: v.as_dict() for k, v in tried.counts.items()
    }


async def test_two_like_rows_with_different_ids_both_stand(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    book = Book().household().account().deposit("50", key="D1").deposit("50", key="D2")
    await book.load(platform, firm, tmp_path)
    assert await scalar(platform, firm, "select sum(amount) from transactions where tenant_id = :t") == 100


async def test_a_changed_transaction_becomes_a_reversal_and_a_replacement(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await acme_book().load(platform, firm, tmp_path)
    for revision, amount in ((2, "-5010"), (3, "-5005")):
        changed = acme_book()
        changed.transactions.pop()
        report = await changed.buy("ACME", "100", amount).load(platform, firm, tmp_path)
        assert report.counts["transactions"].as_dict() == {"created": 0, "changed": 1, "unchanged": 1}
        assert report.book_version == revision
        again = await changed.load(platform, firm, tmp_path)
        assert not again.changed
    assert await rows(
        platform, firm, "select revision, entry_kind, amount, reason, book_version from transactions"
        " where tenant_id = :t and source_id = 'T2' order by revision, entry_kind"
    ) == [
        (1, "ORIGINAL", D(-5000), None, 1),
        (1, "REVERSAL", D(5000), "changed by the source", 2),
        (2, "REPLACEMENT", D(-5010), "changed by the source", 2),
        (2, "REVERSAL", D(5010), "changed by the source", 3),
        (3, "REPLACEMENT", D(-5005), "changed by the source", 3),
    ]  # fmt: skip
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await view_of(reader, firm)
        (account,) = (await clients.accounts_page(reader, view, page_request(5, None))).rows
    assert view.is_stored
    assert str(account.market_value.value) == "10995.00"


async def test_what_a_person_corrected_is_not_overwritten_by_its_source(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await acme_book().load(platform, firm, tmp_path)
    ids = await ids_of(platform, firm)
    right = TransactionCommand(
        ids.accounts["A1"], "BUY", date(2021, 3, 1), D(-4900), security_id=ids.securities["ACME"],
        quantity=D(98),
    )  # fmt: skip
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        await correct_transaction(uow, firm, ids.transactions["T2"], right, "two shares fewer")
    assert not (await acme_book().load(platform, firm, tmp_path)).changed
    changed = acme_book()
    changed.transactions.pop()
    changed.buy("ACME", "100", "-5010").deposit("1", key="NEW")
    report = await changed.load(platform, firm, tmp_path)
    assert report.counts["transactions"].as_dict() == {"created": 1, "changed": 0, "unchanged": 2}
    assert report.kept == 1
    assert "Corrected by hand and left as they are: 1" in list(report.lines())
    assert await rows(
        platform, firm, "select code, message from findings where tenant_id = :t and code = 'KEPT_CORRECTION'"
    ) == [
        (
            "KEPT_CORRECTION",
            "the source changed transaction T2 after it had been corrected by hand; the correction stands",
        )
    ]  # fmt: skip


async def test_a_changed_name_is_an_update_with_audit_and_a_hand_given_name_stays(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await acme_book().load(platform, firm, tmp_path)
    changed = acme_book()
    changed.households.clear()
    changed.household("H1", "Müller & Søhne")
    report = await changed.load(platform, firm, tmp_path)
    assert report.counts["households"].as_dict() == {"created": 0, "changed": 1, "unchanged": 0}
    assert await rows(
        platform, firm, "select name, name_normalised, version from households where tenant_id = :t"
    ) == [("Müller & Søhne", "muller & søhne", 2)]  # fmt: skip
    assert await scalar(
        platform, firm, "select count(*) from audit_events where tenant_id = :t"
        " and action = 'feeds.household.renamed'"
    ) == 1  # fmt: skip
    async with platform.db.reading(Binding(firm.id)) as reader:
        found = await clients.search(reader, "muller")
        gone = await clients.search(reader, "household", ["HOUSEHOLD"])
    assert [hit.title for group in found for hit in group.hits] == ["Müller & Søhne"]
    assert gone == []


async def test_a_changed_price_is_a_new_row_under_a_higher_version(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await acme_book().load(platform, firm, tmp_path)
    changed = acme_book()
    changed.prices.pop()
    report = await changed.price("ACME", LAST_DAY, "60.5").load(platform, firm, tmp_path)
    assert report.counts["prices"].as_dict() == {"created": 0, "changed": 1, "unchanged": 1}
    assert await rows(
        platform, firm, "select day, close, book_version from security_prices where tenant_id = :t"
        " order by day, book_version"
    ) == [(date(2021, 3, 1), D(50), 1), (LAST_DAY, D(60), 1), (LAST_DAY, D("60.5"), 2)]  # fmt: skip


async def test_an_account_moves_to_another_household_on_the_bundles_day(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    first = acme_book().household("H2")
    first.as_of = date(2021, 3, 15)
    first.prices.pop()
    await first.load(platform, firm, tmp_path)
    moved = acme_book().household("H2")
    moved.accounts.clear()
    await moved.account("A1", "H2").load(platform, firm, tmp_path)
    async with platform.db.reading(Binding(firm.id)) as reader:
        before = await view_of(reader, firm, date(2021, 3, 30))
        after = await view_of(reader, firm)
        known = await view_of(reader, firm, known_version=1)
        found = [
            [
                row.account_count
                for row in (await clients.households_page(reader, v, page_request(9, None))).rows
            ]
            for v in (before, after, known)
        ]
    # until 30 March in H1, from the 31st in H2; as known at version 1 still in H1
    assert found == [[1, 0], [0, 1], [1, 0]]


async def test_identifiers_keep_their_history(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    first = Book(as_of=date(2021, 3, 15)).household().security("META", symbol="FB")
    await first.load(platform, firm, tmp_path)
    await Book().household().security("META", symbol="META").load(platform, firm, tmp_path)
    assert await rows(
        platform, firm, "select value, effective_from, effective_to from security_identifiers"
        " where tenant_id = :t and superseded_version is null order by value"
    ) == [("FB", None, LAST_DAY), ("META", LAST_DAY, None)]  # fmt: skip
    async with platform.db.reading(Binding(firm.id)) as reader:
        for word in ("fb", "meta"):  # by what it was called, and by what it is called
            assert [hit.title for g in await clients.search(reader, word) for hit in g.hits] == ["META Corp"]


async def test_expirations_follow_the_holding_before_them(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    book = acme_book()
    option = {"security_type": "OPTION", "underlying_key": "ACME", "option_type": "CALL", "strike": D(60)}
    for key in ("LONG", "WRITTEN"):
        book.security(key, expiry=LAST_DAY, **option)
    book.buy("LONG", "5", "-100", on="2021-03-02").transaction(
        "SHORT", "100", security="WRITTEN", quantity="4", on="2021-03-02"
    )
    book.transaction("EXPIRATION", security="LONG", quantity="5", on=LAST_DAY)
    book.transaction("EXPIRATION", security="WRITTEN", quantity="3", on=LAST_DAY)
    assert (await book.load(platform, firm, tmp_path)).ok
    assert await rows(
        platform, firm, "select s.security_key, t.units from transactions t join securities s"
        " on s.tenant_id = t.tenant_id and s.id = t.security_id"
        " where t.tenant_id = :t and t.type = 'EXPIRATION' order by 1"
    ) == [("LONG", D(-5)), ("WRITTEN", D(3))]  # fmt: skip
    # the rest of the written calls expires in a later bundle, against what the books hold
    later = Book().transaction("EXPIRATION", security="WRITTEN", quantity="2", on=LAST_DAY, key="X2")
    refused = await later.load(platform, firm, tmp_path)
    assert [problem.message for problem in refused.checked.problems] == [
        'transactions.csv line 2, quantity "2": EXPIRATION of 2: expected as many units held, found -1'
    ]
    exact = Book().transaction("EXPIRATION", security="WRITTEN", quantity="1", on=LAST_DAY, key="X1")
    assert (await exact.load(platform, firm, tmp_path)).ok


async def test_one_import_of_a_firm_at_a_time(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    folder = acme_book().write(tmp_path)

    async def while_staging(stage: str, _done: int, _total: int | None) -> None:
        if stage == "staging":
            with pytest.raises(
                Conflict, match="another import of this firm is running; nothing was imported"
            ):
                await import_bundle(platform, firm, folder, actor=SYSTEM)

    assert (await import_bundle(platform, firm, folder, actor=SYSTEM, progress=while_staging)).changed


async def test_stopping_an_import_leaves_nothing(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    class Stopped(Exception):
        pass

    async def stop(stage: str, _done: int, _total: int | None) -> None:
        if stage == "valuing":
            raise Stopped

    before = await rows(platform, firm, COUNTS)
    with pytest.raises(Stopped):
        await import_bundle(platform, firm, acme_book().write(tmp_path), actor=SYSTEM, progress=stop)
    assert await rows(platform, firm, COUNTS) == before


async def test_a_later_bundle_may_refer_to_what_the_books_hold(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    book = acme_book().transaction("DIVIDEND", "20", security="ACME", key="DIV")
    await book.load(platform, firm, tmp_path)
    later = Book()
    later.transaction("REINVEST", "-20", security="ACME", quantity="0.4", related_external_id="DIV", key="R1")
    later.price("ACME", "2021-03-30", "59")
    report = await later.load(platform, firm, tmp_path)
    assert report.ok
    assert report.counts["transactions"].created == 1
    wrong = Book()
    wrong.transaction("REINVEST", "-21", security="ACME", quantity="1", related_external_id="DIV", key="R2")
    wrong.transaction("REINVEST", "-20", security="ACME", quantity="1", related_external_id="T2", key="R3")
    wrong.transaction("TAX", "-1", related_external_id="NOWHERE", key="R4")
    refused = await wrong.load(platform, firm, tmp_path)
    assert [problem.message for problem in refused.checked.problems] == [
        'transactions.csv line 2, related_external_id "DIV":'
        " REINVEST: expected the opposite of its DIVIDEND's 20",
        'transactions.csv line 3, related_external_id "T2":'
        " REINVEST: expected a DIVIDEND of the same account and security, the book has BUY under this id",
        'transactions.csv line 4, related_external_id "NOWHERE":'
        " no such transaction in transactions.csv or in the book",
    ]


async def test_two_sources_do_not_meet(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    await acme_book().load(platform, firm, tmp_path)
    other = acme_book()
    other.source = "Another custodian"
    report = await other.load(platform, firm, tmp_path)
    assert report.counts["transactions"].created == 2
    assert await scalar(platform, firm, "select count(*) from accounts where tenant_id = :t") == 2
