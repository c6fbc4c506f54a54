"""Lots add up to what the transactions hold: an invariant that is looked at in production."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from wealthnexus.domain.ledger.lot_books.load import LotBooks, TogetherBook
from wealthnexus.domain.ledger.lots.results import Finding
from wealthnexus.domain.ledger.lots.vocabulary import Reason
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.money import plain

_HELD: Final = """
select t.account_id::text as account, t.security_id::text as security, trim_scale(sum(t.units)) as units
from transactions t
where t.tenant_id = :tenant and t.account_id = any(:account_ids) and t.security_id is not null
  and t.trade_date <= :as_of and t.book_version <= :version
group by t.account_id, t.security_id having sum(t.units) <> 0
"""


async def units_held(reader: Reader, view: BookView, books: LotBooks) -> dict[tuple[str, str], Decimal]:
    """By account and security: the sum of the units of every entry, reversals included."""
    parameters = {
        "tenant": reader.tenant_id, "version": view.book_version, "as_of": view.as_of,
        "account_ids": [account for book in books.books for account in book.accounts],
    }  # fmt: skip
    rows = await reader.rows(prepared(_HELD), parameters)
    return {(row.account, row.security): row.units for row in rows}


def unlike_units(book: TogetherBook, held: Mapping[tuple[str, str], Decimal], day: date) -> Iterator[Finding]:
    """Holdings whose lots add up to something else."""
    lots: dict[tuple[str, str], Decimal] = {}
    for lot in book.played.open_lots():
        key = (lot.account, lot.security)
        lots[key] = lots.get(key, Decimal(0)) + lot.units
    mine = {key for key in held if key[0] in book.accounts}
    for account, security in sorted(mine | lots.keys()):
        units = held.get((account, security), Decimal(0))
        its = lots.get((account, security), Decimal(0))
        if units != its:
            said = {"units": plain(units), "given": plain(its)}
            yield Finding(Reason.LOTS_UNLIKE_UNITS, "", account, security, day, said)
