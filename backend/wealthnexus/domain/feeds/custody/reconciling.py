"""Comparing accounts with their custodians: breaks, findings, work and ``reconciled_through`` follow."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol
from uuid import UUID

from sqlalchemy import Row, select

from wealthnexus.domain import work
from wealthnexus.domain.clients.models import accounts
from wealthnexus.domain.feeds.custody import records, texts
from wealthnexus.domain.feeds.custody.evidence import both_sides
from wealthnexus.domain.feeds.custody.repository import unit_worths
from wealthnexus.domain.feeds.custody.rules import POLICY, Policy, compare, severity_of
from wealthnexus.domain.feeds.custody.runs import Days, Known, plan_day
from wealthnexus.domain.feeds.models import reconciliation_breaks as breaks
from wealthnexus.domain.ledger.service.evidence import compare_since
from wealthnexus.domain.ledger.view import BookView, FirmBooks, current_book_version
from wealthnexus.domain.markets.models import securities
from wealthnexus.domain.work import repository as work_repository
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import Binding, Database, UnitOfWork
from wealthnexus.kit.events import Occurred, emit_many, register

RECONCILE_JOB: Final = "feeds.reconcile"
CATEGORY: Final = "reconciliation"
CODE: Final = "CUSTODIAN_BREAK"
WORK_KIND: Final = "feeds.reconciliation"
ACCOUNTS_PER_UNIT: Final = 500
FINDINGS_PER_CALL_MAX: Final = 1_000
"""Breaks beyond it get their findings when their accounts are compared next."""
work.register_item_kind(WORK_KIND, texts.GROUP, is_closed_by_hand=False)

register(
    "feeds.account.reconciled",
    description="Comparing with the custodian moved the day through which an account agrees.",
    fields={"accountId": "id", "reconciledThrough": "date?"},
)

Progress = Callable[[str, int, int | None], Awaitable[None]]


class FirmFacts(FirmBooks, Protocol):
    """What comparing needs to know of the firm."""

    @property
    def id(self) -> UUID: ...


class HasDatabase(Protocol):
    """A process's platform, or anything else with a database."""

    @property
    def db(self) -> Database: ...


@dataclass(frozen=True, slots=True)
class Reconciled:
    """How many accounts had evidence on the day, the figures compared, and what became of breaks."""

    account_count: int = 0
    figure_count: int = 0
    opened_count: int = 0
    cleared_count: int = 0

    def __add__(self, other: Reconciled) -> Reconciled:
        return Reconciled(
            self.account_count + other.account_count,
            self.figure_count + other.figure_count,
            self.opened_count + other.opened_count,
            self.cleared_count + other.cleared_count,
        )


async def reconcile(
    uow: UnitOfWork,
    firm: FirmBooks,
    account_ids: Sequence[UUID],
    day: date,
    policy: Policy = POLICY,
) -> Reconciled:
    """Compare the accounts with the latest evidence of the day, by the books as they now are.

    The same evidence and books again write nothing. Days are to be compared oldest first: a break goes on
    from the compared day before. Accounts without evidence on the day are left as they are.
    """
    await records.lock(uow)
    now = clock.now()
    version = await current_book_version(uow)
    view = BookView(day, version, firm.currency, is_stored=False, computed_at=now)
    sides = await both_sides(uow, view, account_ids)
    if not sides:
        return Reconciled()
    keys = sorted(sides)
    around = await records.days_around(uow, keys, day)
    known = await records.breaks_of(uow, keys, day)
    compared: dict[UUID, tuple[UUID, int]] = {}
    rows: list[dict[str, Any]] = []
    changed: list[Known] = []
    moved: set[UUID] = set()
    figures = cleared = 0
    for key in keys:
        both = sides[key]
        outcome = compare(both.ours, both.theirs, policy)
        compared[key] = (both.batch_id, outcome.count)
        figures += outcome.count
        mine = known.get(key, [])
        plan = plan_day(around.get(key, Days(day)), mine, outcome.breaks)
        rows += [records.new_row(uow, key, day, one, owner_id=owner, now=now) for one, owner in plan.begun]
        was = {each.id: each.state for each in mine}
        changed += plan.changed
        if plan.begun or plan.changed:
            moved.add(key)
        for each in plan.changed:
            cleared += each.state == "CLEARED" != was[each.id]
    await records.update_known(uow, changed)
    await records.write_compared(uow, day, version, now, compared)
    await work.register_subjects(
        uow, [(row["id"], "reconciliation_break", f"{row['kind']} {row['currency']}") for row in rows]
    )
    await records.insert_breaks(uow, rows)
    await settle(uow, firm, keys, day, policy, moved=moved)
    return Reconciled(len(keys), figures, len(rows), cleared)


