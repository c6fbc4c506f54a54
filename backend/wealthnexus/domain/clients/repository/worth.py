"""What somebody sees through what was granted: accounts and debts together, in the firm's currency."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final, Literal
from uuid import UUID

from wealthnexus.domain.clients.repository.force import limited
from wealthnexus.domain.clients.repository.history import DAYS_MAX, ValuePoint
from wealthnexus.domain.clients.repository.liabilities import LiabilityRow, liabilities_by_ids
from wealthnexus.domain.clients.repository.rolled import value_figure
from wealthnexus.domain.clients.repository.totals import TOTALS
from wealthnexus.domain.ledger.figures import (
    REASONS_MAX,
    Explain,
    ExplainInput,
    ExplainSource,
    FigureReason,
    MoneyFigure,
    as_money,
)
from wealthnexus.domain.ledger.rules import Quality, last_month_ends, last_weekdays, quality_of
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.valuation import (
    ASKED_BY_IDS,
    days_of,
    live_values,
    stored_values,
    values_by_day,
)
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.errors import ValidationFailed
from wealthnexus.kit.money import plain
from wealthnexus.kit.texts import OUT_OF_RANGE

FORMULA_VERSION: Final = "worth/1"
BASIS_NET: Final = "accounts at the close, less what is owed"
BASIS_DEBTS: Final = "last balance on or before the day"
SOURCE: Final = "own books"
Since = Literal["DAY", "MONTH"]
_ONE_LIST: Final = "(select 1) one"
_STORED: Final = (
    "with "
    + stored_values("and v.account_id = any(:account_ids)")
    + TOTALS.format(counted=_ONE_LIST, where="")
)
_LIVE: Final = (
    "with " + live_values(ASKED_BY_IDS, only_asked=True) + TOTALS.format(counted=_ONE_LIST, where="")
)
_HISTORY: Final = f"""
with {values_by_day(ASKED_BY_IDS, only_asked=True)}
select v.day, sum(v.reporting_value) as value,
  (sum(v.lacking_count) + count(*) filter (where v.reporting_value is null))::bigint as missing,
  sum(v.stale_count)::bigint as stale_count
