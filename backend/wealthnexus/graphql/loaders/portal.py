"""Reads of what is a person's own, and of what was shared with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Row, select
from strawberry.dataloader import DataLoader

from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.clients.models import client_requests
from wealthnexus.domain.clients.rules import needs as rules
from wealthnexus.domain.clients.rules.balance_sheet import shown_share
from wealthnexus.domain.clients.rules.ownership import OWNING_ROLES, direct_shares
from wealthnexus.domain.identity import own_access
from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger.repository import HoldingGrouping, groups_together
from wealthnexus.graphql.ids import from_global, not_found, to_global
from wealthnexus.graphql.loaders.book import account_of
from wealthnexus.graphql.loaders.clients import liability_of, party_of
from wealthnexus.graphql.loaders.shared import subjects_of
from wealthnexus.graphql.scalars import Currency
from wealthnexus.graphql.types.book import Account
from wealthnexus.graphql.types.clients import Liability, Party
from wealthnexus.graphql.types.enums import GrantRelationship
from wealthnexus.graphql.types.figures import ValuePoint, figure_of
from wealthnexus.graphql.types.holdings import HoldingGroup, group_of
from wealthnexus.graphql.types.portal import (
    AccessState,
    ClientRequest,
    NeedKind,
    RequestKind,
    RequestState,
    ViewerAccess,
    ViewerNeed,
    Worth,
    WorthChange,
    WorthSince,
)
from wealthnexus.kit import clock

if TYPE_CHECKING:
    from wealthnexus.graphql.loaders import Loaders

ACCOUNTS_SHOWN = 200
REQUESTS_SHOWN = 50


def _state_of(grant: Row[Any], today: date) -> AccessState:
    if own_access.in_force(grant, today):
        return AccessState.IN_FORCE
    begins_later = grant.revoked_at is None and grant.effective_from > today
    return AccessState.NOT_YET if begins_later else AccessState.ENDED


@dataclass(frozen=True, slots=True)
class Part:
    """``own``: the caller's share; ``hidden``: owners the caller may not see."""

    own: Decimal | None
    hidden: int


def _part_of(rows: Sequence[Any], own: UUID | None) -> Part:
    shares = direct_shares((row.party_id, row.role, row.share) for row in rows)
    part = shares.get(own) if own is not None else None
    hidden = {row.party_id for row in rows if row.role in OWNING_ROLES and row.name is None}
    return Part(shown_share(part) if part else None, len(hidden))