async def settle(
    uow: UnitOfWork,
    firm: FirmBooks,
    account_ids: Sequence[UUID],
    day: date,
    policy: Policy = POLICY,
    *,
    moved: Collection[UUID] | None = None,
) -> None:
    """After breaks changed: states of days, ``reconciled_through``, findings, and one item per account.

    ``moved``: the accounts whose breaks changed, of which the desk is told; None: all of them.
    """
    agreed = await records.settle(uow, account_ids)
    await emit_many(
        uow,
        "feeds.account.reconciled",
        [
            Occurred({"accountId": account_id, "reconciledThrough": through}, account_id)
            for account_id, through in agreed.items()
        ],
    )
    standing = await uow.rows(
        select(
            breaks,
            accounts.c.name.label("account"),
            securities.c.name.label("security"),
        )
        .join_from(breaks, accounts, (accounts.c.tenant_id == breaks.c.tenant_id)
                   & (accounts.c.id == breaks.c.account_id))
        .outerjoin(securities, (securities.c.tenant_id == breaks.c.tenant_id)
                   & (securities.c.id == breaks.c.security_id))
        .where(breaks.c.tenant_id == uow.tenant_id, breaks.c.account_id.in_(account_ids))
        .where((breaks.c.state == "OPEN") | breaks.c.finding_id.is_not(None))
        .order_by(breaks.c.opened_on, breaks.c.id)
    )  # fmt: skip
    await _tell(uow, firm, [row for row in standing if row.state == "OPEN"], policy)
    await _close(uow, [row for row in standing if row.state != "OPEN"], day)
    standing_open = [row for row in standing if row.state == "OPEN"]
    await _post_items(uow, account_ids, standing_open, account_ids if moved is None else moved)


async def _tell(uow: UnitOfWork, firm: FirmBooks, rows: Sequence[Row[Any]], policy: Policy) -> None:
    """A finding per open break; one that was told already follows its figures and its age."""
    if not rows:
        return
    kept = await work_repository.findings_by_ids(uow, [row.finding_id for row in rows if row.finding_id])
    prices = await unit_worths(uow, rows)
    found: list[work.Found] = []
    fresh = 0
    for row in rows:
        known = kept.get(row.finding_id)
        if known is not None and known.state != "OPEN":
            continue  # A person closed it: the break itself stays to be decided.
        fresh += known is None
        if known is None and fresh > FINDINGS_PER_CALL_MAX:
            continue
        age = (firm.business_date() - row.opened_on).days
        found.append(
            work.Found(
                dedupe_key=str(row.id),
                severity=severity_of(worth_of(row, prices), age, policy),
                message=sentence(row, row.account, row.security),
                subject_id=row.account_id,
                params={"breakId": str(row.id), "kind": row.kind, "day": row.day.isoformat()},
                evidence=(
                    work.Evidence("ours", texts.shown(row.ours)),
                    work.Evidence("theirs", texts.shown(row.theirs)),
                ),
                fix=work.Fix(texts.FIX(), f"/reconciliation?break={row.id}"),
            )
        )
    told = await work.keep_findings(uow, code=CODE, category=CATEGORY, found=found)
    await records.name_findings(uow, {row.id: told[str(row.id)] for row in rows
                                      if row.finding_id is None and str(row.id) in told})  # fmt: skip


