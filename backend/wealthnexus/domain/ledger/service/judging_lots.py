"""The look at all tax lots of a firm: what is doubtful becomes findings, what no longer holds is closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import func, select

from wealthnexus.domain import work
from wealthnexus.domain.clients.models import accounts
from wealthnexus.domain.ledger import texts
from wealthnexus.domain.ledger.lot_books import LotBooks, load_apart
from wealthnexus.domain.ledger.lot_books.findings import sentence_with_place
from wealthnexus.domain.ledger.lot_books.invariants import units_held, unlike_units
from wealthnexus.domain.ledger.lots import Finding, Reason
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.domain.work.models import findings
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import LimitExceeded

CATEGORY: Final = "tax_lots"
CHUNK: Final = 50
FINDINGS_PER_CODE_MAX: Final = 500
WORK_KIND: Final = "ledger.tax_lots"
_ITEM_KEY: Final = "tax-lots"
_INFO: Final = frozenset({Reason.IDENTIFICATION_NOT_ADEQUATE, Reason.AVERAGE_NOT_ELIGIBLE})
"""The lots left all the same, by another order: nothing is missing."""
CODES: Final = tuple(reason.value for reason in Reason)
work.register_item_kind(WORK_KIND, texts.LOTS_GROUP, is_closed_by_hand=False)


@dataclass(frozen=True, slots=True)
class JudgedLots:
    """How many accounts were looked at, what was found (with what was open before), what was mended.

    ``left_out``: accounts of books that are too large to be played at once.
    """

    account_count: int
    finding_count: int
    closed_count: int
    left_out: int


async def judge_lots(uow: UnitOfWork, view: BookView, only: UUID | None = None) -> JudgedLots:
    """Play the lots of every account, or of one and what belongs to it. Each thing that is doubtful is one
    finding as long as it is so, at most 500 of a kind; what somebody dismissed stays dismissed. One work item
    says how many are open.
    """
    of_firm = select(accounts.c.id).where(accounts.c.tenant_id == uow.tenant_id).order_by(accounts.c.id)
    waiting = [only] if only is not None else [row.id for row in await uow.rows(of_firm)]
    looked_at: set[str] = set()
    found: dict[str, dict[str, work.Found]] = {}
    counts: dict[str, int] = {}
    left_out = 0
    while waiting:
        chunk, waiting = waiting[:CHUNK], waiting[CHUNK:]
        chunk = [key for key in chunk if str(key) not in looked_at]
        if not chunk:
            continue
        loaded = await load_apart(uow, view, chunk)
        left_out += sum(isinstance(books, LimitExceeded) for books in loaded.values())
        for books in {id(one): one for one in loaded.values() if isinstance(one, LotBooks)}.values():
            units = await units_held(uow, view, books)
            for one in _doubtful(books, units, looked_at):
                counts[one.reason.value] = counts.get(one.reason.value, 0) + 1
                its = found.setdefault(one.reason.value, {})
                if len(its) < FINDINGS_PER_CODE_MAX:
                    its.setdefault(_key(one), _posted(books, one))
    return await _kept(uow, view, found, counts, looked_at=looked_at, left_out=left_out)


def _doubtful(
    books: LotBooks, units: Mapping[tuple[str, str], Decimal], looked_at: set[str]
) -> list[Finding]:
    """Of the books that were not looked at with an earlier account; also lots that are not what is held."""
    fresh = [book for book in books.books if book.accounts[0] not in looked_at]
    doubtful = [one for book in fresh for one in book.played.findings()]
    for book in fresh:
        doubtful += unlike_units(book, units, books.view.as_of)
    looked_at.update(account for book in fresh for account in book.accounts)
    return doubtful


def _severity(reason: Reason) -> Literal["INFO", "WARNING", "BREACH"]:
    """Lots that are not what is held are a fault of ours, not of the data."""
    if reason is Reason.LOTS_UNLIKE_UNITS:
        return "BREACH"
    return "INFO" if reason in _INFO else "WARNING"


def _key(one: Finding) -> str:
    return f"{one.account}:{one.security}:{one.entry}"


def _posted(books: LotBooks, one: Finding) -> work.Found:
    return work.Found(
        dedupe_key=_key(one),
        severity=_severity(one.reason),
        message=sentence_with_place(books, one),
        subject_id=UUID(one.account),
        params={"day": one.day.isoformat(), "security": one.security, "entry": one.entry},
    )


async def _kept(
    uow: UnitOfWork,
    view: BookView,
    found: dict[str, dict[str, work.Found]],
    counts: dict[str, int],
    *,
    looked_at: set[str],
    left_out: int,
) -> JudgedLots:
    dismissed = await _dismissed(uow)
    for code, its in found.items():
        wanted = [one for key, one in its.items() if (code, key) not in dismissed]
        await work.keep_findings(uow, code=code, category=CATEGORY, found=wanted)

    def is_gone(code: str, key: str) -> bool:
        # Beyond the most that are posted nothing is known to be mended.
        is_whole = counts.get(code, 0) <= FINDINGS_PER_CODE_MAX
        return key.partition(":")[0] in looked_at and is_whole and key not in found.get(code, {})

    closed = await work.close_findings(
        uow, codes=CODES, category=CATEGORY, is_gone=is_gone, reason=texts.LOTS_NO_LONGER(day=view.as_of)
    )
    await _keep_item(uow, await _open_count(uow))
    return JudgedLots(len(looked_at), sum(counts.values()), closed, left_out)


async def _open_count(uow: UnitOfWork) -> int:
    """Of what is missing from lots; an order that was not followed is told, but is no work."""
    f = findings.c
    return int(
        await uow.scalar(
            select(func.count()).where(
                f.tenant_id == uow.tenant_id,
                f.category == CATEGORY,
                f.state == "OPEN",
                f.severity != "INFO",
            )
        )
    )


async def _dismissed(uow: UnitOfWork) -> set[tuple[str, Any]]:
    f = findings.c
    rows = await uow.rows(
        select(f.code, f.dedupe_key).where(
            f.tenant_id == uow.tenant_id, f.category == CATEGORY, f.state == "DISMISSED"
        )
    )
    return {(row.code, row.dedupe_key) for row in rows}


async def _keep_item(uow: UnitOfWork, count: int) -> None:
    """One work item for what is missing from lots; it ends with the last of it."""
    if not count:
        await work.close_item_for(uow, WORK_KIND, _ITEM_KEY)
        return
    title = texts.LOTS_TITLE(count=count)
    if await work.change_item_for(uow, WORK_KIND, _ITEM_KEY, title=title, severity="WARNING"):
        return
    await work.post_item(
        uow,
        kind=WORK_KIND,
        title=title,
        severity="WARNING",
        owner_role="OPERATIONS",
        action_label=texts.LOTS_ACTION(),
        action_path="/findings?category=tax_lots",
        dedupe_key=_ITEM_KEY,
    )
