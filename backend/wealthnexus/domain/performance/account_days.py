"""What accounts were worth on each day, what moved, and what of them has no price or an old one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger.daily import joined_by_hash
from wealthnexus.domain.performance.repository.flaws import flaws_of, paid_for
from wealthnexus.domain.performance.repository.values import AccountValues, Spans, moved_of, values_of
from wealthnexus.domain.performance.rules.flaws import (
    Flaw,
    first_prices,
    judged,
    missing_days,
    without_excluded,
)
from wealthnexus.domain.performance.rules.flows import MovedRow
from wealthnexus.domain.performance.rules.policy import PolicyCourse
from wealthnexus.kit.db.session import Reader


@dataclass(frozen=True, slots=True)
class AccountDays:
    """``values`` without what is left out for want of a price; None where something else has none.

    ``rows`` with the cash of what is left out, and its first prices.
    """

    values: AccountValues
    rows: Sequence[MovedRow]
    flaws: Sequence[Flaw]


async def account_days(
    reader: Reader,
    view: BookView,
    accounts: Sequence[UUID],
    spans: Spans,
    days: Sequence[date],
    *,
    currency: str,
    policies: PolicyCourse,
) -> AccountDays:
    """The accounts, of which those with books have spans, on the listed days by the conventions of each.

    Two statements; two more where something has no price or an old one, stored days two.
    """
    async with joined_by_hash(reader):
        valued = await values_of(reader, view, spans, days, currency)
        lacking = await flaws_of(reader, view, list(valued.flaws), days, currency) if valued.flaws else []
        rows = await moved_of(reader, view, accounts, days, currency)
        flaws = judged(lacking, policies)
        paid = await paid_for(reader, view, flaws, days, currency)
    found = [*without_excluded(rows, flaws), *paid, *first_prices(flaws)]
    found.sort(key=lambda row: (row.day, row.account_id, row.id))
    for key, missing in missing_days(flaws, days).items():
        valued.values[key].update(dict.fromkeys(missing))
    return AccountDays(valued.values, found, flaws)
