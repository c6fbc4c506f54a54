"""Posting a corporate action for every holding at once, and taking that back."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from wealthnexus.domain import audit
from wealthnexus.domain.actions import texts
from wealthnexus.domain.actions.preview import (
    PlannedEntry,
    Terms,
    accounts_of,
    as_engine,
    planned,
    rates_into,
    terms_told,
)
from wealthnexus.domain.actions.repository import (
    POSTED_HERE,
    ActionRow,
    ActionState,
    action_by_id,
    holdings_of,
)
from wealthnexus.domain.ledger.content import content_of
from wealthnexus.domain.ledger.models import transactions
from wealthnexus.domain.ledger.repository import writes
from wealthnexus.domain.ledger.rules import MANUAL_SOURCE
from wealthnexus.domain.ledger.service import lock_book, next_book_version
from wealthnexus.domain.ledger.service.evidence import compare_since
from wealthnexus.domain.ledger.service.lot_upkeep import look_at_both
from wealthnexus.domain.ledger.service.posting import reversal_of
from wealthnexus.domain.ledger.service.revaluation import revalue_changed
from wealthnexus.domain.ledger.service.versions import attempt
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.view import BookView, FirmBooks, book_view
from wealthnexus.domain.markets.models import corporate_actions
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict, NotFound, PermissionDenied, ValidationFailed
from wealthnexus.kit.events import EventType, emit, register
from wealthnexus.kit.ids import new_id

REASON_CHARACTERS_MAX: Final = 500
LISTED_MAX: Final = 200
ROWS_AT_ONCE: Final = 1_000
_TERMS: Final = ("basis_fraction", "is_taxable", "cash_in_lieu_price", "fractions")

ACTION_POSTED = register(
    "ledger.corporate_action.posted",
    description="A corporate action was posted for the holdings that lacked its entries.",
    fields={
        "corporateActionId": "id",
        "securityId": "id",
        "accounts": "integer",
        "entries": "integer",
        "bookVersion": "integer",
    },
)
ACTION_REVERSED = register(
    "ledger.corporate_action.reversed",
    description="The entries that were posted for a corporate action were reversed.",
    fields={
        "corporateActionId": "id",
        "securityId": "id",
        "accounts": "integer",
        "entries": "integer",
        "bookVersion": "integer",
    },
)


@dataclass(frozen=True, slots=True)
class ActionPosted:
    """``action_id``: as it is known now. ``without_rate``: accounts left out for want of a rate."""

    action_id: UUID
    account_count: int
    entry_count: int
    book_version: int
    without_rate: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class ActionReversed:
    action_id: UUID
    account_count: int
    entry_count: int
    book_version: int


class _DryRun(Exception):
    """Carries the result out of the savepoint that takes the changes back."""

    def __init__(self, result: Any) -> None:
        super().__init__()
        self.result = result


async def post_action(
    uow: UnitOfWork,
    firm: FirmBooks,
    action_id: UUID,
    terms: Terms,
    reason: str,
    *,
    dry_run: bool = False,
    by_rule: bool = False,
) -> ActionPosted:
    """Post the entries of every holding that lacks them: one book version, audit row and event.

    What the person tells of the action is told from this version on. NotFound, ValidationFailed (an action
    to come, words that do not fit it), PermissionDenied for a caller who sees a part of the firm only,
    Conflict when no holding lacks its entries. ``dry_run`` does all of it and takes it back. ``by_rule``: the
    daily look posts it, and asks for no look of its own.
    """
    try:
        async with attempt(uow):
            posted = await _post(uow, firm, action_id, terms, _checked(uow, reason))
            if not by_rule:
                await look_at_both(uow)
            if dry_run:
                raise _DryRun(posted)
            return posted
    except _DryRun as end:
        result: ActionPosted = end.result
        return result


async def reverse_action(
    uow: UnitOfWork, firm: FirmBooks, action_id: UUID, reason: str, *, dry_run: bool = False
) -> ActionReversed:
    """Reverse every entry that was posted here for the action and stands; Conflict when there is none."""
    try:
        async with attempt(uow):
            done = await _reverse(uow, firm, action_id, _checked(uow, reason))
            await look_at_both(uow)
            if dry_run:
                raise _DryRun(done)
            return done
    except _DryRun as end:
        result: ActionReversed = end.result
        return result


def _checked(uow: UnitOfWork, reason: str) -> str:
    if uow.binding.scope != "firm":
        raise PermissionDenied(texts.WHOLE_FIRM())
    reason = reason.strip()
    if not 1 <= len(reason) <= REASON_CHARACTERS_MAX:
        said = texts.NO_REASON(count=len(reason), limit=REASON_CHARACTERS_MAX)
        raise ValidationFailed(said, path=("input", "reason"))
    return reason


async def _action(uow: UnitOfWork, view: BookView, action_id: UUID) -> ActionRow:
    action = await action_by_id(uow, view, action_id)
    if action is None:
        raise NotFound(texts.NO_ACTION(id=str(action_id)), path=("input", "corporateActionId"))
    return action


async def _post(uow: UnitOfWork, firm: FirmBooks, action_id: UUID, given: Terms, reason: str) -> ActionPosted:
    head = await lock_book(uow)
    view = await book_view(uow, firm)
    action = await _action(uow, view, action_id)
    path = ("input", "corporateActionId")
    if action.state is ActionState.ANNOUNCED:
        said = texts.TO_COME(day=action.ex_date, today=firm.business_date())
        raise ValidationFailed(said, path=path)
    if action.state is ActionState.NOTHING_TO_POST:
        raise ValidationFailed(texts.NOTHING_TO_POST(type=action.type), path=path)
    terms = terms_told(action, given)
    holdings = [one for one in await holdings_of(uow, view, action.id) if one.is_missing]
    accounts = await accounts_of(uow, holdings)
    rates = await rates_into(uow, view, action, {row.currency for row in accounts.values()})
    entries, without = planned(as_engine(action, terms), terms, holdings, accounts, rates)
    if not entries:
        raise Conflict(texts.NOTHING_DUE(), path=path)
    version = await next_book_version(uow, "corporate action")
    action = await _told(uow, action, terms, version)
    rows = [_row(action, one, version) for one in entries]
    await _insert(uow, rows)
    await _seen(uow, action, {one.account_id for one in entries})
    await revalue_changed(uow, firm, head, sorted({one.account_id for one in entries}))
    await _record(uow, action, rows, reason, event=ACTION_POSTED)
    touched = {one.account_id for one in entries}
    return ActionPosted(action.id, len(touched), len(rows), version, tuple(without))


async def _told(uow: UnitOfWork, action: ActionRow, terms: Terms, version: int) -> ActionRow:
    """The action under this version when a person told more of it; as known before it says what it said."""
    told: dict[str, Any] = {
        "basis_fraction": terms.basis_fraction,
        "is_taxable": terms.is_taxable,
        "cash_in_lieu_price": terms.cash_per_unit,
        "fractions": None if terms.fractions is None else terms.fractions.value,
    }
    if action.fractions is None and told["fractions"] == "KEEP":
        told["fractions"] = None
    if all(getattr(action, name) == told[name] for name in _TERMS):
        return action
    c = corporate_actions.c
    mine = (c.tenant_id == uow.tenant_id, c.id == action.id)
    old = (await uow.rows(select(corporate_actions).where(*mine)))[0]
    await uow.execute(update(corporate_actions).where(*mine).values(superseded_version=version))
    new = {**old._mapping, **told, "id": new_id(), "book_version": version, "superseded_version": None}
    new |= {"batch_id": None, "source_line": None}  # the person's word, not the file's
    await uow.execute(insert(corporate_actions).values(**new))
    return replace(action, id=new["id"], **told)


def _row(action: ActionRow, entry: PlannedEntry, version: int) -> dict[str, Any]:
    content = {
        "account_id": entry.account_id,
        "type": entry.type,
        "trade_date": action.ex_date,
        "settlement_date": max(action.pay_date or action.ex_date, action.ex_date),
        "security_id": entry.security_id,
        "quantity": entry.quantity,
        "price": None,
        "amount": entry.amount,
        "fees": 0,
        "currency": entry.currency,
        "accrued_interest": None,
        "lot_selection": None,
        "related_source_id": None,
        "description": action.description,
        "order_reference": None,
        "exchange_rate": entry.exchange_rate,
        "billed_account_id": None,
        "is_deep_in_the_money": None,
    }
    id_ = new_id()
    key = action.external_id if action.source == MANUAL_SOURCE else f"[{action.source}]{action.external_id}"
    return {
        **content,
        "id": id_,
        "portfolio_id": entry.portfolio_id,
        "source": MANUAL_SOURCE,
        "source_id": str(id_),
        "revision": 1,
        "entry_kind": "ORIGINAL",
        "units": entry.quantity if entry.quantity is not None else 0,
        "corporate_action_id": action.id,
        "reverses_id": None,
        "replaces_id": None,
        "reason": None,
        "book_version": version,
        "recorded_at": clock.now(),
        "content_hash": content_of({**content, "corporate_action_key": key}),
    }


async def _insert(uow: UnitOfWork, rows: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(rows), ROWS_AT_ONCE):
        chunk = [{"tenant_id": uow.tenant_id, **row} for row in rows[start : start + ROWS_AT_ONCE]]
        await uow.execute(insert(transactions).values(chunk))


_SEEN: Final = """
insert into account_securities (tenant_id, account_id, security_id)
select :tenant, x, :security_id from unnest(:account_ids) x on conflict do nothing
"""


async def _seen(uow: UnitOfWork, action: ActionRow, accounts: set[UUID]) -> None:
    """Whoever may see the account may see what it received."""
    if action.other_security_id is not None:
        given = {"tenant": uow.tenant_id, "security_id": action.other_security_id}
        await uow.execute(prepared(_SEEN), {**given, "account_ids": sorted(accounts)})


# What somebody typed by itself and linked to the action is not taken back with it.
_STANDING: Final = f"""
select t.* from transactions t
where t.tenant_id = :tenant and {POSTED_HERE} and t.entry_kind <> 'REVERSAL'
  and t.corporate_action_id in (select c.id from corporate_actions c
    join corporate_actions o on o.tenant_id = :tenant and o.source = c.source
      and o.external_id = c.external_id
    where c.tenant_id = :tenant and o.id = :id)
  and not exists (select 1 from transactions r where r.tenant_id = :tenant and r.reverses_id = t.id)
