"""What may be done about prices; each in the caller's unit of work."""

from wealthnexus.domain.markets.service.judging import Judged, judge_prices
from wealthnexus.domain.markets.service.prices import (
    OverridePrice,
    PriceChange,
    WithdrawPrice,
    override_price,
    withdraw_price,
)

__all__ = [
    "Judged",
    "OverridePrice",
    "PriceChange",
    "WithdrawPrice",
    "judge_prices",
    "override_price",
    "withdraw_price",
]
