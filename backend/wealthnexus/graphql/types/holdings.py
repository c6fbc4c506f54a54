"""Holdings told apart by class, sector, currency or account, with the server's own sums."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import strawberry

from wealthnexus.domain.ledger.repository import HoldingGroup as GroupRow
from wealthnexus.domain.ledger.repository import HoldingGrouping
from wealthnexus.domain.ledger.rules import share
from wealthnexus.graphql.ids import to_global
from wealthnexus.graphql.types.figures import MoneyFigure, figure_of

strawberry.enum(
    HoldingGrouping, description="SECTOR: the second level of the class, as the firm's bundle has it."
)


@strawberry.type(description="What is held of one class, sector, currency or account, cash included.")
class HoldingGroup:
    key: str = strawberry.field(
        description="A class or sector as securities have it, CASH, OTHER where there is none, a currency,"
        " or the id of an account."
    )
    account_name: str | None = strawberry.field(description="Of a group that is an account.")
    holding_count: int
    market_value: MoneyFigure
    weight: Decimal | None = strawberry.field(
        description="Share of the whole, cash included; null when that is unknown or zero."
    )


def group_of(row: GroupRow, by: HoldingGrouping, total: MoneyFigure) -> HoldingGroup:
    is_account = by is HoldingGrouping.ACCOUNT
    return HoldingGroup(
        key=to_global("Account", UUID(row.key)) if is_account else row.key,
        account_name=row.account_name,
        holding_count=row.holding_count,
        market_value=figure_of(row.value),
        weight=share(row.value.value, total.value),
    )
