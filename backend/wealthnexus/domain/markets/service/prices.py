"""Prices by hand: entered or withdrawn with a reason, under a book version, and the books revalued."""

# ruff: noqa: PLR0917 -- the facts of one change, in the order of the sentence

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from wealthnexus.domain import audit
from wealthnexus.domain.ledger.models import book_heads
from wealthnexus.domain.ledger.service import lock_book, next_book_version
from wealthnexus.domain.ledger.service.evidence import compare_holders
from wealthnexus.domain.ledger.service.revaluation import revalue_changed
from wealthnexus.domain.ledger.service.versions import BookHead, attempt
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.valuation import LATEST_PRICE
from wealthnexus.domain.ledger.view import AS_OF_MIN, FirmBooks
from wealthnexus.domain.markets import texts
from wealthnexus.domain.markets.models import securities, security_prices
from wealthnexus.domain.markets.rules.prices import MANUAL
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import NotFound, PermissionDenied, ValidationFailed
from wealthnexus.kit.events import EventType, FieldType, emit, register
from wealthnexus.kit.jobs import enqueue, enqueue_upkeep
from wealthnexus.kit.text import message

REASON_CHARACTERS_MAX: Final = 500
PLACES_MAX: Final = 10
PRICE_BELOW: Final = Decimal(10) ** 18
REVALUED_AT_ONCE_MAX: Final = 5_000
"""More accounts than this are revalued by a job; until then readers compute."""

_REVALUE_TITLE = message("markets.revalue_title", "Value the book at the changed price of {name}", name=str)

_FIELDS: Final[Mapping[str, FieldType]] = {
    "securityId": "id",
    "day": "date",
    "source": "text",
    "bookVersion": "integer",
}
PRICE_OVERRIDDEN = register(
    "markets.price.overridden",
    description="A person entered a price, which wins over feeds on its day.",
    fields=_FIELDS,
)
PRICE_WITHDRAWN = register(
    "markets.price.withdrawn",
    description="A price was withdrawn and no longer counts.",
    fields=_FIELDS,
)


@dataclass(frozen=True, slots=True)
class OverridePrice:
    """``close`` raw, in the security's currency; ``currency``: what the caller thinks that is, if given."""

    security_id: UUID
    day: date
    close: Decimal
    reason: str
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class WithdrawPrice:
    """``source``: whose price of the day no longer counts."""

    security_id: UUID
    day: date
    reason: str
    source: str = MANUAL


@dataclass(frozen=True, slots=True)
class PriceChange:
    """What counted on the day before and after (None: nothing did), and how many accounts it touches.

    ``is_new`` False: the same price stood there already and nothing was written.
    """

    security_id: UUID
    day: date
    before: Decimal | None
    before_day: date | None
    before_source: str | None
    after: Decimal | None
    after_day: date | None
    after_source: str | None
    account_count: int
    book_version: int
    is_new: bool


_COUNTS: Final = LATEST_PRICE.format(security=":security_id", day=":day")


class _DryRun(Exception):
    """Carries the result out of the savepoint that takes the changes back."""

    def __init__(self, result: PriceChange) -> None:
        super().__init__()
        self.result = result


async def override_price(
    uow: UnitOfWork, firm: FirmBooks, command: OverridePrice, *, dry_run: bool = False
) -> PriceChange:
    """Enter the close of a day by hand: from this book version on it wins over every feed of that day.

    ``dry_run`` does all of it inside a savepoint and takes it back. NotFound, ValidationFailed (negative, too
    many places, another currency, a day outside the books, no
    reason), PermissionDenied for a caller who sees a part of the firm only.
    """
    return await _tried(uow, lambda: _override(uow, firm, command), dry_run=dry_run)


async def _tried(uow: UnitOfWork, do: Callable[[], Awaitable[PriceChange]], *, dry_run: bool) -> PriceChange:
    try:
        async with attempt(uow):
            change = await do()
            if dry_run:
                raise _DryRun(change)
            return change
    except _DryRun as end:
        return end.result


