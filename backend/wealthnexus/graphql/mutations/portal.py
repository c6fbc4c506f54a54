"""The client's own door."""

from __future__ import annotations

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import mutation
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.types.payloads import SendRequestPayload
from wealthnexus.graphql.types.portal import SendRequestInput


@strawberry.type
class PortalMutations:
    @mutation(
        Permission.REQUESTS_SEND,
        "Tells the firm that what it keeps of you is right, asks for a change, or to end an access of yours;"
        " it becomes work for the firm.",
    )
    async def send_request(self, info: Info, input: SendRequestInput) -> SendRequestPayload:
        return await info.context.acts.portal.send_request(input)
