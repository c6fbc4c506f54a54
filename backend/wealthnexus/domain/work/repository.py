"""Every statement about subjects, work items and findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    SelectBase,
    Table,
    TextClause,
    case,
    column,
    func,
    or_,
    select,
    table,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert

from wealthnexus.domain.work.models import findings, subjects, work_items
from wealthnexus.kit import clock
from wealthnexus.kit.db.pages import count_of, keyset_page
from wealthnexus.kit.db.session import Reader, UnitOfWork
from wealthnexus.kit.errors import Conflict
from wealthnexus.kit.paging import Page, PageRequest, SortKey
from wealthnexus.kit.text import message

OPEN = ("OPEN", "IN_PROGRESS")

# Identity stands on this room, not the other way round: of its table only these columns are read here.
_users = table("users", column("tenant_id"), column("id"), column("kind"), column("status"))


# -- subjects ----------------------------------------------------------------------------------------


async def insert_subjects(uow: UnitOfWork, rows: Sequence[tuple[UUID, str, str]]) -> None:
    if not rows:
        return
    instant = clock.now()
    await uow.execute(
        insert(subjects),
        [
            {"tenant_id": uow.tenant_id, "id": id_, "kind": kind, "label": label, "created_at": instant}
            for id_, kind, label in rows
        ],
    )


async def update_subject_label(uow: UnitOfWork, subject_id: UUID, label: str) -> None:
    await uow.execute(
        update(subjects)
        .where(subjects.c.tenant_id == uow.tenant_id, subjects.c.id == subject_id)
        .values(label=label)
    )


async def subjects_by_ids(reader: Reader, ids: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    """The subjects the caller may see, by id."""
    rows = await reader.rows(
        select(subjects).where(subjects.c.tenant_id == reader.tenant_id, subjects.c.id.in_(ids))
    )
    return {row.id: row for row in rows}


# -- work items --------------------------------------------------------------------------------------


# The predicates of the partial unique indexes, as literals: with bound values the server could not
# match them to the index once it plans the prepared statement generically.
_ITEM_IS_OPEN = text("state in ('OPEN', 'IN_PROGRESS') and dedupe_key is not null")
# Of what somebody limited may not see, only the unique index tells; no second look would find it.
_INSERTS_MAX = 5
_HIDDEN = message(
    "work.hidden",
    "the same is open already where your access does not show it; nothing was posted",
)
_FINDING_IS_OPEN = text("state = 'OPEN' and dedupe_key is not null")


async def insert_item_once(uow: UnitOfWork, values: dict[str, Any]) -> UUID | None:
    """None when inserted, else the id of the open item with the same kind and dedupe key.

    Conflict when there is one that the caller may not see.
    """
    return await _insert_once(uow, work_items, values, unique=("kind", "dedupe_key"), is_open=_ITEM_IS_OPEN)


async def _insert_once(
    uow: UnitOfWork, into: Table, values: dict[str, Any], *, unique: tuple[str, str], is_open: TextClause
) -> UUID | None:
    statement = insert(into).values(tenant_id=uow.tenant_id, **values)
    if values["dedupe_key"] is None:
        await uow.execute(statement)
        return None
    once = statement.on_conflict_do_nothing(index_elements=["tenant_id", *unique], index_where=is_open)
    for _ in range(_INSERTS_MAX):
        if (await uow.execute(once)).rowcount == 1:
            return None
        existing: UUID | None = await uow.scalar(
            select(into.c.id).where(
                into.c.tenant_id == uow.tenant_id, *(into.c[name] == values[name] for name in unique), is_open
            )
        )
        if existing is not None:
            return existing
        # It was closed between the two statements: insert again.
    raise Conflict(_HIDDEN())


async def item_for_update(uow: UnitOfWork, item_id: UUID) -> Row[Any] | None:
    return await uow.one_or_none(
        select(work_items)
        .where(work_items.c.tenant_id == uow.tenant_id, work_items.c.id == item_id)
        .with_for_update()
    )


async def open_item_for_update(uow: UnitOfWork, kind: str, dedupe_key: str) -> Row[Any] | None:
    return await uow.one_or_none(
        select(work_items)
        .where(
            work_items.c.tenant_id == uow.tenant_id,
            work_items.c.kind == kind,
            work_items.c.dedupe_key == dedupe_key,
            work_items.c.state.in_(OPEN),
        )
        .with_for_update()
    )


async def update_item(uow: UnitOfWork, item_id: UUID, **values: Any) -> Row[Any]:
    """The row is locked already; its version goes up by one."""
    result = await uow.execute(
        update(work_items)
        .where(work_items.c.tenant_id == uow.tenant_id, work_items.c.id == item_id)
        .values(version=work_items.c.version + 1, **values)
        .returning(work_items)
    )
    return result.one()


async def is_active_staff(reader: Reader, user_id: UUID) -> bool:
    return bool(
        await reader.scalar(
            select(_users.c.id).where(
                _users.c.tenant_id == reader.tenant_id,
                _users.c.id == user_id,
                _users.c.kind == "STAFF",
                _users.c.status == "ACTIVE",
            )
        )
    )


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """``roles``: items owned by one of these roles or by nobody; ``assignee_id``: the person's own.

    Both given: either. ``states`` empty: the open ones. ``subjects``: a statement of one column, the ids it
    may be about; it is read within that of the items.
    """

    kinds: Sequence[str] = ()
    states: Sequence[str] = ()
    subject_id: UUID | None = None
    subjects: SelectBase | None = None
    assignee_id: UUID | None = None
    roles: Sequence[str] | None = None


_ITEM_ORDER = (SortKey(work_items.c.created_at), SortKey(work_items.c.id))


def _items(reader: Reader, filter_: ItemFilter) -> Select[Any]:
    query = select(work_items).where(
        work_items.c.tenant_id == reader.tenant_id, work_items.c.state.in_(filter_.states or OPEN)
    )
    if filter_.kinds:
        query = query.where(work_items.c.kind.in_(filter_.kinds))
    if filter_.subject_id is not None:
        query = query.where(work_items.c.subject_id == filter_.subject_id)
    if filter_.subjects is not None:
        query = query.where(work_items.c.subject_id.in_(filter_.subjects))
    ways: list[ColumnElement[bool]] = []
    if filter_.assignee_id is not None:
        ways.append(work_items.c.assignee_id == filter_.assignee_id)
    if filter_.roles is not None:
        ways.append(
            work_items.c.assignee_id.is_(None)
            & (work_items.c.owner_role.is_(None) | work_items.c.owner_role.in_(filter_.roles))
        )
    return query.where(or_(*ways)) if ways else query


async def items_page(reader: Reader, filter_: ItemFilter, request: PageRequest) -> Page[Row[Any]]:
    """Oldest first."""
    return await keyset_page(reader, _items(reader, filter_), _ITEM_ORDER, "tu", request)


async def count_items(reader: Reader, filter_: ItemFilter) -> int:
    return await count_of(reader, _items(reader, filter_))


async def items_by_ids(reader: Reader, ids: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    rows = await reader.rows(
        select(work_items).where(work_items.c.tenant_id == reader.tenant_id, work_items.c.id.in_(ids))
    )
    return {row.id: row for row in rows}


@dataclass(frozen=True, slots=True)
class ItemGroup:
    """Open items of one kind: how many, the oldest, the worst; the action of the oldest."""

    kind: str
    count: int
    oldest_at: datetime
    severity: str
    title: str
    action_label: str
    action_path: str


async def item_groups(reader: Reader, filter_: ItemFilter) -> list[ItemGroup]:
    """One per kind, worst and then oldest first."""
    items = _items(reader, filter_).subquery()
    rank = case({"INFO": 0, "WARNING": 1, "BREACH": 2}, value=items.c.severity)

    def oldest(column: Any) -> Any:
        return func.array_agg(aggregate_order_by(column, items.c.created_at, items.c.id))[1]

    rows = await reader.rows(
        select(
            items.c.kind,
            func.count().label("open_count"),
            func.min(items.c.created_at).label("oldest_at"),
            func.max(rank).label("rank"),
            oldest(items.c.title).label("title"),
            oldest(items.c.action_label).label("action_label"),
            oldest(items.c.action_path).label("action_path"),
        )
        .group_by(items.c.kind)
        .order_by(func.max(rank).desc(), func.min(items.c.created_at))
    )
    severities = ("INFO", "WARNING", "BREACH")
    return [
        ItemGroup(
            row.kind, row.open_count, row.oldest_at, severities[row.rank], row.title, row.action_label,
            row.action_path,
        )
        for row in rows
    ]  # fmt: skip


# -- findings ----------------------------------------------------------------------------------------


async def insert_finding_once(uow: UnitOfWork, values: dict[str, Any]) -> UUID | None:
    """None when inserted, else the id of the open finding with the same code and dedupe key.

    Conflict when there is one that the caller may not see.
    """
    return await _insert_once(uow, findings, values, unique=("code", "dedupe_key"), is_open=_FINDING_IS_OPEN)


async def count_open_findings(reader: Reader, parameter: str, value: str) -> int:
    return int(
        await reader.scalar(
            select(func.count()).where(
                findings.c.tenant_id == reader.tenant_id,
                findings.c.state == "OPEN",
                findings.c.params[parameter].as_string() == value,
            )
        )
    )


async def finding_for_update(uow: UnitOfWork, finding_id: UUID) -> Row[Any] | None:
    return await uow.one_or_none(
        select(findings)
        .where(findings.c.tenant_id == uow.tenant_id, findings.c.id == finding_id)
        .with_for_update()
    )


async def open_findings_for_update(
    uow: UnitOfWork, codes: Sequence[str], category: str
) -> Sequence[Row[Any]]:
    """The open findings of the codes, locked in the order of their ids."""
    return await uow.rows(
        select(findings)
        .where(
            findings.c.tenant_id == uow.tenant_id,
            findings.c.state == "OPEN",
            findings.c.category == category,
            findings.c.code.in_(codes),
        )
        .order_by(findings.c.id)
        .with_for_update()
    )


async def update_finding(uow: UnitOfWork, finding_id: UUID, **values: Any) -> Row[Any]:
    """The row is locked already; its version goes up by one."""
    result = await uow.execute(
        update(findings)
        .where(findings.c.tenant_id == uow.tenant_id, findings.c.id == finding_id)
        .values(version=findings.c.version + 1, **values)
        .returning(findings)
    )
    return result.one()


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """Empty sequences do not filter."""

    states: Sequence[str] = ()
    severities: Sequence[str] = ()
    category: str | None = None
    subject_id: UUID | None = None
    job_id: UUID | None = None
    codes: Sequence[str] = ()


_FINDING_ORDER = (
    SortKey(findings.c.detected_at, descending=True),
    SortKey(findings.c.id, descending=True),
)


def _findings(reader: Reader, filter_: FindingFilter) -> Select[Any]:
    query = select(findings).where(findings.c.tenant_id == reader.tenant_id)
    if filter_.states:
        query = query.where(findings.c.state.in_(filter_.states))
    if filter_.severities:
        query = query.where(findings.c.severity.in_(filter_.severities))
    if filter_.codes:
        query = query.where(findings.c.code.in_(filter_.codes))
    for name in ("category", "subject_id", "job_id"):
        value = getattr(filter_, name)
        if value is not None:
            query = query.where(findings.c[name] == value)
    return query


async def findings_page(reader: Reader, filter_: FindingFilter, request: PageRequest) -> Page[Row[Any]]:
    """Newest first."""
    return await keyset_page(reader, _findings(reader, filter_), _FINDING_ORDER, "tu", request)


async def count_findings(reader: Reader, filter_: FindingFilter) -> int:
    return await count_of(reader, _findings(reader, filter_))


async def findings_by_ids(reader: Reader, ids: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    rows = await reader.rows(
        select(findings).where(findings.c.tenant_id == reader.tenant_id, findings.c.id.in_(ids))
    )
    return {row.id: row for row in rows}


async def findings_by_jobs(
    reader: Reader, job_ids: Sequence[UUID], *, limit_per_job: int = 200
) -> dict[UUID, list[Row[Any]]]:
    """The newest findings of each job."""
    number = func.row_number().over(
        partition_by=findings.c.job_id, order_by=(findings.c.detected_at.desc(), findings.c.id.desc())
    )
    numbered = (
        select(findings, number.label("number"))
        .where(findings.c.tenant_id == reader.tenant_id, findings.c.job_id.in_(job_ids))
        .subquery()
    )
    rows = await reader.rows(
        select(numbered).where(numbered.c.number <= limit_per_job).order_by(numbered.c.number)
    )
    grouped: dict[UUID, list[Row[Any]]] = {}
    for row in rows:
        grouped.setdefault(row.job_id, []).append(row)
    return grouped
