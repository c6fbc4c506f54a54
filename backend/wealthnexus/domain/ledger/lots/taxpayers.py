"""Who is one taxpayer for wash sales: person, spouse, their IRAs, grantor trusts and what they control.

Sources: Rev. Rul. 2008-5 (IRA and Roth IRA); IRS Publication 550 (spouse, corporation one controls); IRC 671
(a grantor trust is its grantor's); 26 CFR 301.7701-3 (disregarded entities). Other trusts and the accounts of
minors are other taxpayers: they are related, which is a warning and never disallows a loss.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

CONTROL: Final = Decimal("0.5")
"""Of more than this part of a company its owner has control."""
_OWNS: Final = frozenset({"OWNER", "JOINT_SURVIVORSHIP", "JOINT_COMMON"})
_RELATED_ROLES: Final = frozenset({"MINOR", "CUSTODIAN", "TRUSTEE", "GRANTOR", "BENEFICIARY"})


@dataclass(frozen=True, slots=True)
class Membership:
    """The account is of the taxpayer from the first day to the day before the last; None: without bound."""

    account: str
    taxpayer: str
    effective_from: date | None = None
    effective_to: date | None = None
    is_own: bool = True
    """False: related to the taxpayer, but somebody else's."""

    def is_effective(self, day: date) -> bool:
        begins, ends = self.effective_from, self.effective_to
        return (begins is None or begins <= day) and (ends is None or day < ends)


class TaxpayerGroups:
    """Which accounts are one taxpayer's on a day. An account that nothing is said of is its own."""

    __slots__ = ("_by_account", "memberships")

    def __init__(self, memberships: Iterable[Membership] = ()) -> None:
        self.memberships = tuple(memberships)
        self._by_account: dict[str, list[Membership]] = {}
        for membership in self.memberships:
            self._by_account.setdefault(membership.account, []).append(membership)

    def taxpayers(self, account: str, day: date, *, own: bool = True) -> frozenset[str]:
        """Those whose account it is on the day; ``own`` False: those it is related to."""
        found = self._by_account.get(account, ())
        return frozenset(m.taxpayer for m in found if m.is_own is own and m.is_effective(day))

    def is_same(self, one: str, other: str, day: date) -> bool:
        """Whether both accounts are one taxpayer's on the day."""
        return one == other or not self.taxpayers(one, day).isdisjoint(self.taxpayers(other, day))

    def is_related(self, one: str, other: str, day: date) -> bool:
        """Whether they are not one taxpayer's, but one is related to the other's taxpayer."""
        if self.is_same(one, other, day):
            return False
        mine, theirs = self.taxpayers(one, day), self.taxpayers(other, day)
        near, far = self.taxpayers(one, day, own=False), self.taxpayers(other, day, own=False)
        return not (mine.isdisjoint(far) and theirs.isdisjoint(near))


@dataclass(frozen=True, slots=True)
class Tie:
    """A fact of the ownership graph, effective-dated and half open.

    ``kind``: SPOUSE (first and second are married), OWNS (first owns ``share`` of second), GRANTOR (second is
    a trust whose income is taxed to first), RELATED (second is another taxpayer near to first: a child, a
    trust for the children).
    """

    kind: str
    first: str
    second: str
    share: Decimal | None = None
    effective_from: date | None = None
    effective_to: date | None = None

    def is_effective(self, day: date) -> bool:
        begins, ends = self.effective_from, self.effective_to
        return (begins is None or begins <= day) and (ends is None or day < ends)


@dataclass(frozen=True, slots=True)
class AccountOwner:
    """A party in a role of an account: ``owners.csv``."""

    account: str
    party: str
    role: str
    effective_from: date | None = None
    effective_to: date | None = None

    def is_effective(self, day: date) -> bool:
        begins, ends = self.effective_from, self.effective_to
        return (begins is None or begins <= day) and (ends is None or day < ends)