from day_values v group by v.day
"""


@dataclass(frozen=True, slots=True)
class Worth:
    """``debts``: those open on the day, by name."""

    assets: MoneyFigure
    liabilities: MoneyFigure
    net_worth: MoneyFigure
    debts: tuple[LiabilityRow, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """The net worth less that of an earlier close; money paid in or out is part of it. None: one of the
    two is not known. ``part``: of the earlier one, None also where that was not positive."""

    since: Since
    day: date
    amount: Decimal | None
    part: Decimal | None


async def worth(
    reader: Reader, view: BookView, account_ids: Sequence[UUID], liability_ids: Sequence[UUID]
) -> Worth:
    """These accounts and debts, as far as the caller may see them; at most 1,000 of each."""
    keys = limited(account_ids)
    row = (
        await reader.rows(
            prepared(_STORED if view.is_stored else _LIVE),
            {"tenant": reader.tenant_id, **view.parameters(), "account_ids": keys},
        )
    )[0]
    assets = value_figure(row, view, "accounts")
    known = await liabilities_by_ids(reader, view, limited(liability_ids))
    debts = tuple(
        debt
        for debt in sorted(known.values(), key=lambda debt: (debt.name, debt.id))
        if (debt.opened_on is None or debt.opened_on <= view.as_of)
        and (debt.closed_on is None or debt.closed_on > view.as_of)
    )
    owed = _owed(view, debts)
    return Worth(assets, owed, _net(view, assets, owed), debts)


def _owed(view: BookView, debts: Sequence[LiabilityRow]) -> MoneyFigure:
    balances = [debt.reporting for debt in debts]
    values = [figure.value for figure in balances if figure.value is not None]
    value = None if balances and not values else as_money(sum(values, Decimal(0)), view.currency)
    stale = sum(figure.quality is Quality.STALE for figure in balances)
    reasons = tuple(reason for figure in balances for reason in figure.reasons)[:REASONS_MAX]
    inputs = tuple(
        ExplainInput(debt.name, f"{plain(debt.reporting.value)} {view.currency}", f"of {debt.balance_day}")
        for debt in debts
        if debt.reporting.value is not None
    )
    quality = quality_of(value, len(balances) - len(values), stale)
    how = ("sum of the last balances of the open debts that you may see", inputs)
    return _figure(view, value, quality, reasons, basis=BASIS_DEBTS, how=how)


def _net(view: BookView, assets: MoneyFigure, owed: MoneyFigure) -> MoneyFigure:
    value = None if assets.value is None or owed.value is None else assets.value - owed.value
    worst = {assets.quality, owed.quality}
    quality = Quality.COMPLETE
    if value is None:
        quality = Quality.UNAVAILABLE
    elif Quality.PARTIAL in worst:
        quality = Quality.PARTIAL
    elif Quality.STALE in worst:
        quality = Quality.STALE
    inputs = tuple(
        ExplainInput(name, f"{plain(figure.value)} {view.currency}", figure.basis)
        for name, figure in (("accounts", assets), ("debts", owed))
        if figure.value is not None
    )
    reasons = (*assets.reasons, *owed.reasons)[:REASONS_MAX]
    how = ("accounts - debts, each account and debt counted once", inputs)
    return _figure(view, value, quality, reasons, basis=BASIS_NET, how=how)


def _figure(
    view: BookView,
    value: Decimal | None,
    quality: Quality,
    reasons: tuple[FigureReason, ...],
    *,
    basis: str,
    how: tuple[str, tuple[ExplainInput, ...]],
) -> MoneyFigure:
    """``how``: the formula and what went into it."""
    formula, inputs = how

    def explain() -> Explain:
        return Explain(
            formula,
            FORMULA_VERSION,
            (*inputs, ExplainInput("book version", str(view.book_version))),
            (ExplainSource("BOOK", None, f"book version {view.book_version}", view.as_of),),
        )

    return MoneyFigure(
        value, view.currency, view.as_of, basis, SOURCE, view.computed_at, quality, reasons,
        view.book_version, explain,
    )  # fmt: skip


async def worth_changes(
    reader: Reader, view: BookView, account_ids: Sequence[UUID], liability_ids: Sequence[UUID], now: Worth
) -> list[Change]:
    """Since the weekday before, and since the last weekday of the month before."""
    days: tuple[tuple[Since, date], ...] = (
        ("DAY", last_weekdays(view.as_of, 2)[0]),
        ("MONTH", last_month_ends(view.as_of, 2)[0]),
    )
    found: list[Change] = []
    for since, day in days:
        earlier = replace(view, as_of=day, is_stored=False)
        before = (await worth(reader, earlier, account_ids, liability_ids)).net_worth.value
        after = now.net_worth.value
        amount = None if before is None or after is None else after - before
        part = None if amount is None or before is None or before <= 0 else round(amount / before, 6)
        found.append(Change(since, day, amount, part))
    return found


async def accounts_history(
    reader: Reader, view: BookView, account_ids: Sequence[UUID], points: int
) -> list[ValuePoint]:
    """What the accounts were worth together on the last ``points`` weekdays, oldest first; no debts."""
    if not 1 <= points <= DAYS_MAX:
        raise ValidationFailed(OUT_OF_RANGE(name="points", count=points, limit=DAYS_MAX), path=("points",))
    days = last_weekdays(view.as_of, points)
    rows = await reader.rows(
        prepared(_HISTORY),
        {
            "tenant": reader.tenant_id,
            **view.parameters(),
            "account_ids": limited(account_ids),
            **days_of(days),
        },
    )
    found = {
        day: ValuePoint(day, as_money(value, view.currency), quality_of(value, missing, stale))
        for day, value, missing, stale in map(tuple, rows)
    }
    zero = as_money(Decimal(0), view.currency)
    return [found.get(day, ValuePoint(day, zero, Quality.COMPLETE)) for day in days]
