"""Reads of corporate actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader

ACTIONS_MAX: Final = 200


@dataclass(slots=True)
class CorporateActionRow:
    """What an issuer did. ``ratio_new`` for ``ratio_old`` units; ``cash_amount`` per unit in ``currency``."""

    id: UUID
    security_id: UUID
    type: str
    ex_date: date
    record_date: date | None
    pay_date: date | None
    ratio_new: Decimal | None
    ratio_old: Decimal | None
    cash_amount: Decimal | None
    currency: str | None
    other_security_id: UUID | None
    new_value: str | None
    description: str | None
    source: str


_ACTIONS: Final = """
select c.id, c.security_id, c.type, c.ex_date, c.record_date, c.pay_date, trim_scale(c.ratio_new),
  trim_scale(c.ratio_old), trim_scale(c.cash_amount), c.currency, c.other_security_id, c.new_value,
  c.description, c.source
from (
  select a.*, row_number() over (partition by a.security_id order by a.ex_date desc, a.id) as place
  from corporate_actions a
  where a.tenant_id = :tenant and a.security_id = any(:ids) and a.ex_date between :day_from and :day_to
    and a.book_version <= :version and (a.superseded_version is null or a.superseded_version > :version)
) c
where c.place <= :row_limit order by c.security_id, c.place
"""


async def corporate_actions_by_security_ids(
    reader: Reader, view: BookView, ids: Sequence[UUID], *, day_from: date, day_to: date
) -> dict[UUID, list[CorporateActionRow]]:
    """What happened to each security with its ex-date in the range, latest first, at most 200 of each."""
    found: dict[UUID, list[CorporateActionRow]] = {security_id: [] for security_id in ids}
    rows = await reader.rows(
        prepared(_ACTIONS),
        {
            "tenant": reader.tenant_id,
            "ids": list(ids),
            "day_from": day_from,
            "day_to": day_to,
            "version": view.book_version,
            "row_limit": ACTIONS_MAX,
        },
    )
    for row in map(tuple, rows):
        found[row[1]].append(CorporateActionRow(*row))
    return found
