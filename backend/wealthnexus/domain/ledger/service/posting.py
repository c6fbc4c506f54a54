"""Posting and correcting transactions: the change, its book version, valuations, audit row and event."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain import audit
from wealthnexus.domain.ledger import texts
from wealthnexus.domain.ledger.content import content_of
from wealthnexus.domain.ledger.facts import AccountFacts, SecurityFacts
from wealthnexus.domain.ledger.repository import writes
from wealthnexus.domain.ledger.rules import MANUAL_SOURCE
from wealthnexus.domain.ledger.service import checks
from wealthnexus.domain.ledger.service.commands import (
    Corrected,
    Posted,
    TransactionCommand,
    TransactionPreview,
)
from wealthnexus.domain.ledger.service.evidence import compare_anew
from wealthnexus.domain.ledger.service.lot_upkeep import look_at_both
from wealthnexus.domain.ledger.service.named import (
    action_key,
    has_its_dividend,
    has_rate,
    refuse_one_end,
    refuse_unless_there,
)
from wealthnexus.domain.ledger.service.revaluation import revalue_changed
from wealthnexus.domain.ledger.service.versions import (
    BookHead,
    attempt,
    lock_book,
    next_book_version,
)
from wealthnexus.domain.ledger.view import FirmBooks
from wealthnexus.kit import clock
from wealthnexus.kit.db.access import may_write
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict, NotFound, PermissionDenied, ValidationFailed
from wealthnexus.kit.events import emit, register
from wealthnexus.kit.ids import new_id

REASON_CHARACTERS_MAX: Final = 500

register(
    "ledger.transaction.posted",
    description="A transaction was entered by hand.",
    fields={"transactionId": "id", "accountId": "id", "bookVersion": "integer"},
)
register(
    "ledger.transaction.corrected",
    description="A transaction was reversed, and replaced where a replacement is named.",
    fields={
        "transactionId": "id",
        "accountId": "id",
        "reversalId": "id",
        "replacementId": "id?",
        "bookVersion": "integer",
    },
)


class DryRun(Exception):
    """Carries the result out of the savepoint that takes the changes back."""

    def __init__(self, result: Any) -> None:
        super().__init__()
        self.result = result


async def post_transaction(
    uow: UnitOfWork, firm: FirmBooks, command: TransactionCommand, *, dry_run: bool = False
) -> Posted:
    """Enter one transaction by hand into the account's default sleeve.

    The same external id with the same content is the transaction that is there already. ``dry_run`` does
    all of it inside a savepoint and takes it back. ValidationFailed, NotFound, PermissionDenied; Conflict
    when the external id is there with other content, or was reversed.
    """
    try:
        async with attempt(uow):
            posted = await _post(uow, firm, command)
            if dry_run:
                raise DryRun(replace(posted, transaction_id=None))
            return posted
    except DryRun as end:
        result: Posted = end.result
        return result


async def correct_transaction(
    uow: UnitOfWork,
    firm: FirmBooks,
    transaction_id: UUID,
    replacement: TransactionCommand | None,
    reason: str,
    *,
    dry_run: bool = False,
) -> Corrected:
    """Reverse a transaction and enter what should have stood there (None: nothing).

    Two new rows linked to the old one; nothing is updated. NotFound, ValidationFailed, PermissionDenied;
    Conflict when it is reversed already or is itself a reversal.
    """
    try:
        async with attempt(uow):
            corrected = await _correct(uow, firm, transaction_id, replacement, reason)
            if dry_run:
                raise DryRun(replace(corrected, reversal_id=None, replacement_id=None))
            return corrected
    except DryRun as end:
        result: Corrected = end.result
        return result


# -- posting -------------------------------------------------------------------------------------------------


async def _post(uow: UnitOfWork, firm: FirmBooks, command: TransactionCommand) -> Posted:
    head = await lock_book(uow)  # first: the account is judged as its last writer left it, closed perhaps
    account, security = await facts_of(uow, command)
    checks.refuse_unless_valid(command, account, firm.business_date())
    await refuse_unless_there(uow, command)
    key = await action_key(uow, command.corporate_action_id, MANUAL_SOURCE)
    known = None
    if command.external_id is not None:
        known = await writes.latest_revision(uow, MANUAL_SOURCE, command.external_id)
    if known is not None:
        return await _known(uow, firm, command, account, security, known=known, head=head, key=key)
    units, preview = await _effect(uow, firm, command, account, security)
    version = await next_book_version(uow, "transaction")
    source_id = command.external_id or str(new_id())
    row = new_row(command, account, units, version, source_id=source_id, action_key=key)
    await insert_row(uow, firm, head, row, {account.id})
    await audit.append(
        uow,
        "ledger.transaction.posted",
        summary=texts.POSTED(
            type=command.type,
            day=command.trade_date,
            amount=texts.shown(command.amount),
            currency=account.currency,
        ),
        subject=audit.SubjectRef(account.id, "account", account.name),
        details=_details(row),
    )
    await emit(
        uow,
        "ledger.transaction.posted",
        subject_id=account.id,
        payload={"transactionId": row["id"], "accountId": account.id, "bookVersion": version},
        book_version=version,
    )
    await look_at_both(uow, {account.id})
    return Posted(row["id"], preview, version, is_new=True)


async def _known(
    uow: UnitOfWork,
    firm: FirmBooks,
    command: TransactionCommand,
    account: AccountFacts,
    security: SecurityFacts | None,
    *,
    known: Row[Any],
    head: BookHead,
    key: str | None,
) -> Posted:
    """The external id is in the ledger: the same transaction again, or a conflict."""
    external_id = command.external_id or ""
    if known.reversed_by_id is not None:
        raise Conflict(
            texts.WAS_REVERSED(external_id=external_id),
            current_version=known.revision,
            path=("input", "externalId"),
        )
    if known.content_hash != _hash(_content(command, account), key):
        raise Conflict(
            texts.OTHER_CONTENT(external_id=external_id),
            current_version=known.revision,
            path=("input", "externalId"),
        )
    cash, quantity = await writes.cash_and_units(uow, account.id, command.security_id, firm.business_date())
    preview = TransactionPreview(
        cash_before=cash - command.amount,
        cash_after=cash,
        currency=account.currency,
        quantity_before=None if security is None else quantity - known.units,
        quantity_after=None if security is None else quantity,
        security_id=command.security_id,
        warnings=(),
    )
    return Posted(known.id, preview, head.version, is_new=False)


async def facts_of(uow: UnitOfWork, command: TransactionCommand) -> tuple[AccountFacts, SecurityFacts | None]:
    account = await writes.account_facts(uow, command.account_id)
    if account is None:
        raise NotFound(texts.NO_ACCOUNT(id=str(command.account_id)), path=("input", "accountId"))
    if not await may_write(uow, account.id):
        raise PermissionDenied(texts.READ_ONLY())
    if command.security_id is None:
        return account, None
    security = await writes.security_facts(uow, command.security_id)
    if security is None:
        raise NotFound(texts.NO_SECURITY(id=str(command.security_id)), path=("input", "securityId"))
    return account, security


async def _effect(
    uow: UnitOfWork,
    firm: FirmBooks,
    command: TransactionCommand,
    account: AccountFacts,
    security: SecurityFacts | None,
) -> tuple[Decimal, TransactionPreview]:
    """The signed units, and the account before and after; the book is locked."""
    held = Decimal(0)
    if security is not None:
        _, held = await writes.cash_and_units(uow, account.id, security.id, command.trade_date)
    units = checks.units_of(command, held)
    if command.type == "REINVEST" and not await has_its_dividend(uow, command):
        raise checks.refused(command, [("amount", texts.NO_DIVIDEND(day=command.trade_date))])
    cash, quantity = await writes.cash_and_units(uow, account.id, command.security_id, firm.business_date())
    cash_after, quantity_after = cash + command.amount, None if security is None else quantity + units
    is_rated = security is None or await has_rate(uow, firm, command, account, security)
    preview = TransactionPreview(
        cash_before=cash,
        cash_after=cash_after,
        currency=account.currency,
        quantity_before=None if security is None else quantity,
        quantity_after=quantity_after,
        security_id=command.security_id,
        warnings=checks.warnings_for(
            command,
            account,
            security,
            cash_after=cash_after,
            quantity_after=quantity_after,
            is_rated=is_rated,
        ),
    )
    return units, preview


def _content(command: TransactionCommand, account: AccountFacts) -> dict[str, Any]:
    """What the command says, by the columns of the ledger."""
    return {
        "account_id": account.id,
        "type": command.type,
        "trade_date": command.trade_date,
        "settlement_date": checks.settled_on(command, account),
        "security_id": command.security_id,
        "quantity": command.quantity,
        "price": command.price,
        "amount": command.amount,
        "fees": command.fees,
        "currency": account.currency,
        "accrued_interest": command.accrued_interest,
        "lot_selection": command.lot_selection,
        "related_source_id": command.related_external_id,
        "description": command.description,
        "corporate_action_id": command.corporate_action_id,
        "order_reference": command.order_reference,
        "exchange_rate": command.exchange_rate,
        "billed_account_id": command.billed_account_id,
        "is_deep_in_the_money": command.is_deep_in_the_money,
    }


def _hash(content: dict[str, Any], action_key: str | None) -> str:
    return content_of({**content, "corporate_action_key": action_key})


def new_row(
    command: TransactionCommand,
    account: AccountFacts,
    units: Decimal,
    version: int,
    *,
    source_id: str,
    action_key: str | None,
) -> dict[str, Any]:
    content = _content(command, account)
    return {
        **content,
        "id": new_id(),
        "portfolio_id": command.portfolio_id or account.portfolio_id,
        "source": MANUAL_SOURCE,
        "source_id": source_id,
        "revision": 1,
        "entry_kind": "ORIGINAL",
        "units": units,
        "reverses_id": None,
        "replaces_id": None,
        "reason": None,
        "book_version": version,
        "recorded_at": clock.now(),
        "content_hash": _hash(content, action_key),
    }


async def insert_row(
    uow: UnitOfWork, firm: FirmBooks, head: BookHead, row: dict[str, Any], touched: set[UUID]
) -> None:
    """The row, what the account may see of securities, and the valuations of the accounts touched."""
    if not await writes.insert_transaction(uow, row):
        raise Conflict(texts.ID_TAKEN(external_id=row["source_id"]), path=("input", "externalId"))
    if row["security_id"] is not None:
        await writes.remember_security(uow, row["account_id"], row["security_id"])
    await revalue_changed(uow, firm, head, sorted(touched))
    await compare_anew(uow, row["account_id"], row["trade_date"], row["book_version"])


def _details(row: dict[str, Any]) -> dict[str, Any]:
    names = ("id", "type", "trade_date", "settlement_date", "security_id", "quantity", "amount", "currency")
    return {**{name: row[name] for name in names}, "book_version": row["book_version"]}


# -- correcting ----------------------------------------------------------------------------------------------


async def _correct(
    uow: UnitOfWork,
    firm: FirmBooks,
    transaction_id: UUID,
    replacement: TransactionCommand | None,
    reason: str,
) -> Corrected:
    reason = reason.strip()
    if not 1 <= len(reason) <= REASON_CHARACTERS_MAX:
        raise ValidationFailed(
            texts.NO_REASON(count=len(reason), limit=REASON_CHARACTERS_MAX), path=("input", "reason")
        )
    head = await lock_book(uow)
    old = standing_row(await writes.transaction_with_reversal(uow, transaction_id), transaction_id)
    account = await writes.account_facts(uow, old.account_id)
    if account is None:
        raise NotFound(texts.NO_TRANSACTION(id=str(transaction_id)), path=("input", "transactionId"))
    if not await may_write(uow, account.id):
        raise PermissionDenied(texts.READ_ONLY())
    await refuse_one_end(uow, old, ("input", "transactionId"))
    cash, quantity = await writes.cash_and_units(uow, account.id, old.security_id, firm.business_date())
    version = await next_book_version(uow, "correction")
    reversal = reversal_of(old, version, reason)
    if not await writes.insert_transaction(uow, reversal):
        raise Conflict(texts.REVERSED_ALREADY(id=str(old.id)), path=("input", "transactionId"))
    await compare_anew(uow, account.id, old.trade_date, version)
    if replacement is None:
        await revalue_changed(uow, firm, head, [account.id])
        preview = TransactionPreview(
            cash_before=cash,
            cash_after=cash - old.amount,
            currency=account.currency,
            quantity_before=None if old.security_id is None else quantity,
            quantity_after=None if old.security_id is None else quantity - old.units,
            security_id=old.security_id,
            warnings=(),
        )
        await _record_correction(uow, old, account, reversal, None)
        await look_at_both(uow, {account.id})
        return Corrected(reversal["id"], None, preview, version)
    new_account, security = await facts_of(uow, replacement)
    checks.refuse_unless_valid(replacement, new_account, firm.business_date())
    await refuse_unless_there(uow, replacement, old)
    key = await action_key(uow, replacement.corporate_action_id, old.source)
    if _hash(_content(replacement, new_account), key) == old.content_hash:
        raise ValidationFailed(texts.NOTHING_DIFFERS(), path=("input", "replacement"))
    # The reversal is in the ledger by now: what is held is held without the old transaction.
    units, preview = await _effect(uow, firm, replacement, new_account, security)
    row = new_row(replacement, new_account, units, version, source_id=old.source_id, action_key=key) | {
        "source": old.source,
        "revision": old.revision + 1,
        "entry_kind": "REPLACEMENT",
        "replaces_id": old.id,
        "reason": reason,
    }
    await insert_row(uow, firm, head, row, {account.id, new_account.id})
    await _record_correction(uow, old, account, reversal, row["id"])
    await look_at_both(uow, {account.id, new_account.id})
    if new_account.id == account.id:
        before = quantity if replacement.security_id == old.security_id else preview.quantity_before
        preview = replace(preview, cash_before=cash, quantity_before=before)
    return Corrected(reversal["id"], row["id"], preview, version)


async def try_correction(
    uow: UnitOfWork, transaction_id: UUID, replacement: TransactionCommand | None, version: int
) -> None:
    """The rows of a correction that was judged already, for a unit of work that is rolled back: no lock is
    taken, and ``version`` is none of the books."""
    old = standing_row(await writes.transaction_with_reversal(uow, transaction_id), transaction_id)
    await writes.insert_transaction(uow, reversal_of(old, version, ""))
    if replacement is None:
        return
    account, security = await facts_of(uow, replacement)
    held = Decimal(0)
    if security is not None:
        _, held = await writes.cash_and_units(uow, account.id, security.id, replacement.trade_date)
        await writes.remember_security(uow, account.id, security.id)
    units = checks.units_of(replacement, held)
    row = new_row(replacement, account, units, version, source_id=old.source_id, action_key=None)
    row |= {"source": old.source, "revision": old.revision + 1, "entry_kind": "REPLACEMENT"}
    await writes.insert_transaction(uow, row | {"replaces_id": old.id})


def standing_row(old: Row[Any] | None, transaction_id: UUID) -> Row[Any]:
    """The row, if it may be corrected: neither reversed nor a reversal."""
    if old is None:
        raise NotFound(texts.NO_TRANSACTION(id=str(transaction_id)), path=("input", "transactionId"))
    if old.entry_kind == "REVERSAL":
        raise Conflict(
            texts.IS_A_REVERSAL(id=str(transaction_id)),
            current_version=old.revision,
            path=("input", "transactionId"),
        )
    if old.reversed_by_id is not None:
        raise Conflict(
            texts.REVERSED_ALREADY(id=str(transaction_id)),
            current_version=old.revision,
            path=("input", "transactionId"),
        )
    return old


def reversal_of(old: Row[Any], version: int, reason: str) -> dict[str, Any]:
    """The row that takes ``old`` back, on the same dates, so that every day's sums are right again."""
    kept = (
        "account_id", "portfolio_id", "source", "source_id", "revision", "type", "trade_date",
        "settlement_date", "security_id", "quantity", "price", "currency", "lot_selection",
        "related_source_id", "description", "content_hash", "corporate_action_id", "order_reference",
        "exchange_rate", "billed_account_id", "is_deep_in_the_money",
    )  # fmt: skip
    return {
        **{name: getattr(old, name) for name in kept},
        "id": new_id(),
        "entry_kind": "REVERSAL",
        "units": -old.units,
        "amount": -old.amount,
        "fees": -old.fees,
        "accrued_interest": None if old.accrued_interest is None else -old.accrued_interest,
        "reverses_id": old.id,
        "replaces_id": None,
        "reason": reason,
        "book_version": version,
        "recorded_at": clock.now(),
    }


async def _record_correction(
    uow: UnitOfWork,
    old: Row[Any],
    account: AccountFacts,
    reversal: dict[str, Any],
    replacement_id: UUID | None,
) -> None:
    reversal_id, version, reason = reversal["id"], reversal["book_version"], reversal["reason"]
    said = texts.REVERSED if replacement_id is None else texts.CORRECTED
    await audit.append(
        uow,
        "ledger.transaction.corrected",
        summary=said(type=old.type, day=old.trade_date, reason=reason),
        subject=audit.SubjectRef(account.id, "account", account.name),
        details={
            "transaction_id": old.id,
            "reversal_id": reversal_id,
            "replacement_id": replacement_id,
            "reason": reason,
            "book_version": version,
        },
    )
    await emit(
        uow,
        "ledger.transaction.corrected",
        subject_id=account.id,
        payload={
            "transactionId": old.id,
            "accountId": account.id,
            "reversalId": reversal_id,
            "replacementId": replacement_id,
            "bookVersion": version,
        },
        book_version=version,
    )
