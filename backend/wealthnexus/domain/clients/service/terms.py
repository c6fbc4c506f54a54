"""The terms of an account over days: registration, tax status, and the order by which its lots are sold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, insert, update

from wealthnexus.domain.clients import texts
from wealthnexus.domain.clients.models import account_terms
from wealthnexus.domain.clients.rules.terms import Terms, changed_from
from wealthnexus.domain.clients.service.ground import DAY_MIN, believed, checked_reason
from wealthnexus.domain.ledger.service.lot_upkeep import look_at_lots
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import ValidationFailed
from wealthnexus.kit.ids import new_id

NAMES: Final = ("account_type", "tax_status", "lot_method")


def checked_beginning(given: date | None, reason: str | None, today: date) -> tuple[date, str | None]:
    """The day from which a change holds, by default the business date, and why it does.

    ValidationFailed for a day to come, and for a day that has passed without a reason: what was sold since
    is judged by it.
    """
    begins = given or today
    if not DAY_MIN <= begins <= today:
        said = texts.DAY_RANGE(day=begins, first=DAY_MIN, last=today)
        raise ValidationFailed(said, path=("input", "effectiveFrom"))
    why = None if reason is None else checked_reason(reason)
    if why is None and begins < today:
        raise ValidationFailed(texts.NEEDS_REASON(day=begins), path=("input", "reason"))
    return begins, why


async def begin_terms(uow: UnitOfWork, account_id: UUID, terms: Mapping[str, str], *, version: int) -> None:
    """Those a new account has since ever."""
    row = Terms(DAY_MIN, None, terms["account_type"], terms["tax_status"], terms["lot_method"], is_new=True)
    await uow.execute(insert(account_terms).values(_row(uow, account_id, row, version, None)))


async def believed_terms(uow: UnitOfWork, account: Row[Any]) -> list[Row[Any]]:
    return list(await believed(uow, account_terms, account_id=account.id))


def course_of(account: Row[Any], known: list[Row[Any]]) -> list[Terms]:
    """The terms over all days, by their beginning."""
    return [
        Terms(row.effective_from, row.effective_to, row.account_type, row.tax_status, row.lot_method)
        for row in known
    ] or [Terms(DAY_MIN, None, account.account_type, account.tax_status, account.lot_method)]


async def change_terms(
    uow: UnitOfWork,
    account: Row[Any],
    changes: Mapping[str, str],
    begins: date,
    *,
    reason: str | None,
    version: int,
) -> None:
    """From a day on the account has these terms; what holds on other days, and was believed before, stays."""
    known = await believed_terms(uow, account)
    course = course_of(account, known)
    after = changed_from(course, begins, changes)
    if after == course:
        return
    kept = set(course) & set(after)
    gone = [row for row, one in zip(known, course, strict=False) if one not in kept]
    if gone:
        await uow.execute(
            update(account_terms)
            .where(
                account_terms.c.tenant_id == uow.tenant_id, account_terms.c.id.in_([row.id for row in gone])
            )
            .values(superseded_version=version)
        )
    by_day = {row.effective_from: row for row in known}
    made = []
    for one in after:
        if one in kept and known:
            continue
        values = _row(uow, account.id, one, version, reason)
        if not one.is_new and (before := by_day.get(one.effective_from)) is not None:
            # Only its end is told anew.
            values |= {
                name: getattr(before, name)
                for name in ("author_id", "author_name", "reason", "batch_id", "source_line")
            }
        made.append(values)
    await uow.execute(insert(account_terms), made)
    await look_at_lots(uow, {account.id})


def _row(uow: UnitOfWork, account_id: UUID, terms: Terms, version: int, reason: str | None) -> dict[str, Any]:
    return {
        "tenant_id": uow.tenant_id,
        "id": new_id(),
        "account_id": account_id,
        **{name: getattr(terms, name) for name in NAMES},
        "author_id": uow.actor.id if terms.is_new else None,
        "author_name": uow.actor.name if terms.is_new else None,
        "reason": reason if terms.is_new else None,
        "effective_from": terms.effective_from,
        "effective_to": terms.effective_to,
        "book_version": version,
        "superseded_version": None,
        "batch_id": None,
        "source_line": None,
    }
