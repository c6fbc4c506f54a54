"""The words of tax lots: entry types, relief methods, terms, origins, views and reasons."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Final


class EntryType(StrEnum):
    """The types of the bundle.

    The quantity of a corporate action's entry is signed, like that of a JOURNAL.
    """

    DEPOSIT = "DEPOSIT"
    WITHDRAWAL = "WITHDRAWAL"
    TRANSFER_IN = "TRANSFER_IN"
    TRANSFER_OUT = "TRANSFER_OUT"
    BUY = "BUY"
    SELL = "SELL"
    SHORT = "SHORT"
    COVER = "COVER"
    DIVIDEND = "DIVIDEND"
    REINVEST = "REINVEST"
    INTEREST = "INTEREST"
    ADVISORY_FEE = "ADVISORY_FEE"
    EXPENSE = "EXPENSE"
    TAX = "TAX"
    RETURN_OF_CAPITAL = "RETURN_OF_CAPITAL"
    JOURNAL = "JOURNAL"
    EXERCISE = "EXERCISE"
    ASSIGNMENT = "ASSIGNMENT"
    EXPIRATION = "EXPIRATION"
    SPLIT = "SPLIT"
    STOCK_DIVIDEND = "STOCK_DIVIDEND"
    SPIN_OFF = "SPIN_OFF"
    MERGER = "MERGER"
    SYMBOL_CHANGE = "SYMBOL_CHANGE"
    CASH_IN_LIEU = "CASH_IN_LIEU"


class ActionType(StrEnum):
    """What an issuer does, as ``corporate_actions.csv`` names it."""

    CASH_DIVIDEND = "CASH_DIVIDEND"
    STOCK_DIVIDEND = "STOCK_DIVIDEND"
    SPLIT = "SPLIT"
    SPIN_OFF = "SPIN_OFF"
    MERGER = "MERGER"
    RETURN_OF_CAPITAL = "RETURN_OF_CAPITAL"
    SYMBOL_CHANGE = "SYMBOL_CHANGE"
    IDENTIFIER_CHANGE = "IDENTIFIER_CHANGE"


class LotMethod(StrEnum):
    """Lot relief: which units of a holding leave first."""

    FIFO = "FIFO"
    LIFO = "LIFO"
    HIFO = "HIFO"
    LOWEST_COST = "LOWEST_COST"
    SPECIFIC = "SPECIFIC"
    AVERAGE_COST = "AVERAGE_COST"
    MIN_TAX = "MIN_TAX"
    MAX_LOSS = "MAX_LOSS"
    MAX_LONG_TERM_GAIN = "MAX_LONG_TERM_GAIN"
    MAX_LONG_TERM_LOSS = "MAX_LONG_TERM_LOSS"
    MAX_SHORT_TERM_GAIN = "MAX_SHORT_TERM_GAIN"
    MAX_SHORT_TERM_LOSS = "MAX_SHORT_TERM_LOSS"


class Term(StrEnum):
    SHORT = "SHORT"
    LONG = "LONG"


class Origin(StrEnum):
    """How a lot came into the account."""

    PURCHASE = "PURCHASE"
    REINVESTMENT = "REINVESTMENT"
    TRANSFER = "TRANSFER"
    STOCK_DIVIDEND = "STOCK_DIVIDEND"
    SPIN_OFF = "SPIN_OFF"
    MERGER = "MERGER"
    EXERCISE = "EXERCISE"
    ASSIGNMENT = "ASSIGNMENT"
    SHORT_SALE = "SHORT_SALE"
    SALE_BEYOND_HOLDING = "SALE_BEYOND_HOLDING"
    UNEXPLAINED = "UNEXPLAINED"


class GainKind(StrEnum):
    """What realised a gain."""

    SALE = "SALE"
    COVER = "COVER"
    EXPIRATION = "EXPIRATION"
    CASH_SETTLEMENT = "CASH_SETTLEMENT"
    CASH_IN_LIEU = "CASH_IN_LIEU"
    RETURN_OF_CAPITAL = "RETURN_OF_CAPITAL"
    MERGER = "MERGER"


class View(IntEnum):
    """Whose basis it is: without wash sales, as the custodian reports it, as the taxpayer owes it."""

    BOOK = 0
    CUSTODIAN = 1
    ECONOMIC = 2


VIEWS: Final = tuple(View)
WASH_VIEWS: Final = (View.CUSTODIAN, View.ECONOMIC)


class WashEffect(StrEnum):
    DEFERRED = "DEFERRED"
    """The loss is added to the basis of the replacement."""
    LOST = "LOST"
    """The replacement is in an IRA: the loss is gone for good (Rev. Rul. 2008-5)."""
    WARNING = "WARNING"
    """The replacement is another taxpayer's: nothing is disallowed."""


class Treatment(StrEnum):
    """What the table of substantially identical securities says of a pair."""

    IDENTICAL = "IDENTICAL"
    FIRM_TREATS_AS_IDENTICAL = "FIRM_TREATS_AS_IDENTICAL"
    ALLOWED_SUBSTITUTE = "ALLOWED_SUBSTITUTE"


class Reason(StrEnum):
    """Why a figure is None, or what a person should look at."""

    MISSING_BASIS = "MISSING_BASIS"
    UNKNOWN_ACQUISITION_DATE = "UNKNOWN_ACQUISITION_DATE"
    NO_LOTS_CAME = "NO_LOTS_CAME"
    LOTS_DIFFER_FROM_UNITS = "LOTS_DIFFER_FROM_UNITS"
    LOT_WITHOUT_UNITS = "LOT_WITHOUT_UNITS"
    SOLD_MORE_THAN_HELD = "SOLD_MORE_THAN_HELD"
    COVERED_MORE_THAN_SHORT = "COVERED_MORE_THAN_SHORT"
    SHORT_AGAINST_HELD = "SHORT_AGAINST_HELD"
    CLOSED_MORE_THAN_HELD = "CLOSED_MORE_THAN_HELD"
    UNDERLYING_LEG_MISSING = "UNDERLYING_LEG_MISSING"
    NO_UNITS_HELD = "NO_UNITS_HELD"
    UNITS_CONTRADICT_RATIO = "UNITS_CONTRADICT_RATIO"
    FRACTION_UNKNOWN = "FRACTION_UNKNOWN"
    ACTION_MISSING = "ACTION_MISSING"
    ALLOCATION_UNKNOWN = "ALLOCATION_UNKNOWN"
    FAIR_VALUE_UNKNOWN = "FAIR_VALUE_UNKNOWN"
    FX_RATE_MISSING = "FX_RATE_MISSING"
    IDENTIFICATION_NOT_ADEQUATE = "IDENTIFICATION_NOT_ADEQUATE"
    AVERAGE_NOT_ELIGIBLE = "AVERAGE_NOT_ELIGIBLE"
    ENTRY_NOT_VALID = "ENTRY_NOT_VALID"
    GAIN_UNKNOWN_FOR_WASH = "GAIN_UNKNOWN_FOR_WASH"
    LOTS_UNLIKE_UNITS = "LOTS_UNLIKE_UNITS"
