"""Findings and items of a check that looks at many subjects at once: a fixed number of statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, Row, Text, Uuid, bindparam, insert, select, text

from wealthnexus.domain.work.models import findings, work_items
from wealthnexus.domain.work.service import OPEN_STATES, Evidence, Fix, Severity
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.events import Occurred, emit_many
from wealthnexus.kit.ids import new_id

_FINDINGS_FOLLOW: Final = text(
    "update findings f set severity = x.severity, message = x.message, version = f.version + 1"
    " from unnest(:ids, :severities, :messages) x(id, severity, message)"
    " where f.tenant_id = :tenant and f.id = x.id"
).bindparams(
    bindparam("tenant", type_=Uuid()), bindparam("ids", type_=ARRAY(Uuid())),
    bindparam("severities", type_=ARRAY(Text())), bindparam("messages", type_=ARRAY(Text())),
)  # fmt: skip
_FINDINGS_CLOSED: Final = text(
    "update findings f set state = 'RESOLVED', resolved_at = :now, resolution_reason = x.reason,"
    " version = f.version + 1 from unnest(:ids, :reasons) x(id, reason)"
    " where f.tenant_id = :tenant and f.id = x.id and f.state = 'OPEN'"
    " returning f.id, f.code, f.subject_id"
).bindparams(
    bindparam("tenant", type_=Uuid()), bindparam("ids", type_=ARRAY(Uuid())),
    bindparam("reasons", type_=ARRAY(Text())), bindparam("now", type_=findings.c.resolved_at.type),
)  # fmt: skip
_ITEMS_FOLLOW: Final = text(
    "update work_items w set title = x.title, version = w.version + 1"
    " from unnest(:ids, :titles) x(id, title) where w.tenant_id = :tenant and w.id = x.id"
).bindparams(
    bindparam("tenant", type_=Uuid()), bindparam("ids", type_=ARRAY(Uuid())),
    bindparam("titles", type_=ARRAY(Text())),
)  # fmt: skip
_ITEMS_DONE: Final = text(
    "update work_items w set state = 'DONE', closed_at = :now, version = w.version + 1"
    " where w.tenant_id = :tenant and w.kind = :kind and w.dedupe_key = any(:keys)"
    " and w.state in ('OPEN', 'IN_PROGRESS') returning w.id, w.subject_id, w.assignee_id"
).bindparams(
    bindparam("tenant", type_=Uuid()), bindparam("kind", type_=Text()),
    bindparam("keys", type_=ARRAY(Text())), bindparam("now", type_=work_items.c.closed_at.type),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found of one subject; one finding of the code is open per ``dedupe_key``."""

    dedupe_key: str
    severity: Severity
    message: str
    subject_id: UUID | None = None
    params: Mapping[str, Any] | None = None
    evidence: Sequence[Evidence] = ()
    fix: Fix | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Work to be done about one subject; one item of the kind is open per ``dedupe_key``."""

    dedupe_key: str
    title: str
    action_path: str
    subject_id: UUID | None = None
    has_news: bool = False
    """What it is about has changed, whether or not its title tells."""


async def keep_findings(
    uow: UnitOfWork, *, code: str, category: str, found: Sequence[Found]
) -> dict[str, UUID]:
    """Post what is new and let the open ones follow their severity and message; ids by key."""
    if not found:
        return {}
    known = {
        row.dedupe_key: row
        for row in await uow.rows(
            select(findings.c.id, findings.c.dedupe_key, findings.c.severity, findings.c.message)
            .where(
                findings.c.tenant_id == uow.tenant_id,
                findings.c.code == code,
                findings.c.dedupe_key.in_([each.dedupe_key for each in found]),
                findings.c.state == "OPEN",
            )
            .order_by(findings.c.id)
            .with_for_update()
        )
    }
    moved = [
        (known[each.dedupe_key].id, each)
        for each in found
        if each.dedupe_key in known
        and (known[each.dedupe_key].severity, known[each.dedupe_key].message) != (each.severity, each.message)
    ]
    if moved:
        await uow.execute(
            _FINDINGS_FOLLOW,
            {
                "tenant": uow.tenant_id,
                "ids": [key for key, _ in moved],
                "severities": [each.severity for _, each in moved],
                "messages": [each.message for _, each in moved],
            },
        )
    fresh = {each.dedupe_key: (new_id(), each) for each in found if each.dedupe_key not in known}
    if fresh:
        await _insert_findings(uow, code, category, list(fresh.values()))
    return {key: row.id for key, row in known.items()} | {key: id_ for key, (id_, _) in fresh.items()}


async def _insert_findings(
    uow: UnitOfWork, code: str, category: str, fresh: Sequence[tuple[UUID, Found]]
) -> None:
    now = clock.now()
    await uow.execute(
        insert(findings),
        [
            {
                "tenant_id": uow.tenant_id,
                "id": id_,
                "code": code,
                "severity": each.severity,
                "category": category,
                "subject_id": each.subject_id,
                "message": each.message,
                "params": dict(each.params or {}),
                "evidence": [asdict(piece) for piece in each.evidence],
                "fix": asdict(each.fix) if each.fix else None,
                "state": "OPEN",
                "dedupe_key": each.dedupe_key,
                "detected_at": now,
                "version": 1,
            }
            for id_, each in fresh
        ],
    )
    await emit_many(
        uow,
        "work.finding.posted",
        [
            Occurred({"findingId": id_, "code": code, "severity": each.severity}, each.subject_id)
            for id_, each in fresh
        ],
    )


async def close_found(uow: UnitOfWork, reasons: Mapping[UUID, str]) -> None:
    """What these findings were about is gone or decided: the open ones of them are resolved."""
    if not reasons:
        return
    ids = sorted(reasons)
    ended = await uow.execute(
        _FINDINGS_CLOSED,
        {
            "tenant": uow.tenant_id,
            "ids": ids,
            "reasons": [reasons[key] for key in ids],
            "now": clock.now(),
        },
    )
    await emit_many(
        uow,
        "work.finding.closed",
        [
            Occurred({"findingId": row.id, "code": row.code, "state": "RESOLVED"}, row.subject_id)
            for row in ended.all()
        ],
    )


async def keep_items(
    uow: UnitOfWork,
    *,
    kind: str,
    severity: Severity,
    owner_role: str,
    action_label: str,
    wanted: Sequence[Wanted],
) -> None:
    """Post what is new; the title of what is open already follows. Who watches is told of both."""
    if not wanted:
        return
    open_ = {
        row.dedupe_key: row
        for row in await uow.rows(
            select(
                work_items.c.id,
                work_items.c.dedupe_key,
                work_items.c.title,
                work_items.c.state,
                work_items.c.subject_id,
                work_items.c.assignee_id,
            )
            .where(
                work_items.c.tenant_id == uow.tenant_id,
                work_items.c.kind == kind,
                work_items.c.dedupe_key.in_([each.dedupe_key for each in wanted]),
                work_items.c.state.in_(OPEN_STATES),
            )
            .order_by(work_items.c.id)
            .with_for_update()
        )
    }
    await _follow_items(uow, kind, wanted, open_)
    fresh = [(new_id(), each) for each in wanted if each.dedupe_key not in open_]
    if not fresh:
        return
    now = clock.now()
    await uow.execute(
        insert(work_items),
        [
            {
                "tenant_id": uow.tenant_id,
                "id": id_,
                "kind": kind,
                "title": each.title,
                "subject_id": each.subject_id,
                "severity": severity,
                "state": "OPEN",
                "created_at": now,
                "owner_role": owner_role,
                "action_label": action_label,
                "action_path": each.action_path,
                "dedupe_key": each.dedupe_key,
                "version": 1,
            }
            for id_, each in fresh
        ],
    )
    await emit_many(
        uow,
        "work.item.posted",
        [
            Occurred({"workItemId": id_, "kind": kind, "ownerRole": owner_role}, each.subject_id)
            for id_, each in fresh
        ],
    )


async def _follow_items(
    uow: UnitOfWork, kind: str, wanted: Sequence[Wanted], open_: Mapping[str, Row[Any]]
) -> None:
    titles = {
        row.id: each.title
        for each in wanted
        if (row := open_.get(each.dedupe_key)) is not None and row.title != each.title
    }
    if titles:
        given = {"tenant": uow.tenant_id, "ids": list(titles), "titles": list(titles.values())}
        await uow.execute(_ITEMS_FOLLOW, given)
    told = [
        row
        for each in wanted
        if (row := open_.get(each.dedupe_key)) is not None and (each.has_news or row.id in titles)
    ]
    if not told:
        return
    await emit_many(
        uow,
        "work.item.changed",
        [
            Occurred(
                {"workItemId": row.id, "kind": kind, "state": row.state}, row.subject_id, row.assignee_id
            )
            for row in told
        ],
    )


async def close_items(uow: UnitOfWork, kind: str, dedupe_keys: Sequence[str]) -> None:
    """What the items were about has ended."""
    if not dedupe_keys:
        return
    given = {"tenant": uow.tenant_id, "kind": kind, "keys": list(dedupe_keys), "now": clock.now()}
    ended = await uow.execute(_ITEMS_DONE, given)
    await emit_many(
        uow,
        "work.item.changed",
        [
            Occurred({"workItemId": row.id, "kind": kind, "state": "DONE"}, row.subject_id, row.assignee_id)
            for row in ended.all()
        ],
    )
