"""What was entered of accounts, debts and the owners of entities is changed, closed and set anew."""

from __future__ import annotations

from typing import Any

import strawberry

from wealthnexus.domain.clients import service as clients
from wealthnexus.graphql import texts
from wealthnexus.graphql.acts.clients import ClientActs, debtors_of
from wealthnexus.graphql.acts.new_party import access_changed, party_owners_of
from wealthnexus.graphql.ids import input_key
from wealthnexus.graphql.types import client_inputs as given_types
from wealthnexus.graphql.types import client_payloads as payloads
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import ValidationFailed

_NOT_A_FACT = frozenset({"account_id", "liability_id", "expected_version", "effective_from", "reason"})


def _given(input_: object, *, needed: tuple[str, ...]) -> dict[str, Any]:
    """The fields that were given; ValidationFailed for one of ``needed`` that was given as null."""
    found: dict[str, Any] = {}
    for name in type(input_).__annotations__:
        value = getattr(input_, name)
        if value is strawberry.UNSET or name in _NOT_A_FACT:
            continue
        if value is None and name in needed:
            first, *rest = name.split("_")
            field = first + "".join(part.title() for part in rest)
            raise ValidationFailed(texts.MUST_STAY(name=field), path=("input", field))
        found[name] = value.value.lower() if hasattr(value, "value") else value
    return found


class ClientChangeActs(ClientActs):
    async def set_party_owners(
        self, given: given_types.SetPartyOwnersInput
    ) -> payloads.SetPartyOwnersSuccess:
        firm, key = self._context.caller.firm, input_key(given.owned_id, "Party", "ownedId")
        owners = party_owners_of(given.owners)

        async def work(uow: UnitOfWork) -> None:
            await clients.set_party_owners(
                uow,
                firm,
                key,
                owners,
                expected_version=given.expected_version,
                effective_from=given.effective_from,
            )
            await access_changed(uow)

        await self._change(work, lambda: self._party(key))
        return payloads.SetPartyOwnersSuccess(owned=await self._party(key))

    async def update_account(self, given: given_types.UpdateAccountInput) -> payloads.UpdateAccountSuccess:
        firm, key = self._context.caller.firm, input_key(given.account_id, "Account", "accountId")
        changes = _given(given, needed=("name", "tax_status", "lot_method", "has_margin"))
        await self._change(
            lambda uow: clients.update_account(
                uow,
                firm,
                key,
                changes,
                expected_version=given.expected_version,
                effective_from=given.effective_from,
                reason=given.reason,
            ),
            lambda: self._account(key),
        )
        return payloads.UpdateAccountSuccess(account=await self._account(key))

    async def close_account(self, given: given_types.CloseAccountInput) -> payloads.CloseAccountSuccess:
        firm, key = self._context.caller.firm, input_key(given.account_id, "Account", "accountId")
        await self._change(
            lambda uow: clients.close_account(
                uow, firm, key, given.closed_on, expected_version=given.expected_version
            ),
            lambda: self._account(key),
        )
        return payloads.CloseAccountSuccess(account=await self._account(key))

    async def update_liability(
        self, given: given_types.UpdateLiabilityInput
    ) -> payloads.UpdateLiabilitySuccess:
        firm, key = self._context.caller.firm, input_key(given.liability_id, "Liability", "liabilityId")
        changes = _given(given, needed=("kind", "name"))
        if changes.get("secured_account_id") is not None:
            changes["secured_account_id"] = input_key(
                changes["secured_account_id"], "Account", "securedAccountId"
            )
        await self._change(
            lambda uow: clients.update_liability(
                uow, firm, key, changes, expected_version=given.expected_version
            ),
            lambda: self._liability(key),
        )
        return payloads.UpdateLiabilitySuccess(liability=await self._liability(key))

    async def set_liability_owners(
        self, given: given_types.SetLiabilityOwnersInput
    ) -> payloads.SetLiabilityOwnersSuccess:
        firm, key = self._context.caller.firm, input_key(given.liability_id, "Liability", "liabilityId")
        owners = debtors_of(given.owners)

        async def work(uow: UnitOfWork) -> None:
            await clients.set_liability_owners(
                uow,
                firm,
                key,
                owners,
                expected_version=given.expected_version,
                effective_from=given.effective_from,
            )
            await access_changed(uow)

        await self._change(work, lambda: self._liability(key))
        return payloads.SetLiabilityOwnersSuccess(liability=await self._liability(key))