def taxpayer_of(parties: Iterable[str], ties: Sequence[Tie], day: date) -> dict[str, str]:
    """Each party's taxpayer on the day: the least id of everybody it files or is taken together with."""
    leader: dict[str, str] = {party: party for party in parties}
    for tie in ties:
        leader.setdefault(tie.first, tie.first)
        leader.setdefault(tie.second, tie.second)

    def lead(party: str) -> str:
        while leader[party] != party:
            party = leader[party]
        return party

    for tie in ties:
        controls = tie.kind == "OWNS" and tie.share is not None and tie.share > CONTROL
        if tie.is_effective(day) and (tie.kind in ("SPOUSE", "GRANTOR") or controls):
            one, other = sorted((lead(tie.first), lead(tie.second)))
            leader[other] = one
    return {party: lead(party) for party in leader}


def taxpayer_groups(owners: Sequence[AccountOwner], ties: Sequence[Tie]) -> TaxpayerGroups:
    """Memberships of every account over time, cut where an owner or a tie begins or ends.

    A minor's account belongs to the minor and is related to the parents (a RELATED tie); an account of a
    trust that is nobody's is the trust's own and related by its trustees, grantors and beneficiaries.
    """
    facts: list[AccountOwner | Tie] = [*owners, *ties]
    cuts = sorted({day for fact in facts for day in (fact.effective_from, fact.effective_to) if day})
    bounds: list[date | None] = [None, *cuts, None]
    parties = {owner.party for owner in owners}
    found: list[Membership] = []
    for begins, ends in itertools.pairwise(bounds):
        day = begins or (cuts[0] - timedelta(days=1) if cuts else date.max)
        leaders = taxpayer_of(parties, ties, day)
        found += _members(owners, ties, leaders, day, begins=begins, ends=ends)
    return TaxpayerGroups(_joined(found))


def _members(
    owners: Sequence[AccountOwner],
    ties: Sequence[Tie],
    leaders: Mapping[str, str],
    day: date,
    *,
    begins: date | None,
    ends: date | None,
) -> Iterable[Membership]:
    for account in sorted({owner.account for owner in owners}):
        present = [owner for owner in owners if owner.account == account and owner.is_effective(day)]
        is_minors = any(owner.role == "MINOR" for owner in present)
        holding = {owner.party for owner in present if owner.role in _OWNS}
        holding |= {owner.party for owner in present if owner.role == "MINOR"}
        own = {leaders[party] for party in holding}
        near = {
            leaders[owner.party]
            for owner in present
            if owner.party not in holding and (is_minors or owner.role in _RELATED_ROLES)
        }
        near |= {
            leaders[other]
            for tie in ties
            if tie.kind == "RELATED" and tie.is_effective(day)
            for party, other in ((tie.first, tie.second), (tie.second, tie.first))
            if leaders[party] in own
        }
        yield from (Membership(account, taxpayer, begins, ends) for taxpayer in sorted(own))
        yield from (Membership(account, taxpayer, begins, ends, False) for taxpayer in sorted(near - own))


def _joined(found: Iterable[Membership]) -> list[Membership]:
    """Neighbouring periods that say the same are one."""
    joined: dict[tuple[str, str, bool], list[Membership]] = {}
    for one in found:
        periods = joined.setdefault((one.account, one.taxpayer, one.is_own), [])
        if periods and periods[-1].effective_to == one.effective_from and one.effective_from is not None:
            before = periods.pop()
            one = Membership(  # noqa: PLW2901
                one.account, one.taxpayer, before.effective_from, one.effective_to, one.is_own
            )
        periods.append(one)
    return [one for periods in joined.values() for one in periods]


def accounts_of_one_book(
    accounts: Iterable[str], groups: TaxpayerGroups, moves: Iterable[tuple[str, str]] = ()
) -> list[tuple[str, ...]]:
    """Accounts that must be played together, whatever the day.

    Those of one taxpayer or near to one, and those between which something moved in kind (``moves``). After a
    change of one account its own set alone is played again.
    """
    found = {account: {account} for account in accounts}
    by_taxpayer: dict[str, list[str]] = {}
    for membership in groups.memberships:
        if membership.account in found:
            by_taxpayer.setdefault(membership.taxpayer, []).append(membership.account)
    together = [(its[0], other) for its in by_taxpayer.values() for other in its[1:]]
    for one, other in [*together, *moves]:
        first, second = found[one], found[other]
        if first is not second:
            first |= second
            for account in second:
                found[account] = first
    return sorted({tuple(sorted(its)) for its in found.values()})
