"""How owners, beneficiaries, memberships and debts came about, and what a registration asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain.bundle.terms import ACCOUNT_TYPES
from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.clients.rules.registration import REGISTRATIONS, roles_of
from wealthnexus.domain.ledger import BookView
from wealthnexus.graphql.ids import to_global
from wealthnexus.graphql.loaders.clients import beneficiary_of, owner_of, party_ref
from wealthnexus.graphql.types import clients as types
from wealthnexus.graphql.types.book import Account, Household, HouseholdRef
from wealthnexus.graphql.types.client_words import MemberRole, OwnerRole, PartyKind

if TYPE_CHECKING:
    from wealthnexus.graphql.loaders import Loaders


class CourseReads:
    def __init__(self, loaders: Loaders) -> None:
        self._all = loaders

    async def _rows(self, name: str, view: BookView, key: UUID, load: Callable[..., Any]) -> list[Row[Any]]:
        reader = self._all.reader
        batch = self._all.batch((name, view), lambda keys: load(reader, view, keys), list)
        return cast(list[Row[Any]], await batch.load(key))

    async def owners(self, account: Account) -> list[types.AccountOwner]:
        rows = await self._rows("account.owner_course", account.moment, account.key, clients.owner_courses)
        return [owner_of(row) for row in rows]

    async def beneficiaries(self, account: Account) -> list[types.AccountBeneficiary]:
        rows = await self._rows(
            "account.beneficiary_course", account.moment, account.key, clients.beneficiary_courses
        )
        return [beneficiary_of(row) for row in rows]

    async def terms(self, account: Account) -> list[types.AccountTerms]:
        rows = await self._rows("account.terms_course", account.moment, account.key, clients.terms_courses)
        return [
            types.AccountTerms(
                effective_from=row.effective_from,
                effective_to=row.effective_to,
                account_type=row.account_type,
                tax_status=row.tax_status,
                lot_method=row.lot_method,
                author_name=row.author_name,
                reason=row.reason,
                recorded_at=row.closed_at,
            )
            for row in rows
        ]

    async def households(self, account: Account) -> list[types.AccountHousehold]:
        rows = await self._rows(
            "account.household_course", account.moment, account.key, clients.household_courses
        )
        return [
            types.AccountHousehold(
                household=HouseholdRef(id=to_global("Household", row.id), name=row.name),
                effective_from=row.effective_from,
                effective_to=row.effective_to,
            )
            for row in rows
        ]

    async def members(self, household: Household) -> list[types.HouseholdMember]:
        rows = await self._rows(
            "household.member_course", household.moment, household.key, clients.member_courses
        )
        return [
            types.HouseholdMember(
                party=party_ref(row.party_id, row.name, row.kind),
                role=MemberRole(row.role.upper()),
                effective_from=row.effective_from,
                effective_to=row.effective_to,
            )
            for row in rows
        ]

    async def balances(self, debt: types.Liability) -> list[types.LiabilityBalance]:
        rows = await self._rows("liability.balances", debt.moment, debt.key, clients.balance_courses)
        return [types.LiabilityBalance(day=row.day, balance=row.balance, source=row.source) for row in rows]

    @staticmethod
    def registrations() -> list[types.Registration]:
        """In the order of the bundle's page; one nothing is known of takes any owners."""
        return [_registration(code, meaning) for code, meaning in ACCOUNT_TYPES.items()]


def _registration(code: str, meaning: str) -> types.Registration:
    asked = roles_of(code)
    return types.Registration(
        code=code,
        meaning=meaning,
        roles=[
            types.RegistrationRole(
                role=OwnerRole(part.role.upper()),
                least=part.least,
                most=part.most,
                kinds=[kind for kind in PartyKind if kind.value.lower() in part.kinds],
            )
            for part in asked.parts
        ],
        besides=[role for role in OwnerRole if role.value.lower() in asked.besides],
        equal_shares=code in REGISTRATIONS and asked.equal_shares,
    )
