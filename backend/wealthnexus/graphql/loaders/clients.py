"""Reads of people and entities, owners, debts, balance sheets, and what the desk adds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.clients.repository import BalanceSheetRow, LiabilityRow, SheetLine
from wealthnexus.domain.clients.rules.balance_sheet import shown_share
from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.domain.ledger import BookView
from wealthnexus.graphql.ids import from_global, not_found, to_global
from wealthnexus.graphql.loaders.book import account_of
from wealthnexus.graphql.loaders.shared import connection, subject_id
from wealthnexus.graphql.scalars import Currency
from wealthnexus.graphql.types import clients as types
from wealthnexus.graphql.types.book import Account, AccountConnection, Household, HouseholdRef
from wealthnexus.graphql.types.client_words import (
    BeneficiaryTier,
    BookKind,
    ContactKind,
    KycState,
    LiabilityKind,
    MemberRole,
    OwnerRole,
    PartyKind,
    PartyStatus,
    RelationshipKind,
    RiskProfile,
    TaxIdType,
)
from wealthnexus.graphql.types.common import SubjectRef
from wealthnexus.graphql.types.enums import SortDirection
from wealthnexus.graphql.types.figures import FigureReason, MoneyFigure, figure_of
from wealthnexus.kit.paging import PageRequest

if TYPE_CHECKING:
    from wealthnexus.graphql.loaders import Loaders


def party_of(row: Row[Any], view: BookView) -> types.Party:
    return types.Party(
        id=to_global("Party", row.id),
        external_id=row.external_id,
        kind=PartyKind(row.kind.upper()),
        status=PartyStatus(row.status.upper()),
        name=row.name,
        given_name=row.given_name,
        family_name=row.family_name,
        birth_date_known=row.birth_date_known,
        tax_id_last4=row.tax_id_last4,
        tax_id_type=TaxIdType(row.tax_id_type) if row.tax_id_type else None,
        citizenship=row.citizenship,
        residence=row.residence,
        jurisdiction=row.jurisdiction,
        formed_on=row.formed_on,
        ended_on=row.ended_on,
        kyc_state=KycState(row.kyc_state.upper()),
        kyc_verified_on=row.kyc_verified_on,
        kyc_refresh_due=row.kyc_refresh_due,
        risk_profile=RiskProfile(row.risk_profile.upper()) if row.risk_profile else None,
        risk_assessed_on=row.risk_assessed_on,
        as_of=view.as_of,
        version=row.version,
        key=row.id,
        moment=view,
    )


def party_ref(key: UUID, name: str, kind: str) -> types.PartyRef:
    return types.PartyRef(id=to_global("Party", key), name=name, kind=PartyKind(kind.upper()))


def liability_of(row: LiabilityRow, view: BookView) -> types.Liability:
    return types.Liability(
        id=to_global("Liability", row.id),
        external_id=row.external_id,
        household_id=to_global("Household", row.household_id) if row.household_id else None,
        kind=LiabilityKind(row.kind.upper()),
        name=row.name,
        lender=row.lender,
        currency=Currency(row.currency),
        original_amount=row.original_amount,
        interest_rate=row.interest_rate.normalize() if row.interest_rate is not None else None,
        opened_on=row.opened_on,
        matures_on=row.matures_on,
        closed_on=row.closed_on,
        secured_account_id=to_global("Account", row.secured_account_id) if row.secured_account_id else None,
        secured_security_id=(
            to_global("Security", row.secured_security_id) if row.secured_security_id else None
        ),
        balance=figure_of(row.balance),
        balance_date=row.balance_day,
        reporting_balance=figure_of(row.reporting),
        version=row.version,
        key=row.id,
        moment=view,
    )


def _line(line: SheetLine) -> types.BalanceLine:
    return types.BalanceLine(
        subject=SubjectRef(
            id=subject_id(line.subject_id, line.subject_kind), kind=line.subject_kind, label=line.label
        ),
        label=line.label,
        kind=line.kind,
        value=figure_of(line.value),
        shares=[
            types.OwnerShare(
                owner_id=to_global("Party", part.owner_id), share=shown_share(part.share), value=part.value
            )
            for part in line.parts
        ],
        not_attributed_share=shown_share(line.rest_share),
    )


def sheet_of(row: BalanceSheetRow) -> types.BalanceSheet:
    return types.BalanceSheet(
        as_of=row.as_of,
        currency=Currency(row.currency),
        look_through=row.look_through,
        assets=[_line(line) for line in row.assets],
        liabilities=[_line(line) for line in row.liabilities],
        owners=[
            types.BalanceOwner(
                id=to_global("Party", owner.party_id),
                name=owner.name,
                kind=PartyKind(owner.kind.upper()) if owner.kind else None,
                role=MemberRole(owner.role.upper()) if owner.role else None,
                assets=figure_of(owner.assets),
                liabilities=figure_of(owner.liabilities),
                net_worth=figure_of(owner.net_worth),
            )
            for owner in row.owners
        ],
        total_assets=figure_of(row.total_assets),
        total_liabilities=figure_of(row.total_liabilities),
        net_worth=figure_of(row.net_worth),
        of_members=figure_of(row.of_members),
        of_others=figure_of(row.of_others),
        not_attributed=figure_of(row.not_attributed),
        reasons=[FigureReason(code=each.code, message=each.message) for each in row.reasons],
    )


def _contact(row: Row[Any]) -> types.PartyContact:
    return types.PartyContact(
        kind=ContactKind(row.kind.upper()), label=row.label, value=row.value, is_primary=row.is_primary
    )


def _relationship(row: Row[Any]) -> types.PartyRelationship:
    return types.PartyRelationship(
        id=to_global("Relationship", row.id),
        kind=RelationshipKind(row.kind.upper()),
        is_inverse=row.is_inverse,
        other=party_ref(row.other_id, row.other_name, row.other_kind),
        effective_from=row.effective_from,
        effective_to=row.effective_to,
    )


def owner_of(row: Row[Any]) -> types.AccountOwner:
    return types.AccountOwner(
        party=party_ref(row.party_id, row.name, row.kind),
        role=OwnerRole(row.role.upper()),
        share=row.share,
        effective_from=row.effective_from,
        effective_to=row.effective_to,
    )


def beneficiary_of(row: Row[Any]) -> types.AccountBeneficiary:
    return types.AccountBeneficiary(
        party_id=to_global("Party", row.party_id) if row.party_id is not None else None,
        name=row.name,
        tier=BeneficiaryTier(row.tier.upper()),
        share=row.share,
        is_per_stirpes=row.is_per_stirpes,
        effective_from=row.effective_from,
        effective_to=row.effective_to,
    )


class ClientReads:
    def __init__(self, loaders: Loaders) -> None:
        self._all = loaders

    # -- parties ------------------------------------------------------------------------------------

    async def parties(
        self,
        page: PageRequest,
        filter_: types.PartyFilter | None,
        order: types.PartyOrder | None,
        as_of: date | None,
        known_at: datetime | None,
    ) -> types.PartyConnection:
        view, reader = await self._all.view(as_of, known_at), self._all.reader
        wanted = self._filter(filter_)
        sort = clients.PartyOrder()
        if order is not None:
            field = clients.PartyOrderField(order.field.value)
            sort = clients.PartyOrder(field, order.direction is SortDirection.DESC)
        found = await clients.parties_page(reader, view, page, wanted, sort)
        return connection(
            types.PartyConnection,
            found,
            (party_of(row, view) for row in found.rows),
            lambda: clients.parties_count(reader, view, wanted),
        )

    def _filter(self, given: types.PartyFilter | None) -> clients.PartyFilter:
        if given is None:
            return clients.PartyFilter()
        if given.tax_id is not None:
            # To try numbers one after another would tell whose they are.
            self._all.context.caller.require(Permission.PARTIES_EDIT)

        def lower(words: Sequence[str] | None) -> tuple[str, ...]:
            return tuple(str(word).lower() for word in words or ())

        household = given.household_id
        return clients.PartyFilter(
            name_contains=given.name_contains,
            kinds=lower(given.kinds),
            statuses=lower(given.statuses),
            kyc_states=lower(given.kyc_states),
            kyc_due_by=given.kyc_due_by,
            household_id=(
                from_global(household, "Household", path=("filter", "householdId")) if household else None
            ),
            tag=given.tag,
            tax_id=given.tax_id,
        )

    async def party(
        self, global_id: str, as_of: date | None = None, known_at: datetime | None = None
    ) -> types.Party:
        key = from_global(global_id, "Party")
        view = await self._all.view(as_of, known_at)
        row = await self._all.batch(
            "party", lambda keys: clients.parties_by_ids(self._all.reader, keys)
        ).load(key)
        if row is None:
            raise not_found("Party")
        return party_of(row, view)

    async def _of_party(self, name: str, party: types.Party, load: Callable[..., Any]) -> list[Row[Any]]:
        """Rows at one edge of every party of the level: one statement."""
        reader, view = self._all.reader, party.moment
        batch = self._all.batch((name, view), lambda keys: load(reader, view, keys), list)
        return cast(list[Row[Any]], await batch.load(party.key))

    async def contacts_of_party(self, party: types.Party) -> list[types.PartyContact]:
        rows = await self._of_party(
            "party.contacts", party, lambda reader, _view, keys: clients.contacts_by_party_ids(reader, keys)
        )
        return [_contact(row) for row in rows]

    async def relationships_of_party(self, party: types.Party) -> list[types.PartyRelationship]:
        rows = await self._of_party("party.relationships", party, clients.relationships_by_party_ids)
        return [_relationship(row) for row in rows]

    async def ownerships_of_party(self, party: types.Party, *, is_owned: bool) -> list[types.PartyOwnership]:
        rows = await self._of_party("party.ownerships", party, clients.ownerships_by_party_ids)
        return [
            types.PartyOwnership(
                party=party_ref(row.other_id, row.other_name, row.other_kind),
                share=row.share,
                effective_from=row.effective_from,
                effective_to=row.effective_to,
            )
            for row in rows
            if row.is_owned is is_owned
        ]

    async def households_of_party(self, party: types.Party) -> list[types.PartyHousehold]:
        rows = await self._of_party("party.households", party, clients.households_by_party_ids)
        return [
            types.PartyHousehold(
                household=HouseholdRef(id=to_global("Household", row.id), name=row.name),
                role=MemberRole(row.role.upper()),
            )
            for row in rows
        ]

    async def accounts_of_party(
        self, party: types.Party, first: int | None, after: str | None
    ) -> AccountConnection:
        page, view, reader = self._all.context.page(first, after), party.moment, self._all.reader

        async def load(keys: Sequence[UUID]) -> dict[UUID, AccountConnection]:
            found = await clients.accounts_by_party_ids(reader, view, keys, page)
            made: dict[UUID, Account] = {}
            return {
                key: connection(
                    AccountConnection,
                    rows,
                    [made.setdefault(row.id, account_of(row, view)) for row in rows.rows],
                )
                for key, rows in found.items()
            }

        accounts = await self._all.batch(("party.accounts", view, page), load).load(party.key)
        counts = self._all.batch(
            ("party.account_count", view),
            lambda keys: clients.accounts_count_by_party_ids(reader, view, keys),
            int,
        )

        async def count() -> int:
            return await counts.load(party.key)

        accounts.count = count
        return accounts

    async def liabilities_of_party(self, party: types.Party) -> list[types.Liability]:
        view, reader = party.moment, self._all.reader

        async def load(keys: Sequence[UUID]) -> dict[UUID, list[types.Liability]]:
            rows = await clients.liabilities_of_parties(reader, view, keys)
            owners = await clients.owners_by_liability_ids(reader, view, [row.id for row in rows])
            found: dict[UUID, list[types.Liability]] = {key: [] for key in keys}
            for row in rows:
                made = liability_of(row, view)
                for key in dict.fromkeys(owner.party_id for owner in owners[row.id]):
                    if key in found:
                        found[key].append(made)
            return found

        return await self._all.batch(("party.liabilities", view), load, list).load(party.key)

    async def net_worth_of_party(self, party: types.Party, as_of: date | None) -> MoneyFigure:
        view = party.moment
        if as_of is not None and as_of != view.as_of:
            view = await self._all.view(as_of, view.known_at)
        batch = self._all.batch(
            ("party.net_worth", view), lambda keys: clients.net_worths(self._all.reader, view, keys)
        )
        return figure_of(await batch.load(party.key))

    # -- households -----------------------------------------------------------------------------------

    async def members(self, household: Household) -> list[types.HouseholdMember]:
        view, reader = household.moment, self._all.reader
        batch = self._all.batch(
            ("household.members", view),
            lambda keys: clients.members_by_household_ids(reader, view, keys),
            list,
        )
        return [
            types.HouseholdMember(
                party=party_ref(row.party_id, row.name, row.kind),
                role=MemberRole(row.role.upper()),
                effective_from=row.effective_from,
                effective_to=row.effective_to,
            )
            for row in await batch.load(household.key)
        ]

    async def liabilities_of_household(self, household: Household) -> list[types.Liability]:
        view, reader = household.moment, self._all.reader
        batch = self._all.batch(
            ("household.liabilities", view),
            lambda keys: clients.liabilities_by_household_ids(reader, view, keys),
            list,
        )
        return [liability_of(row, view) for row in await batch.load(household.key)]

    async def balance_sheet(self, household: Household, *, look_through: bool) -> types.BalanceSheet:
        view, reader = household.moment, self._all.reader
        batch = self._all.batch(
            ("household.balance_sheet", view, look_through),
            lambda keys: clients.balance_sheets(reader, view, keys, look_through=look_through),
        )
        return sheet_of(await batch.load(household.key))

    async def ownership_graph(self, household: Household) -> types.OwnershipGraph:
        view, reader = household.moment, self._all.reader
        batch = self._all.batch(
            ("household.ownership_graph", view), lambda keys: clients.ownership_graphs(reader, view, keys)
        )
        graph = await batch.load(household.key)
        ids = {node.id: subject_id(node.id, node.subject_kind) for node in graph.nodes}
        return types.OwnershipGraph(
            nodes=[
                types.OwnershipNode(
                    subject=SubjectRef(id=ids[node.id], kind=node.subject_kind, label=node.label),
                    kind=node.kind,
                    role=MemberRole(node.role.upper()) if node.role else None,
                )
                for node in graph.nodes
            ],
            edges=[
                types.OwnershipEdge(
                    from_id=ids[edge.from_id],
                    to_id=ids[edge.to_id],
                    kind=edge.kind,
                    share=shown_share(edge.share) if edge.share is not None else None,
                )
                for edge in graph.edges
            ],
        )

    # -- accounts and debts ---------------------------------------------------------------------------

    async def _of_account(self, name: str, account: Account, load: Callable[..., Any]) -> list[Row[Any]]:
        reader, view = self._all.reader, account.moment
        batch = self._all.batch((name, view), lambda keys: load(reader, view, keys), list)
        return cast(list[Row[Any]], await batch.load(account.key))

    async def owners_of_account(self, account: Account) -> list[types.AccountOwner]:
        rows = await self._of_account("account.owners", account, clients.owners_by_account_ids)
        return [owner_of(row) for row in rows]

    async def beneficiaries_of_account(self, account: Account) -> list[types.AccountBeneficiary]:
        rows = await self._of_account("account.beneficiaries", account, clients.beneficiaries_by_account_ids)
        return [beneficiary_of(row) for row in rows]

    async def assignments_of_account(self, account: Account) -> list[types.BookAssignment]:
        rows = await self._of_account("account.assignments", account, clients.assignments_by_account_ids)
        return [
            types.BookAssignment(
                book_id=to_global("Book", row.id),
                code=row.code,
                name=row.name,
                kind=BookKind(row.kind.upper()),
                split=row.split.normalize(),
                effective_from=row.effective_from,
            )
            for row in rows
        ]

    async def liability(
        self, global_id: str, as_of: date | None = None, known_at: datetime | None = None
    ) -> types.Liability:
        key = from_global(global_id, "Liability")
        view, reader = await self._all.view(as_of, known_at), self._all.reader
        row = await self._all.batch(
            ("liability", view), lambda keys: clients.liabilities_by_ids(reader, view, keys)
        ).load(key)
        if row is None:
            raise not_found("Liability")
        return liability_of(row, view)

    async def owners_of_liability(self, debt: types.Liability) -> list[types.LiabilityOwner]:
        reader, view = self._all.reader, debt.moment
        batch = self._all.batch(
            ("liability.owners", view),
            lambda keys: clients.owners_by_liability_ids(reader, view, keys),
            list,
        )
        return [
            types.LiabilityOwner(
                party=party_ref(row.party_id, row.name, row.kind),
                share=row.share,
                effective_from=row.effective_from,
                effective_to=row.effective_to,
            )
            for row in await batch.load(debt.key)
        ]
