"""The sentences of tax lots."""

from __future__ import annotations

from typing import Final

from wealthnexus.kit.text import Message, message

from .vocabulary import Reason

REASONS: Final[dict[Reason, Message]] = {
    Reason.MISSING_BASIS: message(
        "lots.missing_basis",
        "{security}: what the units of {entry} cost is not known",
        security=str,
        entry=str,
    ),
    Reason.UNKNOWN_ACQUISITION_DATE: message(
        "lots.unknown_acquisition_date",
        "{security}: when the units of {entry} were acquired is not known, so neither is the term",
        security=str,
        entry=str,
    ),
    Reason.NO_LOTS_CAME: message(
        "lots.no_lots_came",
        "{security}: no lots came with {entry}; its units have no basis until they do",
        security=str,
        entry=str,
    ),
    Reason.LOTS_DIFFER_FROM_UNITS: message(
        "lots.lots_differ",
        "{security}: the lots of {entry} have {given} units, the entry has {units}; the entry counts",
        security=str,
        entry=str,
        given=str,
        units=str,
    ),
    Reason.LOT_WITHOUT_UNITS: message(
        "lots.lot_without_units",
        "{security}: the lot {entry} belongs to no entry that brought units; it is not counted",
        security=str,
        entry=str,
    ),
    Reason.SOLD_MORE_THAN_HELD: message(
        "lots.sold_more",
        "{security}: {entry} sells {units} units more than are held; their basis is not known",
        security=str,
        entry=str,
        units=str,
    ),
    Reason.COVERED_MORE_THAN_SHORT: message(
        "lots.covered_more",
        "{security}: {entry} covers {units} units more than are short; they are held long",
        security=str,
        entry=str,
        units=str,
    ),
    Reason.CLOSED_MORE_THAN_HELD: message(
        "lots.closed_more",
        "{security}: {entry} closes {units} more contracts than are held that way",
        security=str,
        entry=str,
        units=str,
    ),
    Reason.SHORT_AGAINST_HELD: message(
        "lots.short_against_held",
        "{security}: {units} units of the same or substantially identical property are held beside {entry},"
        " {given} of them for more than a year. By IRC 1233(b) and (d) a gain of the short sale may be"
        " short-term, a loss long-term, and what is held may begin its holding period anew; lots and gains do"
        " not show it",
        security=str,
        entry=str,
        units=str,
        given=str,
    ),
    Reason.UNDERLYING_LEG_MISSING: message(
        "lots.leg_missing",
        "{security}: no trade of the underlying belongs to {entry}; its premium is in no basis yet",
        security=str,
        entry=str,
    ),
    Reason.NO_UNITS_HELD: message(
        "lots.no_units",
        "{security}: {entry} speaks of units that {account} does not hold",
        security=str,
        entry=str,
        account=str,
    ),
    Reason.UNITS_CONTRADICT_RATIO: message(
        "lots.ratio_contradicted",
        "{security}: {entry} gives {units} units, the ratio gives {given}; the entry counts",
        security=str,
        entry=str,
        units=str,
        given=str,
    ),
    Reason.FRACTION_UNKNOWN: message(
        "lots.fraction_unknown",
        "{security}: {entry} pays cash for a fraction of a unit that is not known, so neither is its basis",
        security=str,
        entry=str,
    ),
    Reason.ACTION_MISSING: message(
        "lots.action_missing",
        "{security}: {entry} carries out a corporate action that is not in the books",
        security=str,
        entry=str,
    ),
    Reason.ALLOCATION_UNKNOWN: message(
        "lots.allocation_unknown",
        "{security}: how the basis is divided in {entry} is not known: neither a fraction nor both prices",
        security=str,
        entry=str,
    ),
    Reason.FAIR_VALUE_UNKNOWN: message(
        "lots.fair_value_unknown",
        "{security}: what was received in {entry} has no price on the day, so the gain is not known",
        security=str,
        entry=str,
    ),
    Reason.FX_RATE_MISSING: message(
        "lots.fx_rate_missing", "{security}: no exchange rate for {entry}", security=str, entry=str
    ),
    Reason.IDENTIFICATION_NOT_ADEQUATE: message(
        "lots.identification",
        "{security}: {entry} names lots that are not there or too small; the rest left first in, first out",
        security=str,
        entry=str,
    ),
    Reason.AVERAGE_NOT_ELIGIBLE: message(
        "lots.average_not_eligible",
        "{security}: average cost is for funds and reinvested shares only; {entry} left first in, first out",
        security=str,
        entry=str,
    ),
    Reason.ENTRY_NOT_VALID: message(
        "lots.entry_not_valid",
        "{entry}: expected {expected}; it is in no lot",
        entry=str,
        expected=str,
    ),
    Reason.GAIN_UNKNOWN_FOR_WASH: message(
        "lots.gain_unknown",
        "{security}: whether {entry} is a wash sale is not known, because its basis is not",
        security=str,
        entry=str,
    ),
    Reason.LOTS_UNLIKE_UNITS: message(
        "lots.unlike_units",
        "{security}: the lots have {given} units, the transactions {units}",
        security=str,
        given=str,
        units=str,
    ),
}
