"""Figures are published: what was said of a scope for a day is kept, and said anew when somebody asks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from wealthnexus.domain import audit, work
from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.performance import texts
from wealthnexus.domain.performance.models import publications, published_returns
from wealthnexus.domain.performance.reading import ScopeBook, scope_book
from wealthnexus.domain.performance.repository.published import latest_on
from wealthnexus.domain.performance.repository.scopes import Scope, ScopeKind
from wealthnexus.domain.performance.restated import CATEGORY, DIFFERS, finding_key
from wealthnexus.domain.performance.rules.figures import ENGINE_VERSION, explained
from wealthnexus.domain.performance.rules.periods import Period, PeriodKind
from wealthnexus.domain.performance.rules.policy import FeeBasis
from wealthnexus.domain.performance.service.benchmarks import check_writer
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict, LimitExceeded, NotFound, ValidationFailed
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.money import round_money
from wealthnexus.kit.threads import beside_the_loop

PERIODS: Final = (
    PeriodKind.MONTH_TO_DATE,
    PeriodKind.QUARTER_TO_DATE,
    PeriodKind.YEAR_TO_DATE,
    PeriodKind.ONE_YEAR,
    PeriodKind.THREE_YEARS,
    PeriodKind.FIVE_YEARS,
    PeriodKind.TEN_YEARS,
    PeriodKind.SINCE_INCEPTION,
)
SETTLES_IN: Final = timedelta(days=5)
"""A month is published this long after its end, when late entries and prices of its last days are in."""
SUBJECTS: Final = (ScopeKind.HOUSEHOLD, ScopeKind.ACCOUNT)


@dataclass(frozen=True, slots=True)
class Publish:
    """``expected_number``: of what was published last for the day and was looked at; 0 for nothing."""

    scope: Scope
    as_of: date
    reason: str
    expected_number: int


def last_month_end(day: date) -> date:
    """The end of the last month that is over and settled on a day."""
    return (day - SETTLES_IN).replace(day=1) - timedelta(days=1)


async def publish(uow: UnitOfWork, view: BookView, command: Publish) -> UUID:
    """Say the figures of a scope at the view (whose day is the command's); the publication's id.

    NotFound: the scope. ValidationFailed: nothing to say, no reason, a party, group or the firm. Conflict:
    said since by somebody else. PermissionDenied to who sees a part of the firm.
    """
    check_writer(uow, command.reason)
    subject = command.scope.id
    if command.scope.kind not in SUBJECTS or subject is None:
        raise ValidationFailed(texts.PUBLISHED_SCOPES(), path=("input", "scope"))
    book = await scope_book(uow, view, command.scope)
    if book is None:
        raise NotFound(texts.NO_SCOPE(), path=("input", "scope"))
    if book.inception is None:
        raise ValidationFailed(texts.NOTHING_TO_PUBLISH(day=view.as_of), path=("input", "asOf"))
    rows = await beside_the_loop(partial(said_of, book))
    return await _kept(uow, book, subject, rows, command)


@dataclass(frozen=True, slots=True)
class PublishedMonth:
    """``left_out``: scopes that are too large to be computed at once."""

    published: int
    left_out: int


async def publish_month(
    uow: UnitOfWork, view: BookView, scopes: Sequence[Scope], reason: str
) -> PublishedMonth:
    """Say the figures of those scopes of which nothing was said for the view's day. Of one that is too large,
    or that somebody publishes meanwhile, the others are said all the same."""
    keys = [scope.id for scope in scopes if scope.id is not None]
    there = await latest_on(uow, view.as_of, keys)
    published = left_out = 0
    for scope in scopes:
        if scope.id is None or scope.id in there:
            continue
        try:
            book = await scope_book(uow, view, scope)
            if book is None or book.inception is None:
                continue
            rows = await beside_the_loop(partial(said_of, book))
            await _kept(uow, book, scope.id, rows, Publish(scope, view.as_of, reason, 0))
        except LimitExceeded:
            left_out += 1
        except Conflict:
            continue
        else:
            published += 1
    return PublishedMonth(published, left_out)


def said_of(book: ScopeBook) -> list[dict[str, Any]]:
    """The figures of every period that there is, net and gross, as the table keeps them."""
    found = []
    for kind in PERIODS:
        period = book.period(kind)
        if period is None:
            continue
        found += [_row(book, kind, period, basis) for basis in FeeBasis]
    return found


def _row(book: ScopeBook, kind: PeriodKind, period: Period, basis: FeeBasis) -> dict[str, Any]:
    shown = book.figures(period, basis)

    def money(amount: Any) -> Any:
        return None if amount is None else round_money(amount, book.currency)

    tree = json.dumps(explained(shown.time_weighted, book.conventions), sort_keys=True)
    reason = shown.time_weighted.reason
    return {
        "period": kind.value,
        "basis": basis.value,
        "period_begin": period.begin,
        "time_weighted": shown.time_weighted.published,
        "time_weighted_reason": None if reason is None else reason.value,
        "annualised": shown.annualised.published,
        "money_weighted": shown.money_weighted.published,
        "opening_value": money(shown.opening),
        "closing_value": money(shown.closing),
        "net_flows": money(shown.net_flows),
        "fees": money(shown.fees),
        "gain": money(shown.gain),
        "input_digest": hashlib.sha256(tree.encode()).hexdigest(),
    }


async def _kept(
    uow: UnitOfWork, book: ScopeBook, subject: UUID, rows: Sequence[dict[str, Any]], command: Publish
) -> UUID:
    p = publications.c
    latest = await uow.scalar(
        select(func.coalesce(func.max(p.number), 0)).where(
            p.tenant_id == uow.tenant_id, p.subject_id == subject, p.as_of == book.view.as_of
        )
    )
    key, number, policy = new_id(), command.expected_number + 1, book.conventions
    made = latest == command.expected_number and await uow.rows(
        upsert(publications)
        .values(
            tenant_id=uow.tenant_id,
            id=key,
            subject_id=subject,
            subject_kind=book.members.scope.kind.value,
            account_count=len(book.members.names),
            as_of=book.view.as_of,
            number=number,
            currency=book.currency,
            reason=command.reason.strip(),
            policy_version=policy.version,
            policy_digest=policy.digest(),
            engine_version=ENGINE_VERSION,
            book_version=book.view.book_version,
            author_id=uow.actor.id,
            author_name=uow.actor.name,
            published_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["tenant_id", "subject_id", "as_of", "number"])
        .returning(p.id)
    )
    if not made:  # somebody else was first
        raise Conflict(
            texts.PUBLISHED_SINCE(day=book.view.as_of, number=max(int(latest), number)),
            path=("input", "expectedNumber"),
        )
    await uow.execute(
        insert(published_returns),
        [{"tenant_id": uow.tenant_id, "publication_id": key, "subject_id": subject, **row} for row in rows],
    )
    if number > 1:  # of what is said for the first time nothing was found
        said = finding_key(subject, book.view.as_of)
        await work.close_findings(
            uow,
            codes=(DIFFERS,),
            category=CATEGORY,
            is_gone=lambda _code, key: key == said,
            reason=texts.PUBLISHED_ANEW(number=number),
        )
    await audit.append(
        uow,
        "performance.published",
        summary=texts.PUBLISHED(name=book.members.name, day=book.view.as_of, number=number),
        subject=audit.SubjectRef(subject, book.members.scope.kind.value.lower(), book.members.name),
        details={
            "asOf": book.view.as_of.isoformat(),
            "number": number,
            "reason": command.reason.strip(),
            "bookVersion": book.view.book_version,
        },
    )
    return key
