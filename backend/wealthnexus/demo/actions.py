"""What the issuers did and what their securities were called, from the demo's market data.

Dividends and splits are those of the books (``market``); renames are those of the map files: Alphabet's
Class A was GOOG until 2 April 2014 and Class C is GOOG since the next day, QQQ was QQQQ, WM was WMI, BAC NB.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from wealthnexus.domain.bundle import CorporateActionRow, IdentifierRow

from .instruments import INSTRUMENTS
from .market import DISTRIBUTIONS, Distribution, Market, Split, ticker_periods

RENAMED: Final = ("GOOG", "GOOGL", "QQQ", "WM", "BAC")
_DATA_BEGIN: Final = date(1998, 1, 2)
"""The map files know nothing earlier: a ticker of that day was there before."""
_END_OF_TIME: Final = date(2050, 12, 31)


def corporate_action_rows(used: set[str], market: Market) -> list[CorporateActionRow]:
    """Of the listings that occur, by ex-date."""
    rows = [row for key in INSTRUMENTS if key in used for row in _of(key, market)]
    rows += [_spin_off(given) for given in DISTRIBUTIONS if {given.key, given.other_key} <= used]
    return sorted(rows, key=lambda row: (row.ex_date, row.external_id))


def _of(key: str, market: Market) -> Iterator[CorporateActionRow]:
    for split in market.splits[key]:
        yield _split(key, split)
    for dividend in market.dividends[key]:
        yield CorporateActionRow(
            0, f"{key}-{dividend.ex_date}-CASH", key, "CASH_DIVIDEND", dividend.ex_date,
            pay_date=dividend.payable_on, cash_amount=dividend.per_share, currency="USD",
        )  # fmt: skip
    if key in RENAMED:
        periods = ticker_periods(key)
        for (before, _begin, _end), (after, begins, _last) in itertools.pairwise(periods):
            if before != after:
                text = f"Symbol {before.upper()} becomes {after.upper()}"
                yield CorporateActionRow(
                    0, f"{key}-{begins}-SYMBOL", key, "SYMBOL_CHANGE", begins,
                    new_value=after.upper(), description=text,
                )  # fmt: skip


def _spin_off(given: Distribution) -> CorporateActionRow:
    return CorporateActionRow(
        0, f"{given.key}-{given.ex_date}-SPIN_OFF", given.key, "SPIN_OFF", given.ex_date,
        ratio_new=given.ratio, ratio_old=Decimal(1), other_security_key=given.other_key,
        description=given.text,
    )  # fmt: skip


def _split(key: str, split: Split) -> CorporateActionRow:
    """A reverse split has whole numbers on both sides; the 0.0027 of 2015 is a dividend in shares."""
    new, old, kind = split.ratio, Decimal(1), "SPLIT"
    if split.ratio < 1:
        new, old = Decimal(1), (1 / split.ratio).quantize(Decimal(1))
    elif split.ratio != split.ratio.to_integral_value():
        new, kind = split.ratio - 1, "STOCK_DIVIDEND"
    return CorporateActionRow(
        0, f"{key}-{split.ex_date}-{kind}", key, kind, split.ex_date, ratio_new=new, ratio_old=old,
        description=split.text,
    )  # fmt: skip


def identifier_rows(used: set[str]) -> Iterator[IdentifierRow]:
    """The symbols of the renamed listings with their days, half open."""
    for key in RENAMED:
        if key not in used:
            continue
        merged: list[tuple[str, date, date]] = []
        for ticker, begins, ends in ticker_periods(key):
            if merged and merged[-1][0] == ticker:
                merged[-1] = (ticker, merged[-1][1], ends)
            else:
                merged.append((ticker, begins, ends))
        for ticker, begins, ends in merged:
            yield IdentifierRow(
                0, key, "SYMBOL", ticker.upper(), INSTRUMENTS[key].exchange,
                None if begins == _DATA_BEGIN else begins,
                None if ends == _END_OF_TIME else ends + timedelta(days=1),
            )  # fmt: skip
