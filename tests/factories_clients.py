"""Families for tests, made by the product's own verbs: people, entities, accounts, debts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from wealthnexus.domain.clients import service as clients
from wealthnexus.domain.clients.rules.party import PartyFacts
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.kit.context import SYSTEM, Actor
from wealthnexus.kit.db.session import Binding, UnitOfWork
from wealthnexus.runtime import Platform

T = TypeVar("T")
LONG_AGO = date(2015, 1, 1)


@dataclass
class Family:
    """Things by the names a test gives them."""

    platform: Platform
    firm: FirmInfo
    actor: Actor = SYSTEM
    ids: dict[str, UUID] = field(default_factory=dict)

    def __getitem__(self, name: str) -> UUID:
        return self.ids[name]

    async def do(self, work: Callable[[UnitOfWork], Awaitable[T]]) -> T:
        async with self.platform.db.unit_of_work(Binding(self.firm.id), actor=self.actor) as uow:
            return await work(uow)

    async def person(self, name: str, **facts: Any) -> UUID:
        return await self.party(name, "person", **facts)

    async def party(self, name: str, kind: str, **facts: Any) -> UUID:
        given = PartyFacts(kind=kind, name=name, **facts)
        made = await self.do(lambda uow: clients.create_party(uow, self.firm, given))
        self.ids[name] = made.id
        return made.id

    async def household(self, name: str, **members: str) -> UUID:
        """``members``: role by the party's name with underscores for blanks."""
        made = await self.do(lambda uow: clients.create_household(uow, name))
        self.ids[name] = made
        for member, role in members.items():
            party = self.ids[member.replace("_", " ")]

            async def add(uow: UnitOfWork, party: UUID = party, role: str = role) -> object:
                return await clients.add_household_member(
                    uow, self.firm, made, party, role, effective_from=LONG_AGO
                )

            await self.do(add)
        return made

    async def account(
        self,
        name: str,
        household: str,
        account_type: str,
        *owners: tuple[str, str, str | None],
        **values: Any,
    ) -> UUID:
        command = clients.AccountCommand(
            name=name,
            account_type=account_type,
            currency=values.pop("currency", "USD"),
            household_ids=[self.ids[household]],
            owners=[
                clients.Owner(self.ids[owner], role, Decimal(share) if share is not None else None)
                for owner, role, share in owners
            ],
            **{"opened_on": LONG_AGO, **values},
        )
        made = await self.do(lambda uow: clients.create_account(uow, self.firm, command))
        self.ids[name] = made.id
        return made.id

    async def owns(
        self, owner: str, owned: str, share: str | None, since: date = LONG_AGO, **values: Any
    ) -> None:
        part = Decimal(share) if share is not None else None
        await self.do(
            lambda uow: clients.set_party_ownership(
                uow, self.firm, self.ids[owner], self.ids[owned], part, effective_from=since, **values
            )
        )

    async def debt(
        self, name: str, household: str, kind: str, balance: str | None, *owners: str, **values: Any
    ) -> UUID:
        command = clients.LiabilityCommand(
            household_id=self.ids[household],
            kind=kind,
            name=name,
            currency=values.pop("currency", "USD"),
            owners=[clients.Debtor(self.ids[owner]) for owner in owners],
            balance=Decimal(balance) if balance is not None else None,
            **values,
        )
        made = await self.do(lambda uow: clients.create_liability(uow, self.firm, command))
        self.ids[name] = made.id
        return made.id

    async def cash(self, account: str, amount: str, on: date | None = None) -> None:
        """Money in the account."""
        from wealthnexus.domain.ledger.service import TransactionCommand, post_transaction

        command = TransactionCommand(self.ids[account], "DEPOSIT", on or date(2021, 3, 1), Decimal(amount))
        await self.do(lambda uow: post_transaction(uow, self.firm, command))