order by t.account_id, t.id
"""


async def _reverse(uow: UnitOfWork, firm: FirmBooks, action_id: UUID, reason: str) -> ActionReversed:
    head = await lock_book(uow)
    action = await _action(uow, await book_view(uow, firm), action_id)
    standing: Sequence[Row[Any]] = await uow.rows(
        prepared(_STANDING), {"tenant": uow.tenant_id, "id": action.id}
    )
    if not standing:
        raise Conflict(texts.NOT_POSTED_HERE(), path=("input", "corporateActionId"))
    version = await next_book_version(uow, "corporate action")
    rows = [reversal_of(old, version, reason) for old in standing]
    await _insert(uow, rows)
    await revalue_changed(uow, firm, head, sorted({row["account_id"] for row in rows}))
    await _record(uow, action, rows, reason, event=ACTION_REVERSED)
    return ActionReversed(action.id, len({row["account_id"] for row in rows}), len(rows), version)


async def _record(
    uow: UnitOfWork, action: ActionRow, rows: Sequence[dict[str, Any]], reason: str, *, event: EventType
) -> None:
    """The comparison with the custodian, the audit row and the event."""
    accounts, version = {row["account_id"] for row in rows}, rows[0]["book_version"]
    await compare_since(uow, version)
    security = await writes.security_facts(uow, action.security_id)
    name = "" if security is None else security.name
    said = texts.REVERSED if event is ACTION_REVERSED else texts.POSTED
    await audit.append(
        uow,
        event.name,
        summary=said(
            type=action.type, name=name, day=action.ex_date, entries=len(rows), accounts=len(accounts)
        ),
        subject=audit.SubjectRef(action.security_id, "security", name),
        details={
            "corporate_action_id": action.id,
            "reason": reason,
            "book_version": version,
            "accounts": len(accounts),
            "entries": len(rows),
            "first_entries": [str(row["id"]) for row in rows[:LISTED_MAX]],
            "terms": {
                name: str(getattr(action, name)) for name in _TERMS if getattr(action, name) is not None
            },
        },
    )
    await emit(
        uow,
        event.name,
        subject_id=action.security_id,
        payload={
            "corporateActionId": action.id,
            "securityId": action.security_id,
            "accounts": len(accounts),
            "entries": len(rows),
            "bookVersion": version,
        },
        book_version=version,
    )
