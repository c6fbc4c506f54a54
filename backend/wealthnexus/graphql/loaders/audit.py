"""Reads of the audit log: names are opened here, for those who may read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row

from wealthnexus.domain import audit
from wealthnexus.domain.audit import repository
from wealthnexus.domain.audit.personal import shown_rows
from wealthnexus.graphql.ids import from_global, not_found, to_global
from wealthnexus.graphql.loaders.shared import actor_ref, connection, subject_id, subject_key
from wealthnexus.graphql.scalars import BigInt, Json
from wealthnexus.graphql.types.audit import (
    AuditChainStatus,
    AuditEvent,
    AuditEventConnection,
    AuditFilter,
)
from wealthnexus.graphql.types.common import SubjectRef
from wealthnexus.kit import clock
from wealthnexus.kit.paging import PageRequest

if TYPE_CHECKING:
    from wealthnexus.graphql.loaders import Loaders


class AuditReads:
    def __init__(self, loaders: Loaders) -> None:
        self._all = loaders

    async def events(self, page: PageRequest, filter_: AuditFilter | None) -> AuditEventConnection:
        wanted = repository.EventFilter()
        if filter_ is not None:
            actor = filter_.actor_id
            wanted = repository.EventFilter(
                actions=filter_.actions or (),
                actor_id=from_global(actor, "User", path=("filter", "actorId")) if actor else None,
                subject_id=subject_key(filter_.subject_id, path=("filter", "subjectId")),
                since=filter_.from_,
                until=filter_.to,
            )
        found = await repository.events_page(self._all.reader, wanted, page)
        return connection(
            AuditEventConnection,
            found,
            await self._made(found.rows),
            lambda: repository.count_events(self._all.reader, wanted),
        )

    async def one(self, global_id: str) -> AuditEvent:
        key = from_global(global_id, "AuditEvent")
        rows = await repository.events_by_ids(self._all.reader, [key])
        if key not in rows:
            raise not_found("AuditEvent")
        return (await self._made([rows[key]]))[0]

    async def _made(self, rows: Sequence[Row[Any]]) -> list[AuditEvent]:
        shown = await shown_rows(self._all.reader, rows)
        return [
            AuditEvent(
                id=to_global("AuditEvent", row.id),
                occurred_at=row.occurred_at,
                action=row.action,
                actor=actor_ref(row.actor_kind, row.actor_id, names.actor_name),
                subject=SubjectRef(
                    id=subject_id(row.subject_id, row.subject_kind or ""),
                    kind=row.subject_kind or "",
                    label=names.subject_label or "",
                )
                if row.subject_id is not None
                else None,
                summary=names.summary,
                details=Json(names.details),
                ip_address=row.ip_address,
                user_agent=row.user_agent,
                request_id=row.request_id,
                content_hash=row.content_hash.hex(),
                sealed=row.chain_seq is not None,
                chain_seq=BigInt(row.chain_seq) if row.chain_seq is not None else None,
                chain_hash=row.chain_hash.hex() if row.chain_hash is not None else None,
            )
            for row, names in zip(rows, shown, strict=True)
        ]

    async def chain(self) -> AuditChainStatus:
        report = await audit.chain_status(self._all.reader)
        oldest = report.oldest_unsealed_at
        return AuditChainStatus(
            verified=report.is_verified,
            sealed_count=BigInt(report.sealed_count),
            unsealed_count=report.unsealed_count,
            oldest_unsealed_age_seconds=max(0, int((clock.now() - oldest).total_seconds()))
            if oldest
            else None,
            head_hash=report.head_hash.hex() if report.head_hash is not None else None,
            head_seq=BigInt(report.head_seq or 0),
            verified_at=report.verified_at,
            broken_at_seq=BigInt(report.broken_at_seq) if report.broken_at_seq is not None else None,
            message=report.message,
        )
