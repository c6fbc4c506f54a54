"""Every read of the markets room: securities, identifiers, prices, actions. One statement a call."""

from wealthnexus.domain.markets.repository.actions import (
    CorporateActionRow,
    corporate_actions_by_security_ids,
)
from wealthnexus.domain.markets.repository.identifiers import (
    IdentifierRow,
    identifiers_by_security_ids,
    resolve,
)
from wealthnexus.domain.markets.repository.prices import (
    POINTS_DEFAULT,
    POINTS_MAX,
    PricePoint,
    PriceRow,
    latest_prices,
    price_series,
)
from wealthnexus.domain.markets.repository.securities import (
    HolderRow,
    SecurityFilter,
    SecurityOrder,
    SecurityOrderField,
    SecurityRow,
    holders_by_security_ids,
    securities_by_ids,
    securities_count,
    securities_page,
)

__all__ = [
    "POINTS_DEFAULT",
    "POINTS_MAX",
    "CorporateActionRow",
    "HolderRow",
    "IdentifierRow",
    "PricePoint",
    "PriceRow",
    "SecurityFilter",
    "SecurityOrder",
    "SecurityOrderField",
    "SecurityRow",
    "corporate_actions_by_security_ids",
    "holders_by_security_ids",
    "identifiers_by_security_ids",
    "latest_prices",
    "price_series",
    "resolve",
    "securities_by_ids",
    "securities_count",
    "securities_page",
]
