"""The book version as a clock of knowledge: what was known at an instant never changes afterwards."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text
from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger import book_view, current_book_version, resolve_known_at
from wealthnexus.domain.ledger.service import (
    TransactionCommand,
    next_book_version,
    post_transaction,
    value_business_date,
)
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.errors import ValidationFailed
from wealthnexus.kit.paging import page_request
from wealthnexus.runtime import Platform

from tests.factories_ledger import LAST_DAY, acme_book, ids_of, post, rows, scalar

pytestmark = pytest.mark.database
D = Decimal


async def value_known_at(platform: Platform, firm: FirmInfo, instant: datetime) -> tuple[int, str]:
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await book_view(reader, firm, known_at=instant)
        page = await clients.accounts_page(reader, view, page_request(10, None))
        return view.book_version, str(page.rows[0].market_value.value)


async def server_now(platform: Platform, firm: FirmInfo) -> datetime:
    moment: datetime = await scalar(platform, firm, "select clock_timestamp()")
    return moment


async def test_known_at_reads_the_books_of_then(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    nothing = await server_now(platform, firm)
    await acme_book().load(platform, firm, tmp_path)
    first = await server_now(platform, firm)
    ids = await ids_of(platform, firm)
    account = ids.accounts["A1"]
    # traded long ago, entered today
    late = TransactionCommand(account, "DEPOSIT", date(2021, 1, 4), D(7))
    await post(platform, firm, late)
    await acme_book().price("ACME", "2021-03-30", "59").load(platform, firm, tmp_path)
    async with platform.db.reading(Binding(firm.id)) as reader:
        empty = await book_view(reader, firm, known_at=nothing)
        assert empty.book_version == 0
        page = await clients.accounts_page(reader, empty, page_request(10, None))
    assert [str(row.market_value.value) for row in page.rows] == ["0.00"]
    assert await value_known_at(platform, firm, first) == (1, "11000.00")
    assert await value_known_at(platform, firm, clock.now()) == (3, "11007.00")


async def test_a_corrected_price_is_a_new_row_and_the_old_belief_stays(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await acme_book().load(platform, firm, tmp_path)
    believed = await server_now(platform, firm)
    book = acme_book()
    book.prices.pop()
    assert (await book.price("ACME", LAST_DAY, "61.5").load(platform, firm, tmp_path)).counts[
        "prices"
    ].changed == 1
    assert await value_known_at(platform, firm, believed) == (1, "11000.00")
    assert await value_known_at(platform, firm, clock.now()) == (2, "11150.00")


async def test_a_sum_known_at_an_instant_survives_a_transaction_that_began_before_it(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    """``now()`` would fail here: the slow writer began before the instant and commits after it."""
    await acme_book().load(platform, firm, tmp_path)
    account = (await ids_of(platform, firm)).accounts["A1"]
    began, may_write = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        async with platform.db.unit_of_work(Binding(firm.id)) as uow:
            await uow.execute(text("select now()"))
            began.set()
            await may_write.wait()
            await post_transaction(uow, firm, TransactionCommand(account, "DEPOSIT", LAST_DAY, D(100)))

    writer = asyncio.create_task(slow())
    await began.wait()
    await post(platform, firm, TransactionCommand(account, "DEPOSIT", LAST_DAY, D(7)))
    instant = await server_now(platform, firm)
    seen = await value_known_at(platform, firm, instant)
    may_write.set()
    await writer
    assert seen == (2, "11007.00")
    assert await value_known_at(platform, firm, instant) == seen
    assert await value_known_at(platform, firm, clock.now()) == (3, "11107.00")


async def test_versions_are_in_commit_order_without_gaps(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await acme_book().load(platform, firm, tmp_path)
    account = (await ids_of(platform, firm)).accounts["A1"]

    async def one(amount: int) -> int:
        return (
            await post(platform, firm, TransactionCommand(account, "DEPOSIT", LAST_DAY, D(amount)))
        ).book_version

    versions = await asyncio.gather(*(one(n) for n in range(1, 11)))
    assert sorted(versions) == list(range(2, 12))
    closed = await rows(
        platform, firm, "select version, closed_at from book_versions where tenant_id = :t order by version"
    )
    assert [moment for _, moment in closed] == sorted(moment for _, moment in closed)
    # ten deposits of 1 to 10: 55
    assert (await value_known_at(platform, firm, clock.now()))[1] == "11055.00"


async def test_a_rolled_back_writer_leaves_no_version(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await acme_book().load(platform, firm, tmp_path)

    async def fail() -> None:
        async with platform.db.unit_of_work(Binding(firm.id)) as uow:
            assert await next_book_version(uow, "test") == 2
            assert await next_book_version(uow, "test") == 2
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with platform.db.reading(Binding(firm.id)) as reader:
        assert await current_book_version(reader) == 1


async def test_a_view_is_refused_outside_its_range(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    async with platform.db.reading(Binding(firm.id)) as reader:
        assert (await book_view(reader, firm)).book_version == 0
        with pytest.raises(ValidationFailed, match="asOf is 2021-04-01; expected a day from 1900-01-01 to"):
            await book_view(reader, firm, date(2021, 4, 1))
        with pytest.raises(ValidationFailed, match="has no time zone"):
            await resolve_known_at(reader, datetime(2021, 3, 31))  # noqa: DTZ001
        with pytest.raises(ValidationFailed, match="is in the future"):
            await book_view(reader, firm, known_at=clock.now() + timedelta(hours=1))


async def test_the_kept_day_follows_the_business_date(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await acme_book().load(platform, firm, tmp_path)

    class Tomorrow:
        currency = "USD"

        def business_date(self) -> date:
            return date(2021, 4, 1)

    async with platform.db.reading(Binding(firm.id)) as reader:
        assert (await book_view(reader, firm)).is_stored
        assert not (await book_view(reader, Tomorrow())).is_stored
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        assert await value_business_date(uow, Tomorrow())
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        assert not await value_business_date(uow, Tomorrow())
    async with platform.db.reading(Binding(firm.id)) as reader:
        assert (await book_view(reader, Tomorrow())).is_stored
        assert not (await book_view(reader, firm)).is_stored
