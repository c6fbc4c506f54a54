"""Posting and correcting by hand: what it writes, what it refuses, what it takes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, update
from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.identity.models import access_grants, access_scope
from wealthnexus.domain.identity.service.grants import rebuild_scope
from wealthnexus.domain.ledger import repository as ledger
from wealthnexus.domain.ledger.repository import TransactionFilter
from wealthnexus.domain.ledger.service import (
    Corrected,
    TransactionCommand,
    correct_transaction,
    post_transaction,
)
from wealthnexus.kit import clock
from wealthnexus.kit.context import Actor
from wealthnexus.kit.db.platform_tables import jobs
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.errors import Conflict, NotFound, PermissionDenied, ValidationFailed
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.paging import page_request
from wealthnexus.runtime import Platform

from tests.factories import make_user
from tests.factories_ledger import LAST_DAY, Book, Ids, acme_book, ids_of, post, rows, scalar, view_of

pytestmark = pytest.mark.database
D = Decimal


async def loaded(platform: Platform, firm: FirmInfo, tmp_path: Path, book: Book | None = None) -> Ids:
    report = await (book or acme_book()).load(platform, firm, tmp_path)
    assert report.ok, list(report.lines())
    return await ids_of(platform, firm)


def buying(ids: Ids, **values: Any) -> TransactionCommand:
    """10 ACME at 60.00 with 4.95 of fees."""
    command = TransactionCommand(
        account_id=ids.accounts["A1"],
        type="BUY",
        trade_date=date(2021, 3, 30),
        security_id=ids.securities["ACME"],
        quantity=D(10),
        price=D(60),
        amount=D("-604.95"),
        fees=D("4.95"),
    )
    return replace(command, **values)


async def worth(platform: Platform, firm: FirmInfo) -> str:
    """The stored market value of A1, after looking that the live one is the same."""
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await view_of(reader, firm)
        assert view.is_stored
        stored = (await clients.accounts_page(reader, view, page_request(50, None))).rows
        live = (
            await clients.accounts_page(reader, replace(view, is_stored=False), page_request(50, None))
        ).rows
    assert [row.market_value.value for row in stored] == [row.market_value.value for row in live]
    return str(next(row for row in stored if row.external_id == "A1").market_value.value)


async def correct(
    platform: Platform,
    firm: FirmInfo,
    transaction_id: UUID,
    replacement: TransactionCommand | None,
    reason: str = "wrong quantity on the ticket",
    *,
    dry_run: bool = False,
) -> Corrected:
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        return await correct_transaction(uow, firm, transaction_id, replacement, reason, dry_run=dry_run)


async def test_a_posting_changes_the_books_their_value_audit_and_outbox(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    ids = await loaded(platform, firm, tmp_path)
    posted = await post(platform, firm, buying(ids, description="agreed by phone"))
    preview = posted.preview
    assert (preview.cash_before, preview.cash_after) == (D(5000), D("4395.05"))
    assert (preview.quantity_before, preview.quantity_after) == (D(100), D(110))
    assert (posted.book_version, posted.is_new, preview.warnings) == (2, True, ())
    assert await worth(platform, firm) == "10995.05"  # 4,395.05 + 110 x 60
    async with platform.db.reading(Binding(firm.id)) as reader:
        assert posted.transaction_id is not None
        row = (await ledger.transactions_by_ids(reader, [posted.transaction_id], 2))[posted.transaction_id]
    assert (row.type, row.status, str(row.amount), str(row.quantity)) == ("BUY", "EFFECTIVE", "-604.95", "10")
    assert row.settlement_date == date(2021, 4, 1)  # T+2
    assert (row.source.source, row.source.batch_id, row.book_version) == ("MANUAL", None, 2)
    events = await rows(
        platform, firm, "select event_type, book_version from outbox where tenant_id = :t"
        " and event_type like 'ledger.%' and book_version is not null"
    )  # fmt: skip
    assert events == [("ledger.transaction.posted", 2)]
    assert await scalar(
        platform, firm, "select count(*) from audit_events where tenant_id = :t"
        " and action = 'ledger.transaction.posted'"
    ) == 1  # fmt: skip


async def test_a_dry_run_says_the_same_and_leaves_nothing(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    ids = await loaded(platform, firm, tmp_path)
    counts = "select (select count(*) from transactions where tenant_id = :t), (select count(*) from outbox"
    counts += " where tenant_id = :t), (select version from book_heads where tenant_id = :t)"
    before = await rows(platform, firm, counts)
    tried = await post(platform, firm, buying(ids), dry_run=True)
    assert tried.transaction_id is None
    assert tried.preview.cash_after == D("4395.05")
    assert await rows(platform, firm, counts) == before
    assert await worth(platform, firm) == "11000.00"
    real = await post(platform, firm, buying(ids))
    assert real.preview == tried.preview


async def test_the_same_external_id_is_the_same_transaction(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    ids = await loaded(platform, firm, tmp_path)
    first = await post(platform, firm, buying(ids, external_id="ticket 7"))
    again = await post(platform, firm, buying(ids, external_id="ticket 7", quantity=D("10.00")))
    assert again.transaction_id == first.transaction_id
    assert (again.is_new, again.book_version) == (False, 2)
    assert again.preview == first.preview
    with pytest.raises(Conflict) as other:
        await post(platform, firm, buying(ids, external_id="ticket 7", amount=D("-605.95")))
    assert other.value.message == (
        "ticket 7 is in the ledger already with other content; nothing was posted. Correct that transaction"
        " instead."
    )
    # without an external id two like tickets are two transactions
    await post(platform, firm, buying(ids))
    await post(platform, firm, buying(ids))
    assert await scalar(platform, firm, "select count(*) from transactions where tenant_id = :t") == 5


@pytest.mark.parametrize(
    ("change", "paths", "message"),
    [
        ({"type": "GIFT"}, [("input", "type")], "expected one of DEPOSIT, WITHDRAWAL,"),
        ({"quantity": None}, [("input", "quantity")], "BUY needs a quantity greater than 0"),
        ({"quantity": D(-1)}, [("input", "quantity")], "BUY: expected a quantity greater than 0"),
        ({"security_id": None}, [("input", "securityId")], "BUY needs a security"),
        ({"amount": D(604)}, [("input", "amount")], "BUY: expected an amount of 0 or less"),
        ({"amount": D("-604.955")}, [("input", "amount")], "expected at most 2 decimal places"),
        ({"amount": D("-1e18")}, [("input", "amount")], "expected at most 18 digits before the point"),
        ({"amount": D("NaN")}, [("input", "amount")], "expected at most 18 digits before the point"),
        ({"fees": D(-1)}, [("input", "fees")], "expected 0 or more"),
        (
            {"trade_date": date(2021, 4, 1)},
            [("input", "tradeDate")],
            "expected a day up to the business date 31 Mar 2021",
        ),
        (
            {"settlement_date": date(2021, 3, 29)},
            [("input", "settlementDate")],
            "expected the trade date 2021-03-30 or later",
        ),
        ({"description": "x" * 501}, [("input", "description")], "expected at most 500 characters"),
        (
            {"type": "REINVEST", "fees": D(0)},
            [("input", "amount")],
            "REINVEST: expected a DIVIDEND of this security in this account by 30 Mar 2021 with the opposite"
            " amount",
        ),
        (
            {"type": "EXERCISE", "quantity": D(101)},
            [("input", "quantity")],
            "EXERCISE of 101: 100 units were held on 30 Mar 2021",
        ),
        (
            {"type": "EXPIRATION", "quantity": D(101)},
            [("input", "quantity")],
            "EXPIRATION of 101: 100 units were held on 30 Mar 2021",
        ),
        (
            {"type": "ASSIGNMENT", "quantity": D(1)},
            [("input", "quantity")],
            "ASSIGNMENT of 1: 100 units were held on 30 Mar 2021",
        ),
    ],
)
async def test_what_is_refused(
    platform: Platform,
    firm: FirmInfo,
    tmp_path: Path,
    change: dict[str, Any],
    paths: list[tuple[str, ...]],
    message: str,
) -> None:
    ids = await loaded(platform, firm, tmp_path)
    with pytest.raises(ValidationFailed) as refused:
        await post(platform, firm, buying(ids, **change))
    assert [problem.path for problem in refused.value.problems] == paths
    assert refused.value.problems[0].message.startswith(message)
    assert await scalar(platform, firm, "select version from book_heads where tenant_id = :t") == 1


async def test_unknown_account_and_security_are_not_found(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    ids = await loaded(platform, firm, tmp_path)
    missing = new_id()
    with pytest.raises(NotFound, match=f"there is no account {missing}; nothing was posted"):
        await post(platform, firm, buying(ids, account_id=missing))
    with pytest.raises(NotFound, match=f"there is no security {missing}; nothing was posted"):
        await post(platform, firm, buying(ids, security_id=missing))


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"quantity": D(100), "amount": D(-6004)}, ["NEGATIVE_CASH"]),
        ({"type": "SELL", "quantity": D(101), "amount": D(6055)}, ["SHORT_POSITION"]),
        ({"amount": D(-700)}, ["AMOUNT_FAR"]),
        (
            {"type": "ADVISORY_FEE", "quantity": None, "security_id": None, "amount": D(12), "price": None},
            ["REFUND"],
        ),
    ],
)
async def test_what_is_unusual_is_a_warning(
    platform: Platform, firm: FirmInfo, tmp_path: Path, change: dict[str, Any], codes: list[str]
) -> None:
    ids = await loaded(platform, firm, tmp_path)
    posted = await post(platform, firm, buying(ids, **change))
    assert [warning.code for warning in posted.preview.warnings] == codes


async def test_an_expiration_closes_toward_zero(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    book = acme_book()
    book.security("CALL", security_type="OPTION", underlying_key="ACME", option_type="CALL",
                  strike=D(60), expiry=LAST_DAY, price_multiplier=D(100))  # fmt: skip
    book.transaction("SHORT", "300", security="CALL", quantity="3")
    ids = await loaded(platform, firm, tmp_path, book)
    expired = TransactionCommand(
        account_id=ids.accounts["A1"],
        type="EXPIRATION",
        trade_date=LAST_DAY,
        security_id=ids.securities["CALL"],
        quantity=D(2),
        amount=D(0),
    )
    posted = await post(platform, firm, expired)
    assert (posted.preview.quantity_before, posted.preview.quantity_after) == (D(-3), D(-1))
    assigned = await post(platform, firm, replace(expired, type="ASSIGNMENT", quantity=D(1)))
    assert (assigned.preview.quantity_before, assigned.preview.quantity_after) == (D(-1), D(0))


async def test_a_correction_is_two_new_rows(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    ids = await loaded(platform, firm, tmp_path)
    old_id = ids.transactions["T2"]  # 100 ACME for 5,000
    replacement = buying(
        ids, trade_date=date(2021, 3, 1), quantity=D(90), price=D(50), amount=D(-4500), fees=D(0)
    )
    done = await correct(platform, firm, old_id, replacement)
    preview = done.preview
    assert (preview.cash_before, preview.cash_after) == (D(5000), D(5500))
    assert (preview.quantity_before, preview.quantity_after) == (D(100), D(90))
    assert await worth(platform, firm) == "10900.00"  # 5,500 + 90 x 60
    assert done.reversal_id is not None
    assert done.replacement_id is not None
    async with platform.db.reading(Binding(firm.id)) as reader:
        found = await ledger.transactions_by_ids(reader, [old_id, done.reversal_id, done.replacement_id], 2)
        listed = await ledger.transactions_page(reader, page_request(10, None), 2)
        whole = await ledger.transactions_page(
            reader, page_request(10, None), 2, TransactionFilter(include_reversed=True)
        )
        before = await ledger.transactions_by_ids(reader, [old_id], 1)
    old, reversal, new = (found[key] for key in (old_id, done.reversal_id, done.replacement_id))
    assert (old.status, old.reversed_by_id, old.replaced_by_id) == ("REVERSED", reversal.id, new.id)
    assert (reversal.status, reversal.reverses_id, str(reversal.amount)) == ("REVERSAL", old_id, "5000.00")
    assert (new.status, new.replaces_id, new.reason) == ("EFFECTIVE", old_id, "wrong quantity on the ticket")
    assert (reversal.trade_date, reversal.settlement_date) == (old.trade_date, old.settlement_date)
    assert [row.external_id for row in listed.rows] == ["T2", "T1"]
    assert len(whole.rows) == 4
    assert before[old_id].status == "EFFECTIVE"  # as it was known at version 1
    assert await rows(
        platform, firm, "select revision, entry_kind from transactions where tenant_id = :t"
        " and source_id = 'T2' order by revision, entry_kind"
    ) == [(1, "ORIGINAL"), (1, "REVERSAL"), (2, "REPLACEMENT")]  # fmt: skip


async def test_a_transaction_is_reversed_once(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    ids = await loaded(platform, firm, tmp_path)
    old_id = ids.transactions["T2"]
    done = await correct(platform, firm, old_id, None, "double entry")
    assert (done.replacement_id, done.preview.cash_after, done.preview.quantity_after) == (
        None,
        D(10000),
        D(0),
    )
    assert await worth(platform, firm) == "10000.00"
    with pytest.raises(
        Conflict, match=f"the transaction {old_id} is reversed already; nothing was corrected"
    ):
        await correct(platform, firm, old_id, None)
    assert done.reversal_id is not None
    with pytest.raises(Conflict, match=f"{done.reversal_id} is itself a reversal; nothing was corrected"):
        await correct(platform, firm, done.reversal_id, None)
    with pytest.raises(NotFound):
        await correct(platform, firm, new_id(), None)


async def test_a_correction_needs_a_reason_and_a_difference(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    ids = await loaded(platform, firm, tmp_path)
    posted = await post(platform, firm, buying(ids))
    assert posted.transaction_id is not None
    with pytest.raises(ValidationFailed, match="the reason has 0 characters, expected 1 to 500"):
        await correct(platform, firm, posted.transaction_id, None, "  ")
    with pytest.raises(ValidationFailed, match="the replacement says the same as the transaction"):
        await correct(platform, firm, posted.transaction_id, buying(ids))
    tried = await correct(platform, firm, posted.transaction_id, None, dry_run=True)
    assert (tried.reversal_id, tried.preview.cash_after) == (None, D(5000))
    assert await scalar(platform, firm, "select version from book_heads where tenant_id = :t") == 2


async def test_a_correction_moves_a_transaction_to_another_account(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    book = acme_book().account("A2").deposit("100", account="A2")
    ids = await loaded(platform, firm, tmp_path, book)
    deposit = TransactionCommand(
        account_id=ids.accounts["A2"], type="DEPOSIT", trade_date=date(2021, 2, 26), amount=D(10000)
    )
    await correct(platform, firm, ids.transactions["T1"], deposit, "wrong account")
    assert await worth(platform, firm) == "1000.00"  # -5,000 + 6,000
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await view_of(reader, firm)
        accounts = await clients.accounts_by_ids(reader, view, list(ids.accounts.values()))
    assert str(accounts[ids.accounts["A2"]].market_value.value) == "10100.00"


async def test_a_limited_person_posts_only_where_the_grant_says_so(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    ids = await loaded(platform, firm, tmp_path, acme_book().account("A2").deposit("100", account="A2"))
    person = await make_user(platform, firm, limited=True, accounts=("A1",))
    binding = Binding(firm.id, person.id, "limited")
    with pytest.raises(NotFound):
        async with platform.db.unit_of_work(binding) as uow:
            await post_transaction(uow, firm, buying(ids, account_id=ids.accounts["A2"]))
    with pytest.raises(PermissionDenied, match="your access to this account is for reading"):
        async with platform.db.unit_of_work(binding) as uow:
            await post_transaction(uow, firm, buying(ids))
    assert await scalar(platform, firm, "select count(*) from transactions where tenant_id = :t") == 3


async def test_an_id_taken_out_of_sight_is_a_conflict(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    ids = await loaded(platform, firm, tmp_path, acme_book().account("A2").deposit("100", account="A2"))
    person = await make_user(platform, firm, limited=True, accounts=("A1",))
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        await uow.execute(
            insert(access_grants).values(
                tenant_id=firm.id, id=new_id(), principal_id=person.id, subject_id=ids.accounts["A1"],
                relationship="staff",
                permissions=["read", "write"], effective_from=date(2021, 1, 1), reason="stands in",
                created_at=clock.now(),
            )
        )  # fmt: skip
        await rebuild_scope(uow, person.id)
        hidden = buying(ids, account_id=ids.accounts["A2"], external_id="NOTE-7")
        await post_transaction(uow, firm, hidden)
    before = await scalar(platform, firm, "select count(*) from transactions where tenant_id = :t")
    with pytest.raises(
        Conflict, match="NOTE-7 is taken by a transaction that your access does not show; nothing was posted"
    ):
        async with platform.db.unit_of_work(Binding(firm.id, person.id, "limited")) as uow:
            await post_transaction(uow, firm, buying(ids, external_id="NOTE-7"))
    assert await scalar(platform, firm, "select count(*) from transactions where tenant_id = :t") == before


async def test_a_grant_to_write_ends_at_its_moment_though_another_still_lets_read(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    ids = await loaded(platform, firm, tmp_path, acme_book())
    person = await make_user(platform, firm, limited=True, accounts=("A1",))
    grant_id, now = new_id(), clock.now()
    whose = {"tenant_id": firm.id, "principal_id": person.id, "subject_id": ids.accounts["A1"]}

    async def write_until(moment: datetime) -> None:
        async with platform.db.unit_of_work(Binding(firm.id)) as uow:
            await uow.execute(
                delete(access_scope).where(
                    access_scope.c.tenant_id == firm.id, access_scope.c.grant_id == grant_id
                )
            )
            await uow.execute(
                insert(access_scope).values(
                    **whose, grant_id=grant_id, kind="account", may_write=True, expires_at=moment
                )
            )

    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        await uow.execute(
            insert(access_grants).values(
                **whose, id=grant_id, relationship="staff", permissions=["read", "write"],
                effective_from=now.date(), reason="stands in", created_at=now,
            )
        )  # fmt: skip
    await write_until(now - timedelta(seconds=1))
    binding = Binding(firm.id, person.id, "limited")
    with pytest.raises(PermissionDenied, match="your access to this account is for reading"):
        async with platform.db.unit_of_work(binding) as uow:
            await post_transaction(uow, firm, buying(ids))
    await write_until(now + timedelta(hours=1))
    actor = Actor("user", person.id, person.name)
    async with platform.db.unit_of_work(binding, actor=actor) as uow:
        posted = await post_transaction(uow, firm, buying(ids))
    assert posted.is_new


async def test_what_is_posted_and_corrected_is_looked_at(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    """A look at the account's lots and one at the desk wait, however many entries follow."""
    ids = await loaded(platform, firm, tmp_path)
    kinds = (
        "select kind, params ->> 'accountId' from jobs where tenant_id = :t and state = 'QUEUED' order by 1"
    )
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        await uow.execute(update(jobs).where(jobs.c.tenant_id == firm.id).values(state="SUCCEEDED"))
    waiting = [("actions.look", None), ("ledger.judge_lots", str(ids.accounts["A1"]))]
    posted = await post(platform, firm, buying(ids))
    assert await rows(platform, firm, kinds) == waiting
    assert posted.transaction_id is not None
    await correct(platform, firm, posted.transaction_id, None, "twice")
    assert await rows(platform, firm, kinds) == waiting


