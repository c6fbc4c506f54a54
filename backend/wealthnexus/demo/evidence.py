"""What the custodians report of the demo accounts on the last day: the books' own, but for planted breaks.

And the lots of what came in kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from wealthnexus.domain.bundle import CustodianLotRow, CustodianPositionRow, LotRow

from .account_book import AccountBook, cents, rows
from .instruments import INSTRUMENTS, PRIVATE_HOLDINGS
from .lots import Lot, LotKeeper
from .market import LAST_DAY
from .people import Firm

BREAKS: Final[dict[tuple[Firm, str], dict[str, Decimal]]] = {
    # A sale that the custodian booked and we did not, and its proceeds.
    ("summit", "A-0022-1"): {"SPY": Decimal(-100), "": Decimal("39633.00")},
    # A wire fee.
    ("summit", "A-0036-2"): {"": Decimal("-25.00")},
    ("harbor", "A-0018-1"): {"IWM": Decimal(15), "": Decimal("-3314.10")},
}
"""(firm, account): security ("" is cash): what the custodian has more than the books."""


def custodian_position_rows(
    firm: Firm, accounts: Sequence[AccountBook], keeper: LotKeeper
) -> Iterator[CustodianPositionRow]:
    """Cash and every holding of every account on the last day; values in the security's currency."""
    for account in accounts:
        plan = account.plan
        differs = BREAKS.get((firm, plan.external_id), {})
        balance = account.cash + differs.get("", Decimal(0))
        yield CustodianPositionRow(
            0, plan.external_id, LAST_DAY, None, None, plan.currency, balance, market_value=balance
        )
        for key in sorted(account.units):
            units = account.units[key] + differs.get(key, Decimal(0))
            price, private = account.price(key, LAST_DAY), PRIVATE_HOLDINGS.get(key)
            multiplier = private.price_multiplier if private else Decimal(1)
            currency = private.currency if private else "USD"
            cost = sum((lot.cost for lot in keeper.held[plan.external_id, key]), Decimal(0))
            yield CustodianPositionRow(
                0, plan.external_id, LAST_DAY, key, _called(key), currency, units, price,
                None if price is None else cents(units * price * multiplier),
                cost if plan.currency == currency else None,
            )  # fmt: skip


def custodian_lot_rows(
    firm: Firm, accounts: Sequence[AccountBook], keeper: LotKeeper
) -> Iterator[CustodianLotRow]:
    """Every lot on the last day, cost in the account's currency; a break in units is in the newest lot."""
    for account in accounts:
        plan = account.plan
        for key in sorted(account.units):
            lots = [Lot(lot.acquired, lot.units, lot.cost) for lot in keeper.held[plan.external_id, key]]
            lots.sort(key=lambda lot: lot.acquired)
            more = BREAKS.get((firm, plan.external_id), {}).get(key, Decimal(0))
            if more:
                largest = max(lots, key=lambda lot: lot.units)
                largest.cost = cents(largest.cost * (largest.units + more) / largest.units)
                largest.units += more
            for lot in lots:
                yield CustodianLotRow(
                    0, plan.external_id, LAST_DAY, key, _called(key), lot.acquired, lot.units, lot.cost,
                    plan.currency,
                )  # fmt: skip


def _called(key: str) -> str:
    """Custodians go by CUSIP where there is one."""
    return INSTRUMENTS[key].cusip if key in INSTRUMENTS else key


def lot_rows(accounts: Sequence[AccountBook], keeper: LotKeeper) -> Iterator[LotRow]:
    """The lots of transfers in kind on the day on which they arrived, and after capital was returned."""
    for account in accounts:
        ordered = sorted(account.postings, key=lambda posting: posting.day)
        for posting, row in zip(ordered, rows(account), strict=True):
            for number, lot in enumerate(keeper.received.get(id(posting), ()), 1):
                assert posting.key is not None  # noqa: S101
                yield LotRow(
                    0, f"LOT-{row.external_id}-{number}", account.plan.external_id, posting.key, posting.day,
                    lot.acquired, lot.units, lot.cost, account.plan.currency, row.external_id,
                )  # fmt: skip
