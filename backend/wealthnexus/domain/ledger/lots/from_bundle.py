"""Rows of a bundle as the engine takes them; columns mean what docs/domain/bundle.md says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from wealthnexus.domain.bundle import (
    AccountRow,
    CorporateActionRow,
    LotRow,
    SecurityRow,
    TransactionRow,
)

from .arithmetic import ZERO
from .inputs import AccountTerms, CorporateAction, Entry, GivenLot, SecurityTerms
from .selection import parse_selection
from .vocabulary import ActionType, EntryType, LotMethod

DEFAULT_CONTRACT_SIZE: Final = Decimal(100)


def entry(row: TransactionRow, sequence: int) -> Entry:
    """``sequence``: the place among the transactions of its day. ValueError for an unusable lot selection."""
    method, lots = parse_selection(row.lot_selection)
    return Entry(
        row.external_id,
        row.account_external_id,
        EntryType(row.type),
        row.trade_date,
        row.security_key,
        row.quantity,
        row.amount,
        accrued_interest=row.accrued_interest or ZERO,
        settlement_date=row.settlement_date,
        price=row.price,
        sequence=sequence,
        order=row.order_reference,
        related=row.related_external_id,
        action=row.corporate_action_external_id,
        rate=row.exchange_rate,
        method=method,
        lots=lots,
        is_deep_in_the_money=bool(row.is_deep_in_the_money),
    )


def account(row: AccountRow) -> AccountTerms:
    """Gains count in a taxable account alone; a firm that says nothing means a taxable one."""
    methods = ((date.min, LotMethod(row.lot_method)),) if row.lot_method else ()
    return AccountTerms(row.currency, row.tax_status == "TAXABLE", methods)


def security(row: SecurityRow) -> SecurityTerms:
    """A contract is on 100 units of the underlying where the source does not say."""
    return SecurityTerms(
        row.currency,
        row.security_type,
        row.cusip,
        row.price_multiplier,
        row.underlying_key,
        row.option_type,
        row.strike,
        row.contract_size or DEFAULT_CONTRACT_SIZE,
    )


def given_lot(row: LotRow) -> GivenLot:
    return GivenLot(
        row.external_id,
        row.account_external_id,
        row.security_key,
        row.as_of,
        row.quantity,
        row.acquired_on,
        row.cost_basis,
        row.related_external_id,
    )


def corporate_action(row: CorporateActionRow) -> CorporateAction:
    return CorporateAction(
        row.external_id,
        row.security_key,
        ActionType(row.type),
        row.ex_date,
        row.ratio_new,
        row.ratio_old,
        row.cash_amount,
        row.other_security_key,
        row.basis_fraction,
        bool(row.is_taxable),
    )
