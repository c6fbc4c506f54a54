"""Which books an answer speaks of: the day it is for and the book version it knows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, Protocol
from uuid import UUID

from wealthnexus.domain.ledger import texts
from wealthnexus.domain.ledger.accrual import closed_on
from wealthnexus.domain.ledger.rules import APPRAISED_TYPES, common_currencies, freshness, odd_freshness
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.errors import ValidationFailed
from wealthnexus.kit.money import minor_units

AS_OF_MIN: Final = date(1900, 1, 1)

# Where a statement reads the entries of accounts as ``t``: here those of one sleeve are told from the rest.
# The text differs, and not a parameter, because a planner that may not know it would expect few rows always.
OF_SLEEVE: Final = "/* of the sleeve */"
OF_ONE: Final = "and t.portfolio_id = :portfolio_id"
# What another account pays for the account has no sleeve: the default one bears it.
OF_DEFAULT: Final = "/* of the default sleeve */"
DEFAULT_BEARS: Final = (
    "and exists (select 1 from portfolios f where f.tenant_id = :tenant and f.id = :portfolio_id"
    " and f.is_default)"
)


class FirmBooks(Protocol):
    """What the ledger needs to know of a firm."""

    @property
    def currency(self) -> str: ...
    def business_date(self) -> date: ...


@dataclass(frozen=True, slots=True)
class BookView:
    """Resolved once per operation. ``is_stored``: account_valuations hold exactly this view.
    ``has_summaries``: sums of households were made beforehand for some days. ``sleeve``: of one account the
    entries of this sleeve alone; None: all of them.
    """

    as_of: date
    book_version: int
    currency: str
    is_stored: bool
    computed_at: datetime
    known_at: datetime | None = None
    has_summaries: bool = False
    sleeve: UUID | None = None

    def of_sleeve(self, portfolio_id: UUID) -> BookView:
        """The same books, of their account this sleeve alone; nothing of it is stored."""
        return replace(self, sleeve=portfolio_id, is_stored=False, has_summaries=False)

    def narrowed(self, sql: str) -> str:
        """The statement, whose entries (``t``) are marked by ``OF_SLEEVE``, for this view."""
        return (
            sql if self.sleeve is None else sql.replace(OF_SLEEVE, OF_ONE).replace(OF_DEFAULT, DEFAULT_BEARS)
        )

    def of_one(self) -> dict[str, Any]:
        """What ``narrowed`` binds."""
        return {} if self.sleeve is None else {"portfolio_id": self.sleeve}

    def parameters(self) -> dict[str, Any]:
        """The bound parameters of the valuation, without the accounts."""
        fresh = freshness(self.as_of)
        odd = odd_freshness((self.as_of,))
        return {
            "as_of": self.as_of,
            "version": self.book_version,
            "firm_currency": self.currency,
            "firm_minor": minor_units(self.currency),
            "common": list(common_currencies(self.currency)),
            "fresh_unlisted": fresh.unlisted,
            "odd_markets": [market for market, _, _ in odd],
            "odd_limits": [limit for _, _, limit in odd],
            "fresh_appraised": fresh.appraised,
            "appraised_types": sorted(APPRAISED_TYPES),
            **self.of_one(),
            **closed_on((self.as_of,)),
        }


_HEAD = """
select coalesce(h.version, 0), h.valued_day, coalesce(h.has_summaries, false) from (select 1) one
left join book_heads h on h.tenant_id = :tenant
"""

_VERSION_AT = """
select coalesce(max(version), 0) from book_versions
where tenant_id = :tenant and closed_at <= :known_at
"""

# What an import that was taken back had created stood then: row security shows it again to whoever reads the
# books as known before (see ``kit.db.rls.STANDING``), for the rest of the transaction.
_HEAD_AND_VERSION_AT = """
select f.head, f.valued_day, f.has_summaries, f.version,
  set_config('app.known_version',
    least(f.version, nullif(current_setting('app.known_version', true), '')::bigint)::text, true)
from (
  select coalesce(h.version, 0) as head, h.valued_day, coalesce(h.has_summaries, false) as has_summaries,
    (select coalesce(max(v.version), 0) from book_versions v
     where v.tenant_id = :tenant and v.closed_at <= :known_at) as version
  from (select 1) one left join book_heads h on h.tenant_id = :tenant
) f
"""


async def current_book_version(reader: Reader) -> int:
    """The firm's latest book version; 0 before anything was written."""
    row = await reader.one_or_none(prepared(_HEAD), {"tenant": reader.tenant_id})
    return int(row[0]) if row else 0


async def resolve_known_at(reader: Reader, instant: datetime) -> int:
    """The highest book version closed at or before ``instant``; 0 when nothing was known by then.

    A version that is being written while this is asked is not seen, and may have been closed before
    ``instant`` all the same: the answer for an instant is final once a later version is closed.
    """
    _check_instant(instant)
    return int(await reader.scalar(prepared(_VERSION_AT), {"tenant": reader.tenant_id, "known_at": instant}))


def _check_instant(instant: datetime) -> None:
    if instant.tzinfo is None:
        raise ValidationFailed(texts.NO_TIME_ZONE(instant=str(instant)), path=("knownAt",))
    if instant > clock.now():
        raise ValidationFailed(texts.IN_THE_FUTURE(instant=instant.isoformat()), path=("knownAt",))


async def book_view(
    reader: Reader, firm: FirmBooks, as_of: date | None = None, known_at: datetime | None = None
) -> BookView:
    """The view of an operation: ``as_of`` (default: the firm's business date) as known at an instant.

    ValidationFailed for a day after the business date or before 1900, and for an instant without a time
    zone or in the future.
    """
    today = firm.business_date()
    day = as_of or today
    if not AS_OF_MIN <= day <= today:
        raise ValidationFailed(texts.NO_SUCH_DAY(day=day, first=AS_OF_MIN, last=today), path=("asOf",))
    parameters: dict[str, Any] = {"tenant": reader.tenant_id}
    if known_at is None:
        rows = await reader.rows(prepared(_HEAD), parameters)
    else:
        _check_instant(known_at)
        rows = await reader.rows(prepared(_HEAD_AND_VERSION_AT), {**parameters, "known_at": known_at})
    facts = tuple(rows[0])
    head, valued_day = int(facts[0]), facts[1]
    version = head if known_at is None else int(facts[3])
    return BookView(
        as_of=day,
        book_version=version,
        currency=firm.currency,
        is_stored=version == head and valued_day == day,
        computed_at=clock.now(),
        known_at=known_at,
        has_summaries=facts[2],
    )