class PortalReads:
    def __init__(self, loaders: Loaders) -> None:
        self._all = loaders
        self._caller = loaders.context.caller

    def _today(self) -> date:
        """Grants follow today's date where the firm is, whatever day its books stand at."""
        return clock.business_date(self._caller.firm.time_zone, None)

    async def _grants(self) -> Sequence[Row[Any]]:
        async def load(keys: Sequence[UUID]) -> dict[UUID, Sequence[Row[Any]]]:
            return {key: await own_access.own_grants(self._all.reader, key, self._today()) for key in keys}

        return await self._all.batch("portal.grants", load, list).load(self._caller.user_id) or []

    async def accesses(self) -> list[ViewerAccess]:
        reader, today = self._all.reader, self._today()
        grants = await self._grants()
        counts = await own_access.reached_counts(reader, self._caller.user_id)
        subjects = await subjects_of(self._all, (grant.subject_id for grant in grants))
        return [
            ViewerAccess(
                id=to_global("AccessGrant", grant.id),
                relationship=GrantRelationship(grant.relationship.upper()),
                subject=subjects.get(grant.subject_id),
                state=_state_of(grant, today),
                effective_from=grant.effective_from,
                effective_to=grant.effective_to,
                account_count=counts.get(grant.id, 0),
            )
            for grant in grants
        ]

    # -- worth ------------------------------------------------------------------------------------------

    async def worth(self, grant_id: str | None) -> Worth | None:
        if self._caller.scope == "firm":
            return None
        reader, person = self._all.reader, self._caller.user_id
        key = None
        if grant_id is not None:
            key = from_global(grant_id, "AccessGrant", path=("grantId",))
            if await own_access.own_grant(reader, person, key, self._today()) is None:
                raise not_found("AccessGrant", path=("grantId",))
        view = await self._all.view()
        reach = await own_access.reached(reader, person, key)
        row = await clients.worth(reader, view, reach.account_ids, reach.liability_ids)
        return Worth(
            id=to_global("User", person) if key is None else to_global("AccessGrant", key),
            as_of=view.as_of,
            currency=Currency(view.currency),
            assets=figure_of(row.assets),
            liabilities=figure_of(row.liabilities),
            net_worth=figure_of(row.net_worth),
            row=row,
            moment=view,
            account_ids=reach.account_ids,
            liability_ids=reach.liability_ids,
        )

    async def accounts_of(self, worth: Worth) -> list[Account]:
        """By value; an account without one stands last. Values are compared as they are shown."""
        rows = await clients.accounts_by_ids(self._all.reader, worth.moment, worth.account_ids)

        def place(row: clients.AccountRow) -> tuple[bool, Any, str]:
            value = row.market_value.value
            return value is None, -(value or 0), row.name

        kept = sorted(rows.values(), key=place)[:ACCOUNTS_SHOWN]
        return [account_of(row, worth.moment) for row in kept]

    async def groups_of(self, worth: Worth, by: HoldingGrouping) -> list[HoldingGroup]:
        rows = await groups_together(self._all.reader, worth.moment, worth.account_ids, by)
        return [group_of(row, by, worth.assets) for row in rows]

    def debts_of(self, worth: Worth) -> list[Liability]:
        return [liability_of(row, worth.moment) for row in worth.row.debts]

    async def changes_of(self, worth: Worth) -> list[WorthChange]:
        found = await clients.worth_changes(
            self._all.reader, worth.moment, worth.account_ids, worth.liability_ids, worth.row
        )
        return [
            WorthChange(since=WorthSince(each.since), date=each.day, amount=each.amount, part=each.part)
            for each in found
        ]

    async def history_of(self, worth: Worth, points: int) -> list[ValuePoint]:
        found = await clients.accounts_history(self._all.reader, worth.moment, worth.account_ids, points)
        return [ValuePoint(date=each.date, value=each.value, quality=each.quality) for each in found]

    # -- shares -----------------------------------------------------------------------------------------

    async def part_in_account(self, account: Account) -> Part:
        return await self._parts("account", account.moment).load(account.key)

    async def part_in_debt(self, debt: Liability) -> Part:
        return await self._parts("debt", debt.moment).load(debt.key)

    def _parts(self, kind: str, view: BookView) -> DataLoader[UUID, Part]:
        """The caller's part of each, and how many owners the caller may not see."""
        reader = self._all.reader

        async def load(keys: Sequence[UUID]) -> dict[UUID, Part]:
            if kind == "account":
                found: Mapping[UUID, Sequence[Any]] = await clients.owner_rows_of_accounts(reader, view, keys)
            else:
                found = await clients.owner_rows_of_debts(reader, view, keys)
            own = await self._own_party_id()
            return {key: _part_of(rows, own) for key, rows in found.items()}

        return self._all.batch(("portal.parts", kind, view), load)

    # -- oneself ----------------------------------------------------------------------------------------

    async def _own_party_id(self) -> UUID | None:
        return await own_access.own_party_id(self._all.reader, self._caller.user_id)

    async def party(self) -> Party | None:
        key = await self._own_party_id()
        if key is None:
            return None
        rows = await clients.parties_by_ids(self._all.reader, [key])
        return party_of(rows[key], await self._all.view()) if key in rows else None

    async def needs(self) -> list[ViewerNeed]:
        today, firm = self._today(), self._caller.firm
        running = [grant for grant in await self._grants() if own_access.in_force(grant, today)]
        found = rules.needs_of(
            business_date=firm.business_date(),
            today=today,
            parties=await self._known_parties(running),
            confirmed={row.subject_id for row in await self._open_requests("confirm_details")},
            custodianships=await self._custodianships(),
            grants=[
                rules.RunningGrant(grant.subject_id, grant.effective_to)
                for grant in running
                if grant.effective_to is not None
            ],
        )
        subjects = await subjects_of(self._all, (need.subject_id for need in found))
        return [
            ViewerNeed(
                kind=NeedKind(need.kind),
                subject=subjects.get(need.subject_id),
                due_on=need.due_on,
                is_overdue=need.is_overdue,
            )
            for need in found
        ]

    async def _known_parties(self, running: Sequence[Row[Any]]) -> list[rules.KnownParty]:
        """The person, and everybody they speak for by a grant."""
        own = await self._own_party_id()
        wanted = [g.subject_id for g in running if own_access.speaks_for(g.relationship)]
        rows = await clients.parties_by_ids(self._all.reader, [*wanted, *([own] if own else [])])
        contacts: Mapping[UUID, Sequence[Row[Any]]] = {}
        if rows:
            contacts = await clients.contacts_by_party_ids(self._all.reader, list(rows))
        return [
            rules.KnownParty(
                id=key,
                kyc_refresh_due=row.kyc_refresh_due,
                contacts=frozenset(contact.kind for contact in contacts.get(key, ())),
                is_own=key == own,
                is_person=row.kind == "person",
            )
            for key, row in rows.items()
        ]

    async def _custodianships(self) -> list[rules.Custodianship]:
        if self._caller.scope == "firm":
            return []
        reach = await own_access.reached(self._all.reader, self._caller.user_id)
        rows = await clients.accounts_by_ids(self._all.reader, await self._all.view(), reach.account_ids)
        return [
            rules.Custodianship(row.id, row.custodianship_ends_on)
            for row in rows.values()
            if row.custodianship_ends_on is not None and row.closed_on is None
        ]

    # -- requests ---------------------------------------------------------------------------------------

    async def _open_requests(self, kind: str) -> Sequence[Row[Any]]:
        """The caller's own: that somebody else has asked is not theirs to know."""
        r = client_requests.c
        return await self._all.reader.rows(
            select(r.subject_id).where(
                r.tenant_id == self._all.reader.tenant_id,
                r.user_id == self._caller.user_id,
                r.kind == kind,
                r.state == "open",
            )
        )

    async def requests(self) -> list[ClientRequest]:
        r = client_requests.c
        rows = await self._all.reader.rows(
            select(client_requests)
            .where(r.tenant_id == self._all.reader.tenant_id, r.user_id == self._caller.user_id)
            .order_by(r.created_at.desc(), r.id.desc())
            .limit(REQUESTS_SHOWN)
        )
        return await self._made(rows)

    async def request(self, key: UUID) -> ClientRequest:
        r = client_requests.c
        rows = await self._all.reader.rows(
            select(client_requests).where(
                r.tenant_id == self._all.reader.tenant_id,
                r.id == key,
                r.user_id == self._caller.user_id,
            )
        )
        return (await self._made(rows))[0]

    async def _made(self, rows: Sequence[Row[Any]]) -> list[ClientRequest]:
        subjects = await subjects_of(self._all, (row.subject_id for row in rows))
        return [
            ClientRequest(
                id=to_global("ClientRequest", row.id),
                kind=RequestKind(row.kind.upper()),
                state=RequestState(row.state.upper()),
                subject=subjects.get(row.subject_id),
                created_at=row.created_at,
                closed_at=row.closed_at,
            )
            for row in rows
        ]
