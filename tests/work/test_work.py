"""The work queue, findings and subjects."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from wealthnexus.domain import work
from wealthnexus.domain.identity.models import users
from wealthnexus.domain.work import repository
from wealthnexus.domain.work.models import findings, subjects, work_items
from wealthnexus.domain.work.repository import FindingFilter, ItemFilter
from wealthnexus.kit import clock
from wealthnexus.kit.db.platform_tables import outbox
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.errors import Conflict, NotFound, PermissionDenied, ValidationFailed
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.paging import PageRequest, page_request

from tests.support.engines import Firm, Person

ITEM = {"kind": "feeds.review", "title": "Review", "action_label": "Open", "action_path": "/imports/1"}
FINDING = {
    "code": "PRICE_STALE",
    "severity": "WARNING",
    "category": "prices",
    "message": "AAPL is 4 days old",
}


async def post(firm: Firm, **facts: Any) -> Any:
    async with firm.writing() as uow:
        return await work.post_item(uow, **{**ITEM, **facts})


async def find(firm: Firm, **facts: Any) -> Any:
    async with firm.writing() as uow:
        return await work.post_finding(uow, **{**FINDING, **facts})


async def told(firm: Firm) -> list[tuple[str, str]]:
    rows = sorted(await firm.rows(outbox), key=lambda row: row.id)
    return [(row.event_type, row.payload.get("state", "")) for row in rows]


# -- items -------------------------------------------------------------------------------------------


async def test_an_open_item_is_unique_per_kind_and_key(firm: Firm) -> None:
    ids = await asyncio.gather(*(post(firm, dedupe_key="k") for _ in range(8)))
    assert len(set(ids)) == 1
    assert await told(firm) == [("work.item.posted", "")]
    assert await post(firm, dedupe_key="other") not in ids
    assert await post(firm, kind="feeds.other", dedupe_key="k") not in ids
    assert await post(firm) != await post(firm), "without a key each is its own"


async def test_an_open_item_out_of_sight_is_a_conflict_and_no_endless_search(firm: Firm) -> None:
    member = await firm.person("Limited Lee")
    await post(firm, dedupe_key="k")
    limited = Binding(firm.id, member.user_id, "limited")
    async with firm.database.unit_of_work(limited, actor=member.actor()) as uow:
        with pytest.raises(Conflict) as refused:
            async with asyncio.timeout(5):
                await work.post_item(uow, **{**ITEM, "dedupe_key": "k", "assignee_id": member.user_id})
    assert refused.value.message == (
        "the same is open already where your access does not show it; nothing was posted"
    )
    assert len(await firm.rows(work_items)) == 1


async def test_the_key_is_free_again_when_the_item_has_ended(firm: Firm) -> None:
    dana = await firm.person("Dana Smith")
    first = await post(firm, dedupe_key="k")
    async with firm.writing(dana) as uow:
        done = await work.complete_item(uow, dana, first, expected_version=1)
    assert (done.state, done.version) == ("DONE", 2)
    assert done.closed_at is not None
    assert await post(firm, dedupe_key="k") != first
    assert await told(firm) == [
        ("work.item.posted", ""),
        ("work.item.changed", "DONE"),
        ("work.item.posted", ""),
    ]


async def test_posting_and_closing_at_once_never_fails(firm: Firm) -> None:
    async def close() -> None:
        async with firm.writing() as uow:
            await work.close_item_for(uow, "feeds.review", "k")

    for _ in range(10):
        await asyncio.gather(post(firm, dedupe_key="k"), close(), post(firm, dedupe_key="k"), close())
    items = await firm.rows(work_items)
    assert sum(item.state == "OPEN" for item in items) <= 1


async def test_items_are_assigned_to_active_staff_of_the_firm(firm: Firm, other_firm: Firm) -> None:
    dana, lee = await firm.person("Dana Smith"), await firm.person("Lee Brown")
    gone, stranger = await firm.person("Gone"), await other_firm.person("Stranger")
    async with firm.writing() as uow:
        await uow.execute(
            update(users)
            .where(users.c.tenant_id == firm.id, users.c.id == gone.user_id)
            .values(status="DEACTIVATED")
        )
    item_id = await post(firm)
    async with firm.writing(dana) as uow:
        item = await work.assign_item(uow, dana, item_id, assignee_id=lee.user_id, expected_version=1)
    assert (item.assignee_id, item.state, item.version) == (lee.user_id, "IN_PROGRESS", 2)
    for nobody in (gone.user_id, stranger.user_id, new_id()):
        async with firm.writing(dana) as uow:
            with pytest.raises(ValidationFailed, match="is not an active member of staff") as refused:
                await work.assign_item(uow, dana, item_id, assignee_id=nobody, expected_version=2)
            assert refused.value.path == ("input", "assigneeId")
    async with firm.writing(dana) as uow:
        item = await work.assign_item(uow, dana, item_id, assignee_id=None, expected_version=2)
    assert (item.assignee_id, item.state) == (None, "OPEN")


@pytest.mark.parametrize("verb", ["complete_item", "cancel_item"])
async def test_who_may_not_or_comes_late_changes_nothing(firm: Firm, other_firm: Firm, verb: str) -> None:
    dana = await firm.person("Dana Smith")
    reader = Person(dana.user_id, "Dana Smith", frozenset({"work.read"}))
    stranger = await other_firm.person("Stranger")
    item_id = await post(firm)
    act = getattr(work, verb)
    async with firm.writing() as uow:
        with pytest.raises(PermissionDenied, match=r"work\.manage is not among what your roles allow"):
            await act(uow, reader, item_id, expected_version=1)
    async with other_firm.writing(stranger) as uow:
        with pytest.raises(NotFound, match=f"there is no work item {item_id}"):
            await act(uow, stranger, item_id, expected_version=1)
    async with firm.writing(dana) as uow:
        with pytest.raises(Conflict, match="version 7 was expected, it is 1; nothing was changed") as refused:
            await act(uow, dana, item_id, expected_version=7)
        assert refused.value.current_version == 1
    item = await firm.row(work_items, item_id)
    assert (item.state, item.version) == ("OPEN", 1)
    async with firm.writing(dana) as uow:
        await act(uow, dana, item_id, expected_version=1)
    async with firm.writing(dana) as uow:
        with pytest.raises(Conflict, match="Review has ended already"):
            await act(uow, dana, item_id, expected_version=2)


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"title": ""}, "the title of a work item has 0 characters, expected 1 to 300"),
        ({"title": "x" * 301}, "has 301 characters"),
        ({"severity": "FATAL"}, "severity is 'FATAL', expected one of INFO, WARNING, BREACH"),
        ({"action_path": "https://elsewhere.test/"}, "expected a path of the app"),
    ],
)
async def test_an_item_that_makes_no_sense_is_refused(
    firm: Firm, facts: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValidationFailed, match=message):
        await post(firm, **facts)


async def test_the_queue_of_a_person_its_groups_and_its_pages(firm: Firm) -> None:
    dana, lee = await firm.person("Dana Smith"), await firm.person("Lee Brown")
    start = clock.now() - timedelta(hours=1)
    expected = []
    for minute, facts in enumerate(
        [
            {"owner_role": "OPERATIONS"},
            {"owner_role": "COMPLIANCE", "kind": "audit.chain", "severity": "BREACH"},
            {},
            {"assignee_id": dana.user_id, "owner_role": "COMPLIANCE"},
            {"assignee_id": lee.user_id, "owner_role": "OPERATIONS"},
        ]
    ):
        with clock.frozen_at(start + timedelta(minutes=minute)):
            expected.append(await post(firm, **{"title": f"T{minute}", **facts}))
    mine = ItemFilter(assignee_id=dana.user_id, roles=["OPERATIONS"])
    async with firm.reading() as reader:
        first = await repository.items_page(reader, mine, PageRequest(2))
        second = await repository.items_page(reader, mine, page_request(2, first.cursors[-1]))
        everything = await repository.item_groups(reader, ItemFilter())
        assert await repository.count_items(reader, mine) == 3
    assert [row.id for row in [*first.rows, *second.rows]] == [expected[0], expected[2], expected[3]]
    assert (first.has_next, second.has_next) == (True, False)
    assert [(g.kind, g.count, g.severity, g.title, g.oldest_at) for g in everything] == [
        ("audit.chain", 1, "BREACH", "T1", start + timedelta(minutes=1)),
        ("feeds.review", 4, "INFO", "T0", start),
    ]


async def test_an_undeclared_kind_has_a_label_too() -> None:
    assert work.item_kind("nobody.knows").label() == "Other work"
    assert work.item_kind("nobody.knows").is_closed_by_hand


# -- findings ----------------------------------------------------------------------------------------


async def test_a_finding_keeps_its_evidence_and_is_unique_while_open(firm: Firm) -> None:
    subject = await firm.subject()
    facts: dict[str, Any] = {
        "subject_id": subject,
        "dedupe_key": f"{subject}:2021-03-31",
        "params": {"days": 4},
        "evidence": [work.Evidence("Last price", "2021-03-26")],
        "fix": work.Fix("Enter a price", "/prices"),
    }
    ids = await asyncio.gather(*(find(firm, **facts) for _ in range(5)))
    assert len(set(ids)) == 1
    (row,) = await firm.rows(findings)
    assert (row.params, row.evidence, row.fix, row.state) == (
        {"days": 4},
        [{"label": "Last price", "value": "2021-03-26"}],
        {"label": "Enter a price", "path": "/prices"},
        "OPEN",
    )
    assert await told(firm) == [("work.finding.posted", "")]


async def test_a_finding_is_closed_with_a_reason(firm: Firm) -> None:
    dana = await firm.person("Dana Smith")
    finding_id = await find(firm)

    async def resolve(who: Person, reason: str, version: int = 1) -> Any:
        async with firm.writing(who) as uow:
            return await work.resolve_finding(
                uow, who, finding_id, resolution="DISMISSED", reason=reason, expected_version=version
            )

    with pytest.raises(PermissionDenied):
        await resolve(Person(dana.user_id, "Dana", frozenset()), "x")
    with pytest.raises(ValidationFailed, match="the reason has 0 characters"):
        await resolve(dana, "  ")
    with pytest.raises(Conflict, match="version 9 was expected"):
        await resolve(dana, "x", 9)
    assert (await firm.row(findings, finding_id)).state == "OPEN"
    closed = await resolve(dana, " a holiday ")
    assert (closed.state, closed.resolution_reason, closed.resolved_by, closed.version) == (
        "DISMISSED",
        "a holiday",
        dana.user_id,
        2,
    )
    with pytest.raises(Conflict, match="this finding is closed already"):
        await resolve(dana, "again", 2)


async def test_findings_lists(firm: Firm) -> None:
    ids = [await find(firm, severity=severity) for severity in ("INFO", "WARNING", "BREACH")]
    async with firm.reading() as reader:
        page = await repository.findings_page(reader, FindingFilter(), PageRequest())
        severe = await repository.findings_page(
            reader, FindingFilter(severities=["BREACH"], states=["OPEN"], category="prices"), PageRequest()
        )
        assert await repository.count_findings(reader, FindingFilter(category="none")) == 0
    assert [row.id for row in page.rows] == list(reversed(ids))
    assert [row.id for row in severe.rows] == [ids[2]]


# -- subjects ----------------------------------------------------------------------------------------


async def test_subjects_are_links_within_the_firm(firm: Firm, other_firm: Firm) -> None:
    theirs = await other_firm.subject("Theirs")
    with pytest.raises(DBAPIError, match="violates foreign key constraint"):
        await post(firm, subject_id=theirs)
    mine = await firm.subject("Old name")
    async with firm.writing() as uow:
        await work.rename_subject(uow, mine, "New name")
        ref = await work.subject_ref(uow, mine)
        assert ref is not None
        assert (ref.kind, ref.label) == ("household", "New name")
        assert await work.subject_ref(uow, theirs) is None
    async with firm.writing() as uow:
        await work.register_subjects(uow, [(new_id(), "account", f"A{n}") for n in range(500)])
        await work.register_subjects(uow, [])
        assert uow.statement_count == 1
    assert len(await firm.rows(subjects, subjects.c.kind == "account")) == 500


async def test_a_limited_member_sees_only_items_given_to_it(firm: Firm) -> None:
    member = await firm.person("Limited Lee")
    hidden, given = await post(firm), await post(firm, assignee_id=member.user_id)
    async with firm.database.reading(Binding(firm.id, member.user_id, "limited")) as reader:
        page = await repository.items_page(reader, ItemFilter(), PageRequest())
        assert [row.id for row in page.rows] == [given]
        assert set(await repository.items_by_ids(reader, [hidden, given])) == {given}