async def _override(uow: UnitOfWork, firm: FirmBooks, command: OverridePrice) -> PriceChange:
    reason = _checked(uow, firm, command.day, command.reason)
    close = _checked_close(command.close)
    security = await _security(uow, command.security_id)
    if command.currency is not None and command.currency != security.currency:
        said = texts.OTHER_CURRENCY(
            name=security.name, expected=security.currency, currency=command.currency[:10]
        )
        raise ValidationFailed(said, path=("input", "currency"))
    head = await lock_book(uow)
    before = await _counting(uow, security.id, command.day, head.version)
    mine = await _last_word(uow, security.id, command.day, MANUAL, head.version)
    if mine is not None and not mine.is_withdrawn and mine.close == close:
        return _change(command.security_id, command.day, before, before, 0, head.version, is_new=False)
    row = {"close": close, "source": MANUAL, "reason": reason, "is_withdrawn": False}
    return await _write(uow, firm, head, security, command.day, row, before, PRICE_OVERRIDDEN)


async def withdraw_price(
    uow: UnitOfWork, firm: FirmBooks, command: WithdrawPrice, *, dry_run: bool = False
) -> PriceChange:
    """Take a price back: from this book version on the next of the precedence counts, or the day before.

    The row stays, as everything that was believed does. NotFound when no price of that source stands on
    the day; otherwise as ``override_price``.
    """
    return await _tried(uow, lambda: _withdraw(uow, firm, command), dry_run=dry_run)


async def _withdraw(uow: UnitOfWork, firm: FirmBooks, command: WithdrawPrice) -> PriceChange:
    reason = _checked(uow, firm, command.day, command.reason)
    security = await _security(uow, command.security_id)
    head = await lock_book(uow)
    mine = await _last_word(uow, security.id, command.day, command.source, head.version)
    if mine is None or mine.is_withdrawn:
        said = texts.NO_PRICE(name=security.name, source=command.source[:100], day=command.day)
        raise NotFound(said, path=("input", "day"))
    before = await _counting(uow, security.id, command.day, head.version)
    names = ("open", "high", "low", "close", "volume")
    row = {name: getattr(mine, name) for name in names}
    row |= {"source": command.source, "reason": reason, "is_withdrawn": True}
    return await _write(uow, firm, head, security, command.day, row, before, PRICE_WITHDRAWN)


def _checked(uow: UnitOfWork, firm: FirmBooks, day: date, reason: str) -> str:
    if uow.binding.scope != "firm":
        raise PermissionDenied(texts.WHOLE_FIRM())
    today = firm.business_date()
    if not AS_OF_MIN <= day <= today:
        raise ValidationFailed(texts.NO_SUCH_DAY(day=day, first=AS_OF_MIN, last=today), path=("input", "day"))
    reason = reason.strip()
    if not 1 <= len(reason) <= REASON_CHARACTERS_MAX:
        said = texts.NO_REASON(count=len(reason), limit=REASON_CHARACTERS_MAX)
        raise ValidationFailed(said, path=("input", "reason"))
    return reason


def _checked_close(close: Decimal) -> Decimal:
    path = ("input", "close")
    shown = str(close)[:60]
    if not close.is_finite() or close < 0:
        raise ValidationFailed(texts.NOT_A_PRICE(close=shown), path=path)
    if close >= PRICE_BELOW:
        raise ValidationFailed(texts.TOO_LARGE(close=shown), path=path)
    exponent = close.normalize().as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    if places > PLACES_MAX:
        raise ValidationFailed(texts.TOO_FINE(close=shown, places=places, limit=PLACES_MAX), path=path)
    return close


async def _security(uow: UnitOfWork, security_id: UUID) -> Row[Any]:
    row = await uow.one_or_none(
        select(securities.c.id, securities.c.name, securities.c.currency).where(
            securities.c.tenant_id == uow.tenant_id, securities.c.id == security_id
        )
    )
    if row is None:
        raise NotFound(texts.NO_SECURITY(id=str(security_id)), path=("input", "securityId"))
    return row


async def _counting(uow: UnitOfWork, security_id: UUID, day: date, version: int) -> Row[Any] | None:
    rows = await uow.rows(
        prepared(_COUNTS),
        {"tenant": uow.tenant_id, "security_id": security_id, "day": day, "version": version},
    )
    return rows[0] if rows else None


