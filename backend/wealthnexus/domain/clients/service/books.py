"""Who looks after what: branches over teams over representatives, and which accounts are whose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, column, insert, select, table

from wealthnexus.domain.clients import events, texts
from wealthnexus.domain.clients.models import account_assignments, accounts, books
from wealthnexus.domain.clients.rules.timeline import Cut, cut_at, ends_after
from wealthnexus.domain.clients.service.ground import (
    add_dated,
    apply_cut,
    believed,
    book_version,
    checked_days,
    checked_word,
    clean_text,
    record,
    touch,
)
from wealthnexus.domain.ledger.view import FirmBooks
from wealthnexus.domain.work import register_subject
from wealthnexus.kit import clock
from wealthnexus.kit.db.access import may_write
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict, NotFound, PermissionDenied, ValidationFailed
from wealthnexus.kit.ids import new_id

KINDS: Final = ("branch", "team", "representative")
_ABOVE: Final = {"branch": (), "team": ("branch",), "representative": ("team", "branch")}
ACCOUNTS_MAX: Final = 5_000
SPLITS_MAX: Final = 10
SPLIT_PLACES: Final = 8
_users = table("users", *map(column, ("tenant_id", "id", "name", "kind", "status")))


@dataclass(frozen=True, slots=True)
class Split:
    book_id: UUID
    split: Decimal


@dataclass(frozen=True, slots=True)
class Before:
    """``account_count`` accounts had these splits on the day before they changed; none: nobody's."""

    splits: tuple[Split, ...]
    account_count: int


@dataclass(frozen=True, slots=True)
class Assigned:
    """``unchanged_count`` of the accounts have exactly these splits already."""

    account_ids: tuple[UUID, ...]
    book_version: int | None
    before: tuple[Before, ...]
    unchanged_count: int


async def create_book(
    uow: UnitOfWork,
    *,
    kind: str,
    code: str,
    name: str,
    parent_id: UUID | None = None,
    user_id: UUID | None = None,
) -> UUID:
    """A branch stands alone, a team below a branch, a representative below a team or branch (or alone).

    ValidationFailed, NotFound; Conflict for a code that is taken.
    """
    name = clean_text(name, "name", what="book")
    code = clean_text(code, "code", what=name, limit=40)
    checked_word(kind, KINDS, "kind", what=name)
    b = books.c
    if await uow.rows(select(b.id).where(b.tenant_id == uow.tenant_id, b.code == code)):
        raise Conflict(texts.CODE_TAKEN(code=code), path=("input", "code"))
    if parent_id is not None:
        parent = (await _books_named(uow, [parent_id], path="parentId"))[parent_id]
        if parent.kind not in _ABOVE[kind]:
            expected = " or ".join(_ABOVE[kind]) or "nothing"
            said = texts.WRONG_PARENT(kind=kind, expected=expected, given=parent.kind)
            raise ValidationFailed(said, path=("input", "parentId"))
    if user_id is not None:
        staff = await uow.rows(
            select(_users.c.id).where(
                _users.c.tenant_id == uow.tenant_id, _users.c.id == user_id, _users.c.kind == "STAFF"
            )
        )
        if not staff:
            raise NotFound(texts.NOT_THERE(kind="user", id=str(user_id)), path=("input", "userId"))
    book_id = new_id()
    await register_subject(uow, book_id, "book", name)
    await uow.execute(
        insert(books).values(
            tenant_id=uow.tenant_id,
            id=book_id,
            kind=kind,
            parent_id=parent_id,
            code=code,
            name=name,
            user_id=user_id,
            created_at=clock.now(),
        )
    )
    touch(uow, book_id)
    await record(
        uow,
        events.BOOK_CREATED,
        summary=texts.BOOK_CREATED(kind=kind, name=name),
        subject=(book_id, "book", name),
        payload={"bookId": book_id},
        details={"kind": kind, "code": code, "parent_id": parent_id, "user_id": user_id},
    )
    return book_id


