"""Tax lots, corporate actions on them and wash sales: from transactions to open lots and realised gains.

Pure: no database, no clock. Invariants: lots add up to the units of the entries; basis is moved, never made
or lost, by splits, spin-offs, mergers and transfers; a share replaces one loss once; what is not known is
None with a reason. Source of the conventions: docs/domain/lots.md.
"""

from wealthnexus.domain.ledger.lots.book import LotBook
from wealthnexus.domain.ledger.lots.changes import Changes, changes
from wealthnexus.domain.ledger.lots.custodian import CustodianLot, LotsBeside, beside
from wealthnexus.domain.ledger.lots.identical import IdenticalPair, IdenticalTable
from wealthnexus.domain.ledger.lots.inputs import (
    AccountTerms,
    CorporateAction,
    Entry,
    Facts,
    GivenLot,
    SecurityTerms,
)
from wealthnexus.domain.ledger.lots.policy import DEFAULT_POLICY, LotPolicy
from wealthnexus.domain.ledger.lots.preview import (
    Fractions,
    Preview,
    SuspectedSplit,
    legs,
    preview,
    suspected_splits,
)
from wealthnexus.domain.ledger.lots.prospective import WashCheck, check
from wealthnexus.domain.ledger.lots.results import (
    AccruedInterest,
    Finding,
    FxSplit,
    OpenLot,
    RealisedGain,
    TaxFigure,
    WashMatch,
)
from wealthnexus.domain.ledger.lots.taxpayers import (
    AccountOwner,
    Membership,
    TaxpayerGroups,
    Tie,
    accounts_of_one_book,
    taxpayer_groups,
)
from wealthnexus.domain.ledger.lots.vocabulary import (
    EntryType,
    LotMethod,
    Reason,
    Term,
    Treatment,
    View,
    WashEffect,
)

__all__ = [
    "DEFAULT_POLICY",
    "AccountOwner",
    "AccountTerms",
    "AccruedInterest",
    "Changes",
    "CorporateAction",
    "CustodianLot",
    "Entry",
    "EntryType",
    "Facts",
    "Finding",
    "Fractions",
    "FxSplit",
    "GivenLot",
    "IdenticalPair",
    "IdenticalTable",
    "LotBook",
    "LotMethod",
    "LotPolicy",
    "LotsBeside",
    "Membership",
    "OpenLot",
    "Preview",
    "RealisedGain",
    "Reason",
    "SecurityTerms",
    "SuspectedSplit",
    "TaxFigure",
    "TaxpayerGroups",
    "Term",
    "Tie",
    "Treatment",
    "View",
    "WashCheck",
    "WashEffect",
    "WashMatch",
    "accounts_of_one_book",
    "beside",
    "changes",
    "check",
    "legs",
    "preview",
    "suspected_splits",
    "taxpayer_groups",
]
