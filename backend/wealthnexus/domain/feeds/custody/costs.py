"""What was paid for a position, as far as the custodian says it of the same quantity; the gain over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from wealthnexus.domain.ledger.figures import (
    Explain,
    ExplainInput,
    ExplainSource,
    FigureReason,
    MoneyFigure,
    as_money,
)
from wealthnexus.domain.ledger.rules import Quality
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.money import plain
from wealthnexus.kit.text import message

BASIS: Final = "market value less the custodian's cost basis"
SOURCE: Final = "own books and the custodian's file"
FORMULA_VERSION: Final = "gain/1"
_NO_COST = message("feeds.no_cost", "What was paid is not known")
_OTHER_QUANTITY = message(
    "feeds.cost_of_other_quantity", "The custodian tells the cost of another quantity ({theirs})", theirs=str
)
_OTHER_CURRENCY = message(
    "feeds.cost_in_other_currency", "The cost is told in another currency ({currency})", currency=str
)
_NO_VALUE = message("feeds.gain_without_value", "There is no value to compare with what was paid")

# The file of the latest day; where two came for one day, the later one.
_COSTS: Final = """
with latest as (
  select distinct on (e.account_id) e.account_id, e.day, e.batch_id from custodian_positions e
  where e.tenant_id = :tenant and e.account_id = any(:account_ids) and e.day <= :as_of
  order by e.account_id, e.day desc, e.received_at desc, e.batch_id desc
)
select p.account_id, p.security_id, l.day, min(p.currency) as currency, sum(p.quantity) as quantity,
  case when count(p.cost_basis) = count(*) and count(distinct p.currency) = 1
    then sum(p.cost_basis) end as cost
from latest l
join custodian_positions p on p.tenant_id = :tenant and p.account_id = l.account_id and p.day = l.day
  and p.batch_id = l.batch_id
where p.security_id is not null
group by p.account_id, p.security_id, l.day
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of ``quantity`` units, as the file of ``day`` has it; None: it does not say."""

    day: date
    currency: str
    quantity: Decimal
    cost: Decimal | None


async def reported_costs(
    reader: Reader, view: BookView, account_ids: Sequence[UUID]
) -> dict[UUID, dict[UUID, Cost]]:
    """By account and security, from each custodian's latest file up to the day."""
    found: dict[UUID, dict[UUID, Cost]] = {key: {} for key in account_ids}
    rows = await reader.rows(
        prepared(_COSTS),
        {"tenant": reader.tenant_id, "as_of": view.as_of, "account_ids": list(account_ids)},
    )
    for row in rows:
        found[row.account_id][row.security_id] = Cost(row.day, row.currency, row.quantity, row.cost)
    return found


def gain_of(value: MoneyFigure, quantity: Decimal, cost: Cost | None) -> MoneyFigure:
    """The market value less what was paid; null with its reason where one of the two is not known."""
    reason: FigureReason | None = None
    if cost is None or cost.cost is None:
        reason = FigureReason("NO_COST", _NO_COST, {})
    elif cost.quantity != quantity:
        theirs = plain(cost.quantity.normalize())
        reason = FigureReason("COST_OF_OTHER_QUANTITY", _OTHER_QUANTITY, {"theirs": theirs})
    elif cost.currency != value.currency:
        reason = FigureReason("COST_IN_OTHER_CURRENCY", _OTHER_CURRENCY, {"currency": cost.currency})
    elif value.value is None:
        reason = FigureReason("NO_VALUE", _NO_VALUE, {})
    gain = None
    if reason is None and cost is not None and cost.cost is not None and value.value is not None:
        gain = as_money(value.value - cost.cost, value.currency)

    def explain() -> Explain:
        inputs = []
        sources = [ExplainSource("BOOK", None, f"book version {value.book_version}", value.as_of)]
        if value.value is not None:
            inputs.append(ExplainInput("market value", f"{plain(value.value)} {value.currency}", value.basis))
        if cost is not None and cost.cost is not None:
            paid = as_money(cost.cost, cost.currency)
            inputs.append(ExplainInput("cost basis", f"{plain(paid or Decimal(0))} {cost.currency}"))
            sources.append(ExplainSource("CUSTODIAN", None, "the custodian's file", cost.day))
        return Explain("market value - cost basis", FORMULA_VERSION, tuple(inputs), tuple(sources))

    return replace(
        value,
        value=gain,
        basis=BASIS,
        source=SOURCE,
        quality=Quality.UNAVAILABLE if gain is None else value.quality,
        reasons=(reason,) if reason is not None else value.reasons,
        explainer=explain,
    )
