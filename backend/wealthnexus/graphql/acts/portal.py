"""What a client does by themselves: asking the firm."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from wealthnexus.domain.clients.service import requests
from wealthnexus.domain.identity import own_access
from wealthnexus.graphql.context import RequestContext
from wealthnexus.graphql.ids import input_key, not_found
from wealthnexus.graphql.types.payloads import SendRequestSuccess
from wealthnexus.graphql.types.portal import RequestKind, SendRequestInput
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.idempotency import run_once


class PortalActs:
    def __init__(self, context: RequestContext) -> None:
        self._context = context

    async def send_request(self, given: SendRequestInput) -> SendRequestSuccess:
        caller = self._context.caller
        is_access = given.kind is RequestKind.END_ACCESS
        key = input_key(given.subject_id, "AccessGrant" if is_access else "Party", "subjectId")

        async def send(uow: UnitOfWork) -> dict[str, Any]:
            subject, grant = await self._meant(uow, key, is_access=is_access)
            made = await requests.send_request(
                uow,
                user_id=caller.user_id,
                user_name=caller.name,
                kind=given.kind.value.lower(),
                subject_id=subject,
                grant_id=grant,
                words=given.message,
            )
            return {"id": made}

        async def once(uow: UnitOfWork) -> dict[str, Any]:
            return await run_once(
                uow,
                principal_id=caller.user_id,
                operation="sendRequest",
                key=given.idempotency_key,
                request={"kind": given.kind.value, "subject": str(key), "message": given.message},
                do=lambda: send(uow),
            )

        answer = await self._context.change(once)
        loaders = await self._context.loaders()
        return SendRequestSuccess(request=await loaders.portal.request(UUID(answer["id"])))

    async def _meant(self, uow: UnitOfWork, key: UUID, *, is_access: bool) -> tuple[UUID, UUID | None]:
        """What the request is about, and which grant; NotFound for what the caller may not ask about."""
        caller = self._context.caller
        today = clock.business_date(caller.firm.time_zone, None)
        path = ("input", "subjectId")
        if is_access:
            grant = await own_access.own_grant(uow, caller.user_id, key, today)
            if grant is None:
                raise not_found("AccessGrant", path=path)
            return grant.subject_id, grant.id
        grants = await own_access.own_grants(uow, caller.user_id, today)
        spoken_for = {
            each.subject_id
            for each in grants
            if own_access.in_force(each, today) and own_access.speaks_for(each.relationship)
        }
        if key not in spoken_for and key != await own_access.own_party_id(uow, caller.user_id):
            raise not_found("Party", path=path)
        return key, None
