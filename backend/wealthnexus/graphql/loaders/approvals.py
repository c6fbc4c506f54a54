"""Reads of approvals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row

from wealthnexus.domain.approvals import repository
from wealthnexus.graphql.ids import from_global, not_found, to_global
from wealthnexus.graphql.loaders.shared import connection, subjects_of, user_ref
from wealthnexus.graphql.types.approvals import (
    Approval,
    ApprovalConnection,
    ApprovalDecision,
    ApprovalFilter,
)
from wealthnexus.graphql.types.enums import ApprovalState, Decision
from wealthnexus.kit.paging import PageRequest

if TYPE_CHECKING:
    from wealthnexus.graphql.loaders import Loaders


class ApprovalReads:
    def __init__(self, loaders: Loaders) -> None:
        self._all = loaders

    async def page(self, page: PageRequest, filter_: ApprovalFilter | None) -> ApprovalConnection:
        wanted = repository.RequestFilter()
        if filter_ is not None:
            wanted = repository.RequestFilter(
                states=[state.value for state in filter_.states or ()],
                awaiting=self._all.context.caller.user_id if filter_.awaiting_me else None,
            )
        found = await repository.requests_page(self._all.reader, wanted, page)
        return connection(
            ApprovalConnection,
            found,
            await self._made(found.rows),
            lambda: repository.count_requests(self._all.reader, wanted),
        )

    async def one(self, global_id: str) -> Approval:
        key = from_global(global_id, "Approval")
        rows = await repository.requests_by_ids(self._all.reader, [key])
        if key not in rows:
            raise not_found("Approval")
        return (await self._made([rows[key]]))[0]

    async def _made(self, rows: Sequence[Row[Any]]) -> list[Approval]:
        keys = [row.id for row in rows]
        decisions = await repository.decisions_of(self._all.reader, keys) if keys else {}
        subjects = await subjects_of(self._all, (row.subject_id for row in rows))
        return [
            Approval(
                id=to_global("Approval", row.id),
                kind=row.kind,
                title=row.title,
                command_summary=row.summary,
                command_hash=row.command_hash.hex(),
                state=ApprovalState(row.state),
                maker=user_ref(row.maker_id, row.maker_name),
                requested_at=row.requested_at,
                expires_at=row.expires_at,
                quorum=row.quorum,
                decisions=[
                    ApprovalDecision(
                        decider=user_ref(each.decider_id, each.decider_name),
                        decision=Decision(each.decision),
                        reason=each.reason,
                        decided_at=each.decided_at,
                    )
                    for each in decisions.get(row.id, ())
                ],
                subject=subjects.get(row.subject_id),
                reason=row.reason,
                outcome=row.outcome,
                version=row.version,
                maker_key=row.maker_id,
                decider_keys=frozenset(each.decider_id for each in decisions.get(row.id, ())),
            )
            for row in rows
        ]
