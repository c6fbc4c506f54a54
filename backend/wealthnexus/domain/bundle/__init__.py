"""The bundle: the product's own interchange of a firm's clients, accounts, securities and books.

Owns the columns (``format``), the words they may hold (``terms``), the rules of a row (``rules``), of the
whole (``validate``), reading (``open_bundle``) and writing (``write_bundle``). Invariants: reading needs
memory that does not grow with the file; a row is typed whole or refused with every reason; nothing here
touches a database; the same rows written twice are the same bytes.
"""

from .archive import Bundle, BundleRefused, open_bundle
from .format import (
    FILES,
    AccountRow,
    BundleHeader,
    FxRateRow,
    HouseholdRow,
    PriceRow,
    Row,
    SecurityRow,
    TransactionRow,
)
from .format_book import (
    ClientRow,
    CorporateActionRow,
    CustodianLotRow,
    CustodianPositionRow,
    IdentifierRow,
    LiabilityRow,
    LotRow,
    OwnerRow,
    RelationshipRow,
)
from .parse import RowStream
from .report import OpenReference, Report, RowProblem
from .rules import UnitsNeedTheHolding, signed_units
from .terms import TRANSACTION_TYPES
from .validate import KnownKeys, KnownOwnership, Progress, validate
from .write import write_bundle

__all__ = [
    "FILES",
    "TRANSACTION_TYPES",
    "AccountRow",
    "Bundle",
    "BundleHeader",
    "BundleRefused",
    "ClientRow",
    "CorporateActionRow",
    "CustodianLotRow",
    "CustodianPositionRow",
    "FxRateRow",
    "HouseholdRow",
    "IdentifierRow",
    "KnownKeys",
    "KnownOwnership",
    "LiabilityRow",
    "LotRow",
    "OpenReference",
    "OwnerRow",
    "PriceRow",
    "Progress",
    "RelationshipRow",
    "Report",
    "Row",
    "RowProblem",
    "RowStream",
    "SecurityRow",
    "TransactionRow",
    "UnitsNeedTheHolding",
    "open_bundle",
    "signed_units",
    "validate",
    "write_bundle",
]