async def assign_accounts(
    uow: UnitOfWork,
    firm: FirmBooks,
    account_ids: Sequence[UUID],
    splits: Sequence[Split],
    *,
    effective_from: date | None = None,
    dry_run: bool = False,
) -> Assigned:
    """From a day on (default: the business date) the accounts belong to these books, by these splits.

    At most 5,000 accounts, all or none; ``dry_run``: everything is checked, nothing is written.
    ValidationFailed unless the splits add up to exactly 1.
    """
    begins = effective_from or firm.business_date()
    checked_days(begins, None)
    wanted = list(dict.fromkeys(account_ids))
    if not 1 <= len(wanted) <= ACCOUNTS_MAX:
        said = texts.TOO_MANY(count=len(wanted), what="accounts", limit=ACCOUNTS_MAX)
        raise ValidationFailed(said, path=("input", "accountIds"))
    await _check_splits(uow, splits)
    version = None if dry_run else await book_version(uow)
    await _accounts_for_update(uow, wanted)
    known = await believed(uow, account_assignments, account_id=wanted)
    before, unchanged = _before(known, wanted, splits, begins)
    if version is None:
        return Assigned(tuple(wanted), None, before, unchanged)
    cut: Cut[Row[Any]] = cut_at(known, begins)
    await apply_cut(uow, account_assignments, cut, version)
    await add_dated(
        uow,
        account_assignments,
        [
            {"account_id": account_id, "book_id": each.book_id, "split": each.split}
            for account_id in wanted
            for each in splits
        ],
        version=version,
        effective_from=begins,
    )
    await record(
        uow,
        events.ACCOUNTS_ASSIGNED,
        summary=texts.ACCOUNTS_ASSIGNED(count=len(wanted), day=begins),
        subject=None,
        payload={
            "accountIds": wanted[:100],
            "bookIds": [each.book_id for each in splits],
            "effectiveFrom": begins,
            "bookVersion": version,
        },
        details={
            "account_count": len(wanted),
            "account_ids": wanted[:500],
            "splits": [{"book_id": each.book_id, "split": format(each.split, "f")} for each in splits],
            "effective_from": begins,
        },
        version=version,
    )
    return Assigned(tuple(wanted), version, before, unchanged)


def _before(
    known: Sequence[Row[Any]], wanted: Sequence[UUID], splits: Sequence[Split], day: date
) -> tuple[tuple[Before, ...], int]:
    """What the accounts were until now, the commonest first, and how many have the new splits already."""
    held: dict[UUID, list[Split]] = {account_id: [] for account_id in wanted}
    for row in known:
        if row.effective_from <= day and ends_after(row, day):
            held[row.account_id].append(Split(row.book_id, row.split.normalize()))
    counts = Counter(tuple(sorted(each, key=_by_size)) for each in held.values())
    new = tuple(sorted((Split(each.book_id, each.split.normalize()) for each in splits), key=_by_size))
    return tuple(Before(each, count) for each, count in counts.most_common()), counts[new]


def _by_size(split: Split) -> tuple[Decimal, UUID]:
    return -split.split, split.book_id


async def _check_splits(uow: UnitOfWork, splits: Sequence[Split]) -> None:
    if not 1 <= len(splits) <= SPLITS_MAX:
        said = texts.TOO_MANY(count=len(splits), what="splits", limit=SPLITS_MAX)
        raise ValidationFailed(said, path=("input", "splits"))
    found = await _books_named(uow, [each.book_id for each in splits], path="splits")
    seen: set[UUID] = set()
    for each in splits:
        if each.book_id in seen:
            raise ValidationFailed(texts.BOOK_TWICE(code=found[each.book_id].code), path=("input", "splits"))
        seen.add(each.book_id)
        is_share = each.split.is_finite() and 0 < each.split <= 1
        if not is_share or each.split != round(each.split, SPLIT_PLACES):
            code, split = found[each.book_id].code, format(each.split, "f")[:40]
            said = texts.SPLIT_RANGE(code=code, split=split, places=SPLIT_PLACES)
            raise ValidationFailed(said, path=("input", "splits"))
    total = sum((each.split for each in splits), Decimal(0))
    if total != 1:
        raise ValidationFailed(texts.SPLIT_SUM(total=format(total, "f")[:40]), path=("input", "splits"))


async def _books_named(uow: UnitOfWork, keys: Sequence[UUID], *, path: str) -> dict[UUID, Row[Any]]:
    rows = await uow.rows(
        select(books.c.id, books.c.kind, books.c.code, books.c.name).where(
            books.c.tenant_id == uow.tenant_id, books.c.id.in_(keys)
        )
    )
    found = {row.id: row for row in rows}
    for key in keys:
        if key not in found:
            raise NotFound(texts.NOT_THERE(kind="book", id=str(key)), path=("input", path))
    return found


async def _accounts_for_update(uow: UnitOfWork, keys: Sequence[UUID]) -> None:
    rows = await uow.rows(
        select(accounts.c.id)
        .where(accounts.c.tenant_id == uow.tenant_id, accounts.c.id.in_(keys))
        .order_by(accounts.c.id)
        .with_for_update(key_share=True)
    )
    found = {row.id for row in rows}
    for key in keys:
        if key not in found:
            raise NotFound(texts.NOT_THERE(kind="account", id=str(key)), path=("input", "accountIds"))
        if uow.binding.scope == "limited" and not await may_write(uow, key):
            raise PermissionDenied(texts.READ_ONLY(kind="account"))