def worth_of(row: Row[Any], prices: Mapping[UUID, Any]) -> Any:
    """What the difference is worth in its currency; None when its units have no price."""
    if row.kind in ("CASH", "MARKET_VALUE") or (row.kind == "LOTS" and row.tolerance > 0):
        return abs(row.difference)
    price = prices.get(row.id)
    return None if price is None else abs(row.difference) * price


def sentence(row: Row[Any], account: str, security: str | None) -> str:
    """What differs, as a person reads it."""
    ours, theirs = texts.shown(row.ours), texts.shown(row.theirs)
    difference, day, subject = texts.signed(row.difference), row.day, security or row.currency
    match row.kind:
        case "QUANTITY":
            return texts.QUANTITY(
                account=account, subject=subject, day=day, ours=ours, theirs=theirs, difference=difference
            )
        case "CASH":
            return texts.CASH(
                account=account, currency=row.currency, day=day, ours=ours, theirs=theirs,
                difference=difference,
            )  # fmt: skip
        case "MARKET_VALUE":
            return texts.MARKET_VALUE(
                account=account, subject=subject, currency=row.currency, day=day, ours=ours, theirs=theirs,
                difference=difference,
            )  # fmt: skip
    return texts.LOTS(
        account=account, subject=subject, day=day, ours=ours, theirs=theirs, difference=difference
    )


async def _close(uow: UnitOfWork, rows: Sequence[Row[Any]], day: date) -> None:
    """What was found is gone or decided; a break that opens again gets a finding of its own."""
    if not rows:
        return
    await work.close_found(
        uow,
        {
            row.finding_id: texts.GONE(day=day)
            if row.state == "CLEARED"
            else texts.DECIDED(code=row.reason_code or "", reason=row.reason or "")
            for row in rows
        },
    )
    await records.name_findings(uow, {row.id: None for row in rows})


async def _post_items(
    uow: UnitOfWork, account_ids: Sequence[UUID], rows: Sequence[Row[Any]], moved: Collection[UUID]
) -> None:
    """One item for each account that differs; its title follows the count."""
    by_account: dict[UUID, list[Row[Any]]] = {}
    for row in rows:
        by_account.setdefault(row.account_id, []).append(row)
    await work.close_items(uow, WORK_KIND, [str(key) for key in account_ids if key not in by_account])
    await work.keep_items(
        uow,
        kind=WORK_KIND,
        severity="WARNING",
        owner_role="OPERATIONS",
        action_label=texts.ACTION(),
        wanted=[
            work.Wanted(
                dedupe_key=str(key),
                title=texts.ITEM_TITLE(account=mine[0].account[:200], count=len(mine)),
                action_path=f"/reconciliation?account={key}",
                subject_id=key,
                has_news=key in moved,
            )
            for key, mine in by_account.items()
        ],
    )


async def reconcile_due(
    platform: HasDatabase, firm: FirmFacts, version: int | None = None, *, progress: Progress | None = None
) -> Reconciled:
    """Compare what a book version can have changed (None: all evidence), oldest day first.

    A unit of work per day and 500 accounts: stopped half-way, it is simply asked for again.
    """
    async with platform.db.reading(Binding(firm.id)) as reader:
        days = await records.due(reader, version)
    total, done = sum(len(ids) for _, ids in days), 0
    result = Reconciled()
    for day, account_ids in days:
        for start in range(0, len(account_ids), ACCOUNTS_PER_UNIT):
            part = account_ids[start : start + ACCOUNTS_PER_UNIT]
            async with platform.db.unit_of_work(Binding(firm.id)) as uow:
                result += await reconcile(uow, firm, part, day)
            done += len(part)
            if progress is not None:
                await progress("comparing", done, total)
    return result


async def ask(uow: UnitOfWork, version: int) -> None:
    """Have what a book version changed compared after the commit; nothing where no custodian speaks."""
    if await records.has_evidence(uow):
        await compare_since(uow, version)