async def test_a_fee_is_billed_to_accounts_one_may_write_and_a_kept_one_is_not_asked_for(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    book = acme_book().account("A2").deposit("100", account="A2")
    book.transaction("ADVISORY_FEE", "-25", key="F", billed_account_external_id="A2")
    ids = await loaded(platform, firm, tmp_path, book)
    person = await make_user(platform, firm, limited=True, accounts=("A1",))
    binding = Binding(firm.id, person.id, "limited")
    actor = Actor("user", person.id, person.name)
    whose = {"tenant_id": firm.id, "principal_id": person.id}
    now = clock.now()

    async def grant(account: str, *permissions: str) -> None:
        grant_id, subject = new_id(), ids.accounts[account]
        async with platform.db.unit_of_work(Binding(firm.id)) as uow:
            await uow.execute(
                insert(access_grants).values(
                    **whose, id=grant_id, subject_id=subject, relationship="staff",
                    permissions=list(permissions), effective_from=now.date(), reason="stands in",
                    created_at=now,
                )
            )  # fmt: skip
            await uow.execute(
                insert(access_scope).values(
                    **whose, grant_id=grant_id, subject_id=subject, kind="account",
                    may_write="write" in permissions,
                )
            )  # fmt: skip

    await grant("A1", "read", "write")
    fee = TransactionCommand(
        ids.accounts["A1"], "ADVISORY_FEE", date(2021, 3, 30), D(-30), billed_account_id=ids.accounts["A2"]
    )
    async with platform.db.unit_of_work(binding, actor=actor) as uow:
        # A2 is hidden: what the entry says already is kept, what is newly named is not there.
        kept = await correct_transaction(uow, firm, ids.transactions["F"], fee, reason="thirty")
    assert kept.replacement_id is not None
    with pytest.raises(NotFound):
        async with platform.db.unit_of_work(binding, actor=actor) as uow:
            await post_transaction(uow, firm, fee)
    await grant("A2", "read")
    with pytest.raises(PermissionDenied, match="your access to this account is for reading"):
        async with platform.db.unit_of_work(binding, actor=actor) as uow:
            await post_transaction(uow, firm, fee)