async def _last_word(
    uow: UnitOfWork, security_id: UUID, day: date, source: str, version: int
) -> Row[Any] | None:
    p = security_prices.c
    return await uow.one_or_none(
        select(security_prices)
        .where(
            p.tenant_id == uow.tenant_id,
            p.security_id == security_id,
            p.day == day,
            p.source == source,
            p.book_version <= version,
        )
        .order_by(p.book_version.desc())
        .limit(1)
    )


async def _write(
    uow: UnitOfWork,
    firm: FirmBooks,
    head: BookHead,
    security: Row[Any],
    day: date,
    row: dict[str, Any],
    before: Row[Any] | None,
    event_type: EventType,
) -> PriceChange:
    """The new row, the books at it, the audit row and the event."""
    version = await next_book_version(uow, "price")
    actor = uow.actor.id if uow.actor.kind == "user" else None
    await uow.execute(
        insert(security_prices).values(
            tenant_id=uow.tenant_id,
            security_id=security.id,
            day=day,
            book_version=version,
            entered_by=actor,
            **row,
        )
    )
    after = await _counting(uow, security.id, day, version)
    count = await _revalue(uow, firm, head, security)
    say = texts.WITHDRAWN if event_type is PRICE_WITHDRAWN else texts.OVERRIDDEN
    facts = {
        "name": security.name,
        "close": format(row["close"].normalize(), "f"),
        "currency": security.currency,
        "day": day,
    }
    if event_type is PRICE_WITHDRAWN:
        facts["source"] = row["source"]
    await audit.append(
        uow,
        event_type.name,
        summary=say(**facts),
        subject=audit.SubjectRef(security.id, "security", security.name),
        details={
            "day": day.isoformat(),
            "close": facts["close"],
            "source": row["source"],
            "reason": row["reason"],
            "bookVersion": version,
            "before": format(before.close.normalize(), "f") if before is not None else None,
            "beforeSource": before.source if before is not None else None,
        },
    )
    await emit(
        uow,
        event_type.name,
        subject_id=security.id,
        payload={"securityId": security.id, "day": day, "source": row["source"], "bookVersion": version},
        book_version=version,
    )
    await compare_holders(uow, security.id, day, version)
    # What was doubtful about the price may be mended, or new.
    await enqueue_upkeep(
        uow, "markets.judge_prices", title=texts.JUDGE_TITLE(), params={}, dedupe_key="after-a-change"
    )
    return _change(security.id, day, before, after, count, version, is_new=True)


async def _revalue(uow: UnitOfWork, firm: FirmBooks, head: BookHead, security: Row[Any]) -> int:
    """The accounts that ever held it, on the kept day; beyond 5,000 by a job, computed live until then."""
    ids = await uow.scalar(
        prepared(
            "select array_agg(x.account_id order by x.account_id) from account_securities x"
            " where x.tenant_id = :tenant and x.security_id = :security_id"
        ),
        {"tenant": uow.tenant_id, "security_id": security.id},
    )
    accounts = list(ids or ())
    if len(accounts) > REVALUED_AT_ONCE_MAX:
        await uow.execute(
            update(book_heads).where(book_heads.c.tenant_id == uow.tenant_id).values(valued_day=None)
        )
        day = firm.business_date().isoformat()
        await enqueue(
            uow,
            "ledger.revalue",
            title=_REVALUE_TITLE(name=security.name),
            params={"day": day},
            dedupe_key=f"price:{security.id}",
        )
    elif accounts:
        await revalue_changed(uow, firm, head, accounts)
    return len(accounts)


def _change(
    security_id: UUID,
    day: date,
    before: Row[Any] | None,
    after: Row[Any] | None,
    count: int,
    version: int,
    *,
    is_new: bool,
) -> PriceChange:
    def parts(row: Row[Any] | None) -> tuple[Any, Any, Any]:
        return (row.close.normalize(), row.day, row.source) if row is not None else (None, None, None)

    old, new = parts(before), parts(after)
    return PriceChange(security_id, day, *old, *new, count, version, is_new)


__all__ = ["OverridePrice", "PriceChange", "WithdrawPrice", "override_price", "withdraw_price"]
