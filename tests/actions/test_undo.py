"""An import whose corporate action was posted stands until the posting is taken back."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from wealthnexus.domain.actions import Terms, post_action, reverse_action
from wealthnexus.domain.feeds.undo import preview_undo
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.kit.db.session import Binding
from wealthnexus.runtime import Platform

from tests.factories_ledger import Book, acme_book, scalar

pytestmark = pytest.mark.database
D = Decimal


async def blockers(
    platform: Platform, firm: FirmInfo, batch: UUID | None
) -> list[tuple[str, tuple[str, ...]]]:
    assert batch is not None
    async with platform.db.reading(Binding(firm.id)) as reader:
        return [(one.code, one.examples) for one in (await preview_undo(reader, batch)).blockers]


async def test_a_posted_action_keeps_the_import_that_told_it(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await acme_book().load(platform, firm, tmp_path)
    notices = Book(source="Notices").action("SPLIT", "2021-03-10", ratio_new=D(2), ratio_old=D(1))
    notices.actions[0] = notices.actions[0].__class__(
        0, "N1", "[Test custodian]ACME", "SPLIT", notices.actions[0].ex_date, ratio_new=D(2), ratio_old=D(1)
    )
    report = await notices.load(platform, firm, tmp_path)
    assert report.ok, list(report.lines())
    assert await blockers(platform, firm, report.batch_id) == []
    action = await scalar(platform, firm, "select id from corporate_actions where tenant_id = :t")
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        await post_action(uow, firm, action, Terms(), "Notice")
    assert await blockers(platform, firm, report.batch_id) == [("ACTIONS", ("N1",))]
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        await reverse_action(uow, firm, action, "Too early")
    assert await blockers(platform, firm, report.batch_id) == []
