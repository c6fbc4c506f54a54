"""The comparison that follows from changes: one waiting job for the firm, prices included, sets not rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, text
from wealthnexus.domain.feeds.custody import Reconciled, reconcile, reconcile_due, records
from wealthnexus.domain.feeds.importer import import_bundle
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger.service import TransactionCommand
from wealthnexus.domain.ledger.service.evidence import compare_since
from wealthnexus.domain.markets.service import OverridePrice, WithdrawPrice, override_price, withdraw_price
from wealthnexus.handlers import load_handlers
from wealthnexus.jobs.running import run_one
from wealthnexus.kit import clock
from wealthnexus.kit.context import SYSTEM, Actor
from wealthnexus.kit.db.session import Binding, Reader
from wealthnexus.runtime import Platform

from tests.factories import make_user
from tests.factories_ledger import LAST_DAY, Book, acme_book, ids_of, post, rows, scalar

pytestmark = pytest.mark.database
D = Decimal
TUESDAY = date(2021, 3, 30)
COLUMNS = (
    "account_external_id,date,security_key,custodian_key,currency,quantity,price,market_value,cost_basis"
)
WAITING = (
    "select id, (params ->> 'bookVersion')::int from jobs where tenant_id = :t"
    " and kind = 'feeds.reconcile' and state = 'QUEUED' order by requested_at"
)


async def load(platform: Platform, firm: FirmInfo, folder: Path, book: Book, *said: str) -> None:
    bundle = book.write(folder)
    (bundle / "custodian_positions.csv").write_text("\n".join([COLUMNS, *said, ""]))
    report = await import_bundle(platform, firm, bundle, actor=SYSTEM)
    assert report.ok, list(report.lines())


def deposit(account: UUID, name: str) -> TransactionCommand:
    return TransactionCommand(
        external_id=name, account_id=account, type="DEPOSIT", trade_date=TUESDAY, amount=D("1.50")
    )


async def test_changes_wait_in_one_job_that_takes_up_all_of_them(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    load_handlers()
    said = (f"A1,{LAST_DAY},ACME,,USD,100,,6000.00,", f"A1,{LAST_DAY},,,USD,5000.00,,5000.00,")
    await load(platform, firm, tmp_path, acme_book(), *said)
    ((first, version),) = await rows(platform, firm, WAITING)
    account = (await ids_of(platform, firm)).accounts["A1"]
    assert await run_one(platform, firm.id, first) is None
    assert await rows(platform, firm, WAITING) == []
    for name in ("one", "two", "three"):
        await post(platform, firm, deposit(account, name))
    ((second, since),) = await rows(platform, firm, WAITING)
    assert since == version + 1
    assert await run_one(platform, firm.id, second) is None
    found = "select difference from reconciliation_breaks where tenant_id = :t and state = 'OPEN'"
    assert await rows(platform, firm, found) == [(D("-4.50"),)]
    # While one runs (its key is given back at its start) a change asks for the next.
    await post(platform, firm, deposit(account, "four"))
    assert len(await rows(platform, firm, WAITING)) == 1


@pytest.mark.parametrize("ended", ["FAILED", "CANCELLED"])
async def test_what_a_comparison_gave_up_is_taken_up_by_the_next(
    platform: Platform, firm: FirmInfo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ended: str
) -> None:
    load_handlers()
    said = [f"{name},{LAST_DAY},,,USD,{cash},,{cash}," for name, cash in (("A1", "5000.00"), ("A2", "0.00"))]
    await load(platform, firm, tmp_path, acme_book().account("A2"), *said)
    ((first, _),) = await rows(platform, firm, WAITING)
    assert await run_one(platform, firm.id, first) is None
    accounts = (await ids_of(platform, firm)).accounts
    await post(platform, firm, deposit(accounts["A2"], "lost"))
    ((lost, version),) = await rows(platform, firm, WAITING)
    async with platform.db.unit_of_work(Binding(firm.id, role="system")) as uow:
        await uow.execute(
            text(
                "update jobs set state = :s, dedupe_key = null, started_at = :now, finished_at = :now"
                " where tenant_id = :t and id = :id"
            ),
            {"t": firm.id, "id": lost, "s": ended, "now": clock.now()},
        )
    asked: list[int | None] = []
    real = records.due

    async def due(reader: Reader, since: int | None) -> Any:
        asked.append(since)
        return await real(reader, since)

    monkeypatch.setattr(records, "due", due)
    found = "select difference from reconciliation_breaks where tenant_id = :t and kind = 'CASH'"
    before = await rows(platform, firm, found)
    for name in ("next", "and the one after"):
        await post(platform, firm, deposit(accounts["A1"], name))
        ((waiting, since),) = await rows(platform, firm, WAITING)
        assert since > version
        assert await run_one(platform, firm.id, waiting) is None
        asked.append(since)
    assert asked == [version, version + 1, version + 2, version + 2]
    assert len(await rows(platform, firm, found)) > len(before)


async def test_a_limited_person_posts_while_somebody_elses_comparison_waits(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    said = (f"A1,{LAST_DAY},,,USD,5000.00,,5000.00,",)
    await load(platform, firm, tmp_path, acme_book(), *said)
    person = await make_user(platform, firm, roles=("ADVISOR",), name="Lena Limited")
    binding = Binding(firm.id, person.id, "limited")
    actor = Actor("user", person.id, person.name)
    async with platform.db.unit_of_work(binding, actor=actor) as uow:
        await compare_since(uow, 99)
    assert len(await rows(platform, firm, WAITING)) == 1


async def test_a_price_by_hand_is_compared_and_its_withdrawal_too(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    load_handlers()
    said = (f"A1,{LAST_DAY},ACME,,USD,100,60,6000.00,", f"A1,{LAST_DAY},,,USD,5000.00,,5000.00,")
    await load(platform, firm, tmp_path, acme_book(), *said)
    ((first, _),) = await rows(platform, firm, WAITING)
    await run_one(platform, firm.id, first)
    through = "select reconciled_through from accounts where tenant_id = :t and external_id = 'A1'"
    assert await scalar(platform, firm, through) == LAST_DAY
    security = (await ids_of(platform, firm)).securities["ACME"]
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        await override_price(uow, firm, OverridePrice(security, LAST_DAY, D(65), "the exchange corrected it"))
    ((second, _),) = await rows(platform, firm, WAITING)
    await run_one(platform, firm.id, second)
    assert await rows(
        platform, firm, "select kind, difference, state from reconciliation_breaks where tenant_id = :t"
    ) == [("MARKET_VALUE", D(-500), "OPEN")]
    assert await scalar(platform, firm, through) is None
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        await withdraw_price(uow, firm, WithdrawPrice(security, LAST_DAY, "it was right before"))
    ((third, _),) = await rows(platform, firm, WAITING)
    await run_one(platform, firm.id, third)
    assert await scalar(platform, firm, through) == LAST_DAY


async def test_the_statements_of_a_comparison_do_not_grow_with_the_accounts(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    count = 40
    book = Book().household("H1").security("ACME").price("ACME", "2021-03-31", "60")
    said = []
    for n in range(count):
        key = f"A{n}"
        book.account(key).deposit("10000", account=key, key=f"d{n}")
        said.append(f"{key},{LAST_DAY},,,USD,{'10000' if n % 2 else '9000'},,,")
    await load(platform, firm, tmp_path, book, *said)
    ids = [row[0] for row in await rows(platform, firm, "select id from accounts where tenant_id = :t")]
    assert len(ids) == count
    few = await _statements(platform, firm, ids[:4])
    many = await _statements(platform, firm, ids[4:])
    assert len(many) == len(few), (few, many)
    # Once more: nothing has changed, and nothing is written.
    again = await _statements(platform, firm, ids)
    assert not [each for each in again if each.startswith(("insert", "INSERT into outbox"))
                and "reconciliations" not in each]  # fmt: skip
    assert await reconcile_due(platform, firm) == Reconciled(count, count, 0, 0)


async def _statements(platform: Platform, firm: FirmInfo, ids: list[UUID]) -> list[str]:
    seen: list[str] = []

    def executed(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(" ".join(statement.split())[:60])

    engine = platform.db.engine("app").sync_engine
    event.listen(engine, "before_cursor_execute", executed)
    try:
        async with platform.db.unit_of_work(Binding(firm.id)) as uow:
            await reconcile(uow, firm, ids, LAST_DAY)
    finally:
        event.remove(engine, "before_cursor_execute", executed)
    return seen
