"""Wash sales while entries are played: each loss against each replacement, once, in both views.

Source: 26 CFR 1.1091-1 and -2, IRS Publication 550, Rev. Rul. 2008-5, Rev. Rul. 85-87. Losses are served from
the earliest disposal, within one disposal in the order the shares sold were acquired; replacements from the
earliest acquisition. A loss takes what was bought before it and is still held, then waits for what is bought
in the days after. So every adjustment is known when the replacement is sold, and a chain is simply played.

Decisions where the texts are silent: what was sold before (or with) the loss replaces nothing; units of a
gift or inheritance, a split, stock dividend, spin-off or tax-free exchange are no acquisition; a loss on
covering a short sale is replaced by another short sale (IRC 1091(e)).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from .arithmetic import ONE, ZERO, part_of, to_places
from .holding import tacked
from .results import WashMatch
from .state import Line, Lot
from .vocabulary import WASH_VIEWS, Origin, Reason, Treatment, View, WashEffect

if TYPE_CHECKING:
    from .core import LotCore


class WashTracker:
    """Losses that wait for a replacement, by security sold."""

    def __init__(self, core: LotCore) -> None:
        self.core = core
        self.days = core.policy.wash_days
        self.waiting: dict[str, list[Line]] = {}
        self.warned: set[tuple[str, str]] = set()
        self._options: dict[str, list[str]] = {}
        self._same: dict[str, list[str]] = {}
        by_cusip: dict[str, list[str]] = {}
        for key, terms in core.facts.securities.items():
            if terms.cusip is not None:
                by_cusip.setdefault(terms.cusip, []).append(key)
            if terms.underlying is not None and terms.option_type is not None:
                self._options.setdefault(terms.underlying, []).append(key)
        for keys in by_cusip.values():
            for key in keys if len(keys) > 1 else ():
                self._same[key] = [other for other in keys if other != key]
        for action in core.facts.actions:
            if action.type in ("SYMBOL_CHANGE", "IDENTIFIER_CHANGE") and action.other_security:
                self._same.setdefault(action.security, []).append(action.other_security)
                self._same.setdefault(action.other_security, []).append(action.security)

    # -- the two events ----------------------------------------------------------------------------------

    def realised(self, lines: Iterable[Line]) -> None:
        """Losses of one entry: first what was bought before, then they wait."""
        found = []
        for line in lines:
            if self._can_wash(line):
                found.append(line)
            elif self._is_unknown(line) and self._candidates(line):
                line.reasons.append(Reason.GAIN_UNKNOWN_FOR_WASH)
        for line in sorted(found, key=lambda one: one.age):
            before = sorted(self._candidates(line), key=lambda lot: (lot.bought_on, *lot.age()[1:]))
            for view in WASH_VIEWS:
                for lot in list(before):
                    if line.matched[view] >= line.units:
                        break
                    piece = self._match(view, line, lot)
                    if piece is not None and piece is not lot:
                        before.insert(before.index(lot), piece)
            for lot in before:
                self._warn(line, lot)
            self.waiting.setdefault(line.key[2], []).append(line)

    def acquired(self, lot: Lot) -> None:
        """A purchase: the earliest losses of the days before take it first."""
        if lot.bought_on is None:
            return
        losses = self._losses_for(lot, lot.bought_on - timedelta(days=self.days))
        if not losses:
            return
        pieces = [lot]
        for view in WASH_VIEWS:
            for line in losses:
                if line.matched[view] >= line.units:
                    continue
                for piece in list(pieces):
                    matched = self._match(view, line, piece)
                    if matched is not None and matched is not piece:
                        # What was used stands first, so that the other view uses the same part of the lot.
                        pieces.insert(pieces.index(piece), matched)
        for line in losses:
            self._warn(line, lot)

    def blocks(self, lot: Lot) -> bool:
        """Whether a loss of this lot today would be replaced by what was bought before and is still held."""
        day = self.core.today
        key = lot.key
        first = day - timedelta(days=self.days)
        for other in self._held_identical(key[2], day):
            if (
                other.root != lot.root
                and other.order != lot.order
                and not other.used[View.ECONOMIC]
                and other.bought_on is not None
                and first <= other.bought_on <= day
                and self._is_same_side(lot.is_short, other)
                and self.core.facts.groups.is_same(key[0], other.account, day)
            ):
                return True
        return False

    # -- who may match whom ------------------------------------------------------------------------------

    def _can_wash(self, line: Line) -> bool:
        if not self.core.account(line.key[0]).is_taxable_on(line.disposed_on):
            return False
        if line.gain(View.BOOK) is None:
            return False
        return any((line.gain(view) or ZERO) < 0 for view in WASH_VIEWS)

    def _is_unknown(self, line: Line) -> bool:
        is_taxable = self.core.account(line.key[0]).is_taxable_on(line.disposed_on)
        return is_taxable and line.gain(View.BOOK) is None

    def _candidates(self, line: Line) -> list[Lot]:
        first = line.disposed_on - timedelta(days=self.days)
        return [
            lot
            for lot in self._held_identical(line.key[2], line.disposed_on)
            if lot.bought_on is not None
            and first <= lot.bought_on <= line.disposed_on
            and self._is_same_side(line.is_short, lot)
        ]

    def identical_to(self, security: str, day: date) -> list[str]:
        """The security itself, the same paper under other names, and what is judged identical on the day."""
        identical = self.core.facts.identical
        judged = (
            other for other in identical.named_with(security) if identical.is_identical(security, other, day)
        )
        return sorted({security, *self._same.get(security, ()), *judged})

    def _held_identical(self, sold: str, day: date) -> Iterator[Lot]:
        """Open lots of everything that may be substantially identical to what was sold."""
        papers = self.identical_to(sold, day)
        apart = set(self._same.get(sold, ()))
        options = {
            option for paper in papers if paper not in apart for option in self._options.get(paper, ())
        }
        for name in sorted(options.union(papers)):
            for key in self.core.keys_of.get(name, ()):
                yield from list(self.core.lots[key])

    def _losses_for(self, lot: Lot, first: date) -> list[Line]:
        """Losses since ``first`` that the lot may replace, from the earliest."""
        identical = self.core.facts.identical
        base = self.core.facts.securities.get(lot.security)
        names = {lot.security}
        if base is not None and base.underlying is not None and base.option_type is not None:
            names.add(base.underlying)
        for name in tuple(names):
            names.update(identical.named_with(name), self._same.get(name, ()))
        found: list[Line] = []
        for name in names:
            lines = self.waiting.get(name)
            if not lines:
                continue
            for line in reversed(lines):
                if line.disposed_on < first:
                    break
                if self._is_same_side(line.is_short, lot):
                    found.append(line)
        return sorted(found, key=lambda one: (one.disposed_on, one.sequence, one.age))

    def _is_same_side(self, sold_short: bool, lot: Lot) -> bool:
        """A long loss is replaced by a purchase, a call or a deep put; a short one by a short sale."""
        terms = self.core.facts.securities.get(lot.security)
        kind = terms.option_type if terms is not None else None
        if sold_short:
            return lot.is_short and lot.origin is Origin.SHORT_SALE and kind is None
        if lot.is_short:
            return lot.is_deep_put
        return lot.origin is not Origin.UNEXPLAINED

    def _how(self, view: View, line: Line, lot: Lot) -> tuple[Decimal, Treatment | None, str | None] | None:
        """Units of what was sold for one of the lot, and why they are identical; None when they are not."""
        sold, bought = line.key[2], lot.security
        if view is View.CUSTODIAN:
            return (
                (ONE, None, None)
                if line.key[0] == lot.account and self._is_same_paper(sold, bought)
                else None
            )
        size, target = ONE, bought
        terms = self.core.facts.securities.get(bought)
        if sold != bought and terms is not None and terms.underlying and terms.option_type:
            if terms.option_type == "PUT" and not lot.is_short:
                return None  # the right to sell acquires nothing
            size, target = terms.contract_size, terms.underlying
        if target == sold or target in self._same.get(sold, ()):
            return size, None, None
        day = max(line.disposed_on, lot.bought_on or line.disposed_on)
        pair = self.core.facts.identical.judgement(sold, target, day)
        if pair is None or not self.core.facts.identical.is_identical(sold, target, day):
            return None
        return size, pair.treatment, f"{pair.author}: {pair.reason}"

    def _is_same_paper(self, one: str, other: str) -> bool:
        if one == other:
            return True
        first, second = (self.core.facts.securities.get(key) for key in (one, other))
        return bool(first and second and first.cusip and first.cusip == second.cusip)

    # -- matching ----------------------------------------------------------------------------------------

    def _match(self, view: View, line: Line, lot: Lot) -> Lot | None:
        """Match as many units as both have; the part of the lot that is used now, None without a match."""
        if lot.used[view] or line.order == lot.order or lot.bought_on is None:
            return None
        loss = line.gain(view)
        if line.matched[view] >= line.units or loss is None or loss >= 0:
            return None
        how = self._how(view, line, lot)
        if how is None or abs((lot.bought_on - line.disposed_on).days) > self.days:
            return None
        if view is View.ECONOMIC and not self.core.facts.groups.is_same(
            line.key[0], lot.account, lot.bought_on
        ):
            return None
        size = how[0] / self._factor(line, lot)
        free = line.units - line.matched[view]
        units = min(free, lot.units * size)
        if units <= 0:
            return None
        wanted = units / size
        piece = lot if units == lot.units * size or wanted >= lot.units else self.core.part(lot, wanted)
        self._disallow(view, line, piece, units, how)
        return piece

    def _disallow(
        self,
        view: View,
        line: Line,
        lot: Lot,
        units: Decimal,
        how: tuple[Decimal, Treatment | None, str | None],
    ) -> None:
        core = self.core
        loss = -(line.gain(view) or ZERO)
        line.matched[view] += units
        upto = part_of(loss, line.matched[view], line.units, core.places(line.key[0]))
        amount = upto - line.disallowed[view]
        line.disallowed[view] = upto
        lot.used[view] = True
        effect = WashEffect.DEFERRED
        if not core.account(lot.account).is_taxable_on(lot.bought_on or line.disposed_on):
            effect = WashEffect.LOST
            line.lost[view] += amount
        else:
            basis, added = lot.basis[view], self._in_currency_of(lot, line, amount)
            if added is None:
                lot.basis[view] = None
            elif basis is not None:
                # The proceeds of a short lot fall by what the basis of a long one rises.
                lot.basis[view] = basis - added if lot.is_short else basis + added
            lot.held_from[view] = tacked(lot.held_from[view], line.held_from[view], line.disposed_on)
        core.matches.append(
            self._record(view, line, lot, units=units, amount=amount, effect=effect, judged=how[1:])
        )

    def _in_currency_of(self, lot: Lot, line: Line, amount: Decimal) -> Decimal | None:
        """The loss in the currency of the account that takes it up, at the rate of the purchase."""
        if lot.currency == line.currency:
            return amount
        rate = self.core.facts.rate(line.currency, lot.currency, lot.bought_on or line.disposed_on)
        if rate is None:
            lot.reasons = (*lot.reasons, Reason.FX_RATE_MISSING)
            return None
        return to_places(amount * rate, self.core.places(lot.account))

    def _record(
        self,
        view: View,
        line: Line,
        lot: Lot,
        *,
        units: Decimal,
        amount: Decimal,
        effect: WashEffect,
        judged: tuple[Treatment | None, str | None],
    ) -> WashMatch:
        return WashMatch(
            view, line.id, line.key[0], line.key[2], line.disposed_on, lot.id, lot.root, lot.account,
            lot.security, lot.bought_on or line.disposed_on, units, amount, effect, *judged,
        )  # fmt: skip

    def _factor(self, line: Line, lot: Lot) -> Decimal:
        """Units now for one unit sold, by the splits between the sale and a later purchase."""
        factor = ONE
        if lot.bought_on is not None and lot.bought_on > line.disposed_on:
            for action in self.core.actions_of(line.key[2]):
                if line.disposed_on < action.ex_date <= lot.bought_on:
                    factor *= action.factor() or ONE
        return factor

    def _warn(self, line: Line, lot: Lot) -> None:
        """Another taxpayer near to the seller bought the same: told, never disallowed."""
        if line.key[0] == lot.account:
            return
        groups, view = self.core.facts.groups, View.ECONOMIC
        loss = line.gain(view)
        day = lot.bought_on
        if not self.core.policy.warn_related_taxpayers or loss is None or loss >= 0 or day is None:
            return
        if abs((day - line.disposed_on).days) > self.days or (line.id, lot.root) in self.warned:
            return
        how = self._how(view, line, lot)
        if how is None or not groups.is_related(line.key[0], lot.account, day):
            return
        units = min(line.units - line.matched[view], lot.units * how[0])
        if units > 0:
            self.warned.add((line.id, lot.root))
            self.core.matches.append(
                self._record(
                    view, line, lot, units=units, amount=ZERO, effect=WashEffect.WARNING, judged=how[1:]
                )
            )
