"""What an import makes doubtful becomes findings and one work item."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from wealthnexus.domain import work
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.kit.context import SYSTEM, Actor
from wealthnexus.kit.db.session import Binding
from wealthnexus.runtime import Platform

from tests.factories import make_user
from tests.factories_ledger import LAST_DAY, Book, acme_book, rows

pytestmark = pytest.mark.database

FINDINGS = """
select f.code, f.severity, f.message, s.kind, s.label from findings f
join subjects s on s.tenant_id = f.tenant_id and s.id = f.subject_id
where f.tenant_id = :t order by f.code, f.message
"""


@dataclass(frozen=True)
class Desk:
    """Somebody who may settle findings."""

    user_id: UUID
    permissions: frozenset[str] = frozenset({"findings.resolve"})

    def actor(self) -> Actor:
        return SYSTEM


async def test_a_clean_bundle_makes_none(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    report = await acme_book().load(platform, firm, tmp_path)
    assert report.finding_count == 0
    assert await rows(platform, firm, "select 1 from work_items where tenant_id = :t") == []


async def test_findings_of_every_kind(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    book = acme_book().account("A2").security("JUMP").security("GONE").security("OLD").security("NIL")
    book.price("JUMP", "2021-03-29", "10").price("JUMP", "2021-03-30", "16").price("JUMP", LAST_DAY, "15")
    book.price("OLD", "2021-01-04", "8").price("NIL", LAST_DAY, "0")
    for key in ("JUMP", "GONE", "OLD", "NIL"):
        book.buy(key, "10", "-100", on="2021-01-04")
    book.transaction("ADVISORY_FEE", "-12.34", account="A2")
    report = await book.load(platform, firm, tmp_path)
    found = await rows(platform, firm, FINDINGS)
    assert found == [
        ("MISSING_PRICE", "WARNING", "GONE Corp is held and has no price on or before 31 Mar 2021",
         "security", "GONE Corp"),
        ("NEGATIVE_CASH", "WARNING", "Account A2 has -12.34 USD of cash on 31 Mar 2021",
         "account", "Account A2"),
        ("PRICE_JUMP", "WARNING",
         "JUMP Corp closed at 16 on 30 Mar 2021, +60.0% from 10 on 29 Mar 2021, and no split was"
         " journalled",
         "security", "JUMP Corp"),
        ("STALE_PRICE", "INFO", "OLD Corp is held and its latest price, 8, is of 4 Jan 2021", "security",
         "OLD Corp"),
        ("ZERO_PRICE", "WARNING", "NIL Corp is held and closed at 0 on 31 Mar 2021", "security", "NIL Corp"),
    ]  # fmt: skip
    assert report.finding_count == 5
    assert await rows(
        platform, firm, "select kind, title, severity, owner_role, action_path, dedupe_key from work_items"
        " where tenant_id = :t"
    ) == [
        ("feeds.import_review", "Review 5 findings of the import from Test custodian", "WARNING",
         "OPERATIONS", "/findings", str(report.batch_id)),
    ]  # fmt: skip


async def test_a_review_ends_with_its_last_finding_and_is_not_asked_for_twice(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    book = acme_book().security("GONE").buy("GONE", "10", "-100")
    await book.load(platform, firm, tmp_path)
    await book.deposit("1").load(platform, firm, tmp_path)  # brings nothing that was not known
    items = "select state from work_items where tenant_id = :t"
    assert await rows(platform, firm, items) == [("OPEN",)]
    operations = await make_user(platform, firm, roles=("OPERATIONS",))
    ((finding,),) = await rows(platform, firm, "select id from findings where tenant_id = :t")
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        await work.resolve_finding(
            uow, Desk(operations.id), finding, resolution="RESOLVED", reason="Priced.", expected_version=1
        )
    assert await rows(platform, firm, items) == [("DONE",)]


async def test_a_finding_is_open_once(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    book = acme_book().security("GONE").buy("GONE", "10", "-100")
    await book.load(platform, firm, tmp_path)
    await book.deposit("1").load(platform, firm, tmp_path)
    assert len(await rows(platform, firm, FINDINGS)) == 1


@pytest.mark.parametrize(
    ("journal", "held", "codes"),
    [
        (False, True, ["PRICE_JUMP"]),
        (True, True, []),  # a 4-for-1 split was journalled
        (False, False, []),  # nobody held it
    ],
)
async def test_a_jump_is_a_question_only_for_a_holder_without_a_split(
    platform: Platform, firm: FirmInfo, tmp_path: Path, *, journal: bool, held: bool, codes: list[str]
) -> None:
    book = Book().household().account().security().deposit("1000", on="2021-01-04")
    book.price("ACME", "2021-03-29", "400").price("ACME", LAST_DAY, "101")
    if held:
        book.buy("ACME", "1", "-400", on="2021-03-29")
    if journal:
        book.transaction("JOURNAL", security="ACME", quantity="3", on=LAST_DAY, description="4-for-1 split")
    await book.load(platform, firm, tmp_path)
    assert [row[0] for row in await rows(platform, firm, FINDINGS)] == codes


async def test_the_audit_and_the_event_tell_of_the_batch(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    report = await acme_book().load(platform, firm, tmp_path)
    assert await rows(
        platform, firm, "select payload->>'batchId', payload->>'bookVersion', payload->>'created',"
        " book_version from outbox where tenant_id = :t and event_type = 'feeds.batch.imported'"
    ) == [(str(report.batch_id), "1", "7", 1)]  # fmt: skip
    assert await rows(
        platform, firm, "select summary, details->'counts'->'transactions'->>'created' from audit_events"
        " where tenant_id = :t and action = 'feeds.batch.imported'"
    ) == [("Imported from {subject}: 2 new transactions, 1 new households", "2")]  # fmt: skip
