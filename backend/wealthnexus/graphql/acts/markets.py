"""Prices by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from wealthnexus.domain.markets.rules.prices import MANUAL
from wealthnexus.domain.markets.service import (
    OverridePrice,
    PriceChange,
    WithdrawPrice,
    override_price,
    withdraw_price,
)
from wealthnexus.graphql.context import RequestContext
from wealthnexus.graphql.ids import input_key, to_global
from wealthnexus.graphql.scalars import BigInt
from wealthnexus.graphql.types import market_changes as types
from wealthnexus.graphql.types.markets import Price
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.idempotency import checked_key, run_once


class MarketActs:
    def __init__(self, context: RequestContext) -> None:
        self._context = context

    async def override_price(self, given: types.OverridePriceInput) -> types.OverridePriceSuccess:
        firm, dry_run = self._context.caller.firm, bool(given.dry_run)
        command = OverridePrice(
            security_id=input_key(given.security_id, "Security", "securityId"),
            day=given.day,
            close=given.close,
            reason=given.reason,
            currency=given.currency,
        )
        change = await self._once(
            "overridePrice", given.idempotency_key, asdict(command),
            lambda uow: override_price(uow, firm, command, dry_run=dry_run), dry_run=dry_run,
        )  # fmt: skip
        return types.OverridePriceSuccess(change=change, dry_run=dry_run)

    async def withdraw_price(self, given: types.WithdrawPriceInput) -> types.WithdrawPriceSuccess:
        firm, dry_run = self._context.caller.firm, bool(given.dry_run)
        command = WithdrawPrice(
            security_id=input_key(given.security_id, "Security", "securityId"),
            day=given.day,
            reason=given.reason,
            source=given.source if given.source is not None else MANUAL,
        )
        change = await self._once(
            "withdrawPrice", given.idempotency_key, asdict(command),
            lambda uow: withdraw_price(uow, firm, command, dry_run=dry_run), dry_run=dry_run,
        )  # fmt: skip
        return types.WithdrawPriceSuccess(change=change, dry_run=dry_run)

    async def _once(
        self,
        operation: str,
        key: str,
        request: Mapping[str, Any],
        do: Callable[[UnitOfWork], Awaitable[PriceChange]],
        *,
        dry_run: bool,
    ) -> types.PriceChange:
        """``do`` under the idempotency key; a dry run keeps no record, for it has no effect."""
        caller = self._context.caller

        async def work(uow: UnitOfWork) -> dict[str, Any]:
            async def answer() -> dict[str, Any]:
                return asdict(await do(uow))

            if dry_run:
                checked_key(key)
                return await answer()
            return await run_once(
                uow,
                principal_id=caller.user_id,
                operation=operation,
                key=key,
                request=dict(request),
                do=answer,
            )

        return await self._made(await self._context.change(work))

    async def _made(self, answer: Mapping[str, Any]) -> types.PriceChange:
        markets = (await self._context.loaders()).markets

        def price(when: str) -> Price | None:
            if answer[when] is None:
                return None
            return Price(
                date=_day(answer[f"{when}_day"]),
                close=Decimal(answer[when]),
                source=answer[f"{when}_source"],
            )

        return types.PriceChange(
            security=await markets.security(to_global("Security", answer["security_id"])),
            day=_day(answer["day"]),
            before=price("before"),
            after=price("after"),
            account_count=answer["account_count"],
            book_version=BigInt(answer["book_version"]),
            is_new=answer["is_new"],
        )


def _day(value: date | str) -> date:
    """A recorded answer has days as text."""
    return value if isinstance(value, date) else date.fromisoformat(value)
