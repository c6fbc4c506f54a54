"""Figures over several accounts, in the firm's currency, from a row that sums them."""

from __future__ import annotations

from typing import Any

from wealthnexus.domain.ledger.figures import (
    BASIS,
    BASIS_CASH,
    SOURCE,
    FigureReason,
    MoneyFigure,
    accounts_without_rate,
    accrued_total,
    as_money,
    explain_cash,
    explain_total,
    reasons_from,
)
from wealthnexus.domain.ledger.rules import quality_of
from wealthnexus.domain.ledger.view import BookView


def value_figure(row: Any, view: BookView, what: str) -> MoneyFigure:
    """The rolled-up market value of several accounts, in the firm's currency."""
    value = as_money(row.value, view.currency)
    cash = as_money(row.cash, view.currency)
    unpriced, stale, unaccrued = row.unpriced_count, row.stale_count, row.unaccrued_count
    reasons: tuple[FigureReason, ...] = ()
    if unpriced or stale or unaccrued or row.missing_accounts:
        flat = [record for account in row.reasons or () for record in account]
        reasons = reasons_from(flat, unpriced + stale + unaccrued)
        if row.no_rate_accounts:
            reasons = (*reasons, accounts_without_rate(row.no_rate_accounts, view.currency))
    return MoneyFigure(
        value,
        view.currency,
        view.as_of,
        BASIS,
        SOURCE,
        view.computed_at,
        quality_of(value, unpriced + unaccrued + row.missing_accounts, stale),
        reasons,
        view.book_version,
        lambda: explain_total(
            what=what,
            currency=view.currency,
            as_of=view.as_of,
            book_version=view.book_version,
            positions_value=None if value is None or cash is None else value - cash - (row.accrued or 0),
            accrued=as_money(row.accrued, view.currency),
            cash=cash,
            position_count=row.position_count,
            unpriced_count=unpriced,
            stale_count=stale,
            unaccrued_count=unaccrued,
            oldest_price_day=row.oldest_price_day,
            account_count=row.account_count,
        ),
    )


def cash_figure(row: Any, view: BookView) -> MoneyFigure:
    """The rolled-up cash of several accounts, in the firm's currency."""
    cash, missing = as_money(row.cash, view.currency), row.no_rate_accounts
    return MoneyFigure(
        cash,
        view.currency,
        view.as_of,
        BASIS_CASH,
        SOURCE,
        view.computed_at,
        quality_of(cash, missing, 0),
        (accounts_without_rate(missing, view.currency),) if missing else (),
        view.book_version,
        lambda: explain_cash(
            currency=view.currency,
            as_of=view.as_of,
            book_version=view.book_version,
            cash=cash,
            basis=BASIS_CASH,
        ),
    )


def accrued_figure(row: Any, view: BookView) -> MoneyFigure:
    """The interest that is in the rolled-up value, in the firm's currency."""
    flat = [record for account in row.reasons or () for record in account]
    return accrued_total(
        row.accrued,
        view,
        view.currency,
        unaccrued=row.unaccrued_count,
        records=flat,
        missing=row.missing_accounts,
    )
