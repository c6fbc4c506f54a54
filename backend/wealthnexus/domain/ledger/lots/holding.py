"""The holding period: more than one year is long-term, counted from the day after the acquisition.

Sources: IRC 1222; Rev. Rul. 66-7 and 66-97; IRS Publication 550, "Holding Period".
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from .vocabulary import Term


@lru_cache(maxsize=65_536)
def first_long_term_day(acquired_on: date) -> date:
    """The first day on which a disposal of what was acquired on the day is long-term.

    The period begins on the day after; the disposal is long-term on the same day of the next year.
    Acquired on 28 February 2023, the last day of its month: from 1 March 2024. On 29 February 2024: from 1
    March 2025. On 28 February 2024: the period begins on the 29th, which 2025 has not, so from 1 March 2025.
    """
    begins = acquired_on + timedelta(days=1)
    try:
        return begins.replace(year=begins.year + 1)
    except ValueError:  # 29 February
        return date(begins.year + 1, 3, 1)


def term_of(held_from: date | None, disposed_on: date) -> Term | None:
    """Short- or long-term; None when the beginning of the holding period is not known."""
    if held_from is None:
        return None
    return Term.LONG if disposed_on >= first_long_term_day(held_from) else Term.SHORT


def tacked(held_from: date | None, loss_held_from: date | None, sold_on: date) -> date | None:
    """The beginning of a replacement's holding period with that of the shares sold at a loss before it."""
    if held_from is None or loss_held_from is None:
        return None
    return held_from - (sold_on - loss_held_from)
