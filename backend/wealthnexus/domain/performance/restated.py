"""What was published beside what the books say now, and which writings made the difference.

The figure is computed anew at the published book version, after each later version that wrote something it
stands on, and at the version of the reader: the steps sum to the difference, digit by digit, whatever moved
the figure, because each is the difference of two figures of 8 decimals (of the minor unit for amounts) and
the last ends at the reader's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import partial
from typing import Final
from uuid import UUID

from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.performance.reading import ScopeBook, scope_book
from wealthnexus.domain.performance.repository.published import (
    Publication,
    PublishedReturn,
    Written,
    gain_said,
    returns_of,
    written_since,
)
from wealthnexus.domain.performance.repository.scopes import Scope, ScopeKind
from wealthnexus.domain.performance.rules.figures import ENGINE_VERSION, Reason
from wealthnexus.domain.performance.rules.periods import PeriodKind
from wealthnexus.domain.performance.rules.policy import FeeBasis
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.money import round_money
from wealthnexus.kit.threads import beside_the_loop

CATEGORY: Final = "performance"
DIFFERS: Final = "PUBLISHED_DIFFERS"
"""The finding of published figures that the books no longer bear out, one of a subject and day."""
STEPS_MAX: Final = 8
"""Figures computed one by one; the writings between are taken together."""


@dataclass(frozen=True, slots=True)
class Said:
    """A return and the gain behind it, as one computation has them."""

    value: Decimal | None
    reason: str | None
    gain: Decimal | None


class Cause(Enum):
    """What moved a published figure: writings to the books; what the books keep without a past, told anew
    since; formulas of another version; something of which nothing was recorded."""

    WRITINGS = "WRITINGS"
    TERMS = "TERMS"
    FORMULAS = "FORMULAS"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Step:
    """What moved the figure from one value to the next, and the writings that did it where they are known."""

    cause: Cause
    writings: tuple[Written, ...]
    before: Said
    after: Said

    @property
    def difference(self) -> Decimal | None:
        """None where one of the two has no value."""
        if self.before.value is None or self.after.value is None:
            return None
        return self.after.value - self.before.value


@dataclass(frozen=True, slots=True)
class Compared:
    """One period and basis, as published and as known by the reader's book version."""

    published: PublishedReturn
    now: Said

    @property
    def difference(self) -> Decimal | None:
        """None where one of the two has no value."""
        if self.published.time_weighted is None or self.now.value is None:
            return None
        return self.now.value - self.published.time_weighted

    @property
    def differs(self) -> bool:
        """A value that came to be or went counts as well as another one."""
        return (self.published.time_weighted, self.published.reason, self.published.gain) != (
            self.now.value, self.now.reason, self.now.gain,
        )  # fmt: skip


def finding_key(subject_id: UUID, as_of: date) -> str:
    return f"{subject_id}:{as_of}"


def scope_of(publication: Publication) -> Scope:
    return Scope(ScopeKind(publication.subject_kind), publication.subject_id)


def view_at(view: BookView, as_of: date, version: int) -> BookView:
    """The books of a day as a version knew them."""
    return replace(view, as_of=as_of, book_version=version, is_stored=False, has_summaries=False)


async def compared(reader: Reader, view: BookView, publication: Publication) -> list[Compared] | None:
    """Every published period beside the view's books. None where the scope is no longer the reader's."""
    book = await _book(reader, view, publication, view.book_version)
    if book is None:
        return None
    said = (await returns_of(reader, [publication.id]))[publication.id]
    order = {each.value: at for at, each in enumerate(PeriodKind)}
    said.sort(key=lambda each: (order[each.period], each.basis != FeeBasis.NET.value))

    def work() -> list[Compared]:
        return [Compared(each, _said(book, PeriodKind(each.period), FeeBasis(each.basis))) for each in said]

    return await beside_the_loop(work)


async def writings(
    reader: Reader, view: BookView, publication: Publication, book: ScopeBook
) -> list[Written]:
    """The later versions that wrote something the figures stand on, in order; at most 2,000."""
    return await written_since(
        reader,
        publication,
        view.book_version,
        list(book.members.names),
        book.members.household_id,
    )


async def steps(
    reader: Reader,
    view: BookView,
    publication: Publication,
    period: PeriodKind,
    basis: FeeBasis,
) -> list[Step] | None:
    """From the published figure to the view's: what each writing made of it, at most eight steps.

    None where the scope is no longer the reader's, or the period was not published.
    """
    now = await _book(reader, view, publication, view.book_version)
    published = next(
        (
            each
            for each in (await returns_of(reader, [publication.id]))[publication.id]
            if each.period == period.value and each.basis == basis.value
        ),
        None,
    )
    if now is None or published is None:
        return None
    last = Said(published.time_weighted, published.reason, published.gain)
    found: list[Step] = []
    wrote = await writings(reader, view, publication, now)
    for cause, group, version in _grouped(wrote, publication, view):
        book = now if version == view.book_version else None
        book = book or await _book(reader, view, publication, version)
        after = Said(None, Reason.NO_DATA.value, None)
        if book is not None:
            after = await beside_the_loop(partial(_said, book, period, basis))
        if after != last:
            found.append(Step(cause, group, last, after))
        last = after
    return found


def _grouped(
    wrote: Sequence[Written], publication: Publication, view: BookView
) -> list[tuple[Cause, tuple[Written, ...], int]]:
    """The versions to compute at, each with the writings since the one before: first the published version,
    where terms that are kept as they are now and the formulas of today show; then the writings, the earlier
    of many as one; last the reader's, where no writing brought the books there."""
    of_terms = tuple(each for each in wrote if each.terms)
    dated = [each for each in wrote if each.terms < _count(each)]
    cut = max(0, len(dated) - (STEPS_MAX - 2))
    groups: list[tuple[Written, ...]] = [tuple(dated[:cut])] if cut else []
    groups += [(each,) for each in dated[cut:]]
    first = Cause.TERMS if of_terms else Cause.OTHER
    if publication.engine_version != ENGINE_VERSION:
        first = Cause.FORMULAS
    found = [(first, of_terms, publication.book_version)]
    found += [(Cause.WRITINGS, group, group[-1].version) for group in groups]
    if found[-1][2] != view.book_version:
        found.append((Cause.OTHER, (), view.book_version))
    return found


def _count(wrote: Written) -> int:
    counts = (wrote.entries, wrote.prices, wrote.rates, wrote.memberships, wrote.policies, wrote.actions)
    return sum(counts) + wrote.terms


async def _book(reader: Reader, view: BookView, publication: Publication, version: int) -> ScopeBook | None:
    then = view_at(view, publication.as_of, version)
    return await scope_book(reader, then, scope_of(publication), currency=publication.currency)


def _said(book: ScopeBook, kind: PeriodKind, basis: FeeBasis) -> Said:
    period = book.period(kind)
    if period is None:
        return Said(None, Reason.NEVER_FUNDED.value, None)
    shown = book.figures(period, basis)
    reason = shown.time_weighted.reason
    code = None if reason is None else reason.value
    gain = None if shown.gain is None else round_money(shown.gain, book.currency)
    return Said(shown.time_weighted.published, code, gain_said(gain, code))
