"""Sleeves of an account: opened, changed, closed, and journals between them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

import strawberry

from wealthnexus.domain.clients import service as clients
from wealthnexus.domain.clients.repository.sleeves import accounts_of_sleeves
from wealthnexus.domain.ledger.service import SleeveJournal, journal_between_sleeves
from wealthnexus.graphql import texts
from wealthnexus.graphql.acts.book import Answer, BookActs
from wealthnexus.graphql.ids import input_key, not_found, to_global
from wealthnexus.graphql.scalars import BigInt, Currency
from wealthnexus.graphql.types import sleeves as types
from wealthnexus.graphql.types.figures import FigureReason
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict, ValidationFailed
from wealthnexus.kit.idempotency import run_once

T = TypeVar("T")


class SleeveActs(BookActs):
    async def _sleeve(self, key: UUID | str) -> types.Sleeve:
        return await (await self._context.loaders()).sleeves.sleeve(to_global("Sleeve", key), None, None)

    async def _change(self, key: UUID, work: Callable[[UnitOfWork], Awaitable[T]]) -> T:
        """A conflict shows the sleeve as it is now."""
        try:
            return await self._context.change(work)
        except Conflict:
            self._context.facts["conflicting"] = await self._sleeve(key)
            raise

    async def open_sleeve(self, given: types.OpenSleeveInput) -> types.OpenSleeveSuccess:
        firm = self._context.caller.firm
        account = input_key(given.account_id, "Account", "accountId")
        command = clients.SleeveCommand(account, given.name, given.strategy, given.opened_on)

        async def do(uow: UnitOfWork) -> Answer:
            return asdict(await clients.open_sleeve(uow, firm, command))

        async def work(uow: UnitOfWork) -> Answer:
            if given.idempotency_key is None:
                return await do(uow)
            return await run_once(
                uow,
                principal_id=self._context.caller.user_id,
                operation="openSleeve",
                key=given.idempotency_key,
                request=asdict(command),
                do=lambda: do(uow),
            )

        made = await self._context.change(work)
        return types.OpenSleeveSuccess(sleeve=await self._sleeve(made["id"]))

    async def update_sleeve(self, given: types.UpdateSleeveInput) -> types.UpdateSleeveSuccess:
        firm, key = self._context.caller.firm, input_key(given.sleeve_id, "Sleeve", "sleeveId")
        changes: dict[str, Any] = {
            name: value
            for name in ("name", "strategy", "opened_on")
            if (value := getattr(given, name)) is not strawberry.UNSET
        }
        if changes.get("name", "") is None:
            raise ValidationFailed(texts.MUST_STAY(name="name"), path=("input", "name"))
        version = given.expected_version
        await self._change(
            key, lambda uow: clients.change_sleeve(uow, firm, key, changes, expected_version=version)
        )
        return types.UpdateSleeveSuccess(sleeve=await self._sleeve(key))

    async def close_sleeve(self, given: types.CloseSleeveInput) -> types.CloseSleeveSuccess:
        firm, key = self._context.caller.firm, input_key(given.sleeve_id, "Sleeve", "sleeveId")
        version = given.expected_version
        await self._change(
            key, lambda uow: clients.close_sleeve(uow, firm, key, given.closed_on, expected_version=version)
        )
        return types.CloseSleeveSuccess(sleeve=await self._sleeve(key))

    async def journal_sleeves(self, given: types.JournalSleevesInput) -> types.JournalSleevesSuccess:
        firm, dry_run = self._context.caller.firm, bool(given.dry_run)
        left = input_key(given.from_sleeve_id, "Sleeve", "fromSleeveId")
        arrived = input_key(given.to_sleeve_id, "Sleeve", "toSleeveId")
        security = None
        if given.security_id is not None:
            security = input_key(given.security_id, "Security", "securityId")

        async def do(uow: UnitOfWork) -> Answer:
            account = (await accounts_of_sleeves(uow, [left])).get(left)
            if account is None:
                raise not_found("Sleeve", path=("input", "fromSleeveId"))
            command = SleeveJournal(
                account, left, arrived, given.day, given.amount, security, given.quantity,
                given.lot_selection, given.description,
            )  # fmt: skip
            return asdict(await journal_between_sleeves(uow, firm, command, dry_run=dry_run))

        request = {
            "from": left, "to": arrived, "day": given.day, "amount": given.amount, "security": security,
            "quantity": given.quantity, "lots": given.lot_selection, "description": given.description,
        }  # fmt: skip
        answer = await self._once("journalSleeves", given.idempotency_key, request, dry_run=dry_run, do=do)
        return await self._journaled(answer, dry_run=dry_run)

    async def _journaled(self, answer: Answer, *, dry_run: bool) -> types.JournalSleevesSuccess:
        loaders = await self._context.loaders()
        key = answer["security_id"]
        security = None if key is None else await loaders.markets.security(to_global("Security", key))
        made = [await self._transaction(each) for each in answer["transaction_ids"]]
        return types.JournalSleevesSuccess(
            transactions=[each for each in made if each is not None],
            left=_end(answer["left"]),
            arrived=_end(answer["arrived"]),
            currency=Currency(answer["currency"]),
            security=security,
            lots=[
                types.JournaledLot(
                    acquired_on=_day(each["acquired_on"]),
                    units=Decimal(each["units"]),
                    cost=_decimal(each["cost"]),
                )
                for each in answer["lots"]
            ],
            warnings=[
                FigureReason(code=each["code"], message=each["message"]) for each in answer["warnings"]
            ],
            book_version=None if dry_run else BigInt(answer["book_version"]),
            dry_run=dry_run,
        )


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def _day(value: date | str | None) -> date | None:
    """As it was computed, or as it was kept with the answer."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _end(stored: dict[str, Any]) -> types.SleeveEnd:
    return types.SleeveEnd(
        sleeve_id=to_global("Sleeve", stored["sleeve_id"]),
        name=stored["name"],
        cash_before=Decimal(stored["cash_before"]),
        cash_after=Decimal(stored["cash_after"]),
        quantity_before=_decimal(stored["units_before"]),
        quantity_after=_decimal(stored["units_after"]),
    )
