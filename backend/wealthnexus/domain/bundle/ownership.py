"""Shares and registrations: what a set of owner rows must satisfy together, by the rules of clients."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, Protocol
from uuid import UUID

from wealthnexus.domain.clients.rules.ownership import Holding, find_cycle, over_owned
from wealthnexus.domain.clients.rules.registration import Fault, Finding, OwnerFact, check_owners

from .format_book import OwnerRow, RelationshipRow
from .walking import KnownOwnership

Problem = tuple[int, str | None, str | None, str]
"""(line, column, value, expectation)"""

SINCE_EVER: Final = date(1900, 1, 1)
MISSING: Final = frozenset({Fault.NO_OWNER, Fault.TOO_FEW})
"""What is not there yet is a finding after the import; what contradicts the registration is refused."""
_COLUMNS: Final = {
    Fault.WRONG_KIND: "client_external_id",
    Fault.REPEATED: "client_external_id",
    Fault.UNEQUAL_SHARES: "share",
    Fault.SHARE_OUT_OF_RANGE: "share",
    Fault.SHARES_ABOVE_WHOLE: "share",
}


class KnowsClients(Protocol):
    """Who tells the kinds of parties and the registrations of accounts."""

    def kind_of(self, client: str) -> str | None: ...

    def type_of(self, account: str) -> str | None: ...


class _Numbers:
    """Stand-ins for ids: the rules compare parties by id, the bundle knows them by key."""

    def __init__(self) -> None:
        self._ids: dict[str, UUID] = {}
        self._keys: dict[UUID, str] = {}

    def of(self, key: str) -> UUID:
        id_ = self._ids.get(key)
        if id_ is None:
            id_ = self._ids[key] = UUID(int=len(self._ids) + 1)
            self._keys[id_] = key
        return id_

    def key(self, id_: UUID) -> str:
        return self._keys[id_]


def _is_effective(row: OwnerRow, day: date) -> bool:
    begin = row.effective_from or SINCE_EVER
    return begin <= day and (row.effective_to is None or day < row.effective_to)


def _days(rows: Iterable[OwnerRow]) -> list[date]:
    """The days on which a set of owners begins to be another one."""
    return sorted({row.effective_from or SINCE_EVER for row in rows})


def judge_owners(
    knows: KnowsClients,
    by_account: Mapping[str, Sequence[OwnerRow]],
    by_liability: Mapping[str, Sequence[OwnerRow]],
    by_tier: Mapping[str, Sequence[OwnerRow]],
) -> Iterator[Problem]:
    """Owners against the registration of their account, shares against the whole, in order of the lines."""
    found: list[Problem] = []
    for account, rows in by_account.items():
        found += _judge_account(knows, account, rows)
    for rows in by_liability.values():
        found += _judge_sum(rows, "the owners of the liability")
    for rows in by_tier.values():
        for tier in ("PRIMARY", "CONTINGENT"):
            found += _judge_sum([row for row in rows if row.tier == tier], f"the {tier} beneficiaries")
    return iter(sorted(found, key=lambda problem: problem[0]))


def _judge_account(knows: KnowsClients, account: str, rows: Sequence[OwnerRow]) -> list[Problem]:
    account_type = knows.type_of(account)
    if account_type is None:
        return []  # no such account, or its row was refused: that is reported
    numbers = _Numbers()
    found: dict[tuple[Fault, str | None, UUID | None], Problem] = {}
    for day in _days(rows):
        facts: list[OwnerFact] = []
        for row in rows:
            if row.client_external_id is None or not _is_effective(row, day):
                continue
            try:
                kind = knows.kind_of(row.client_external_id)
            except KeyError:
                kind = None
            if kind is None:
                return []  # an owner nobody knows is reported; the others are judged when it is mended
            facts.append(
                OwnerFact(numbers.of(row.client_external_id), kind.lower(), row.role.lower(), row.share)
            )
        there = [row for row in rows if _is_effective(row, day)]
        for fault in check_owners(account_type, facts):
            if fault.fault in MISSING:
                continue
            client = None if fault.party_id is None else numbers.key(fault.party_id)
            # At the last row it is about.
            row = [
                row
                for row in there
                if (client is None or row.client_external_id == client)
                and (fault.role is None or row.role.lower() == fault.role)
            ][-1]
            key = (fault.fault, fault.role, fault.party_id)
            found.setdefault(key, _problem(account_type, row, day, fault))
    return list(found.values())


def _problem(account_type: str, row: OwnerRow, day: date, fault: Finding) -> Problem:
    account = row.account_external_id
    column = _COLUMNS.get(fault.fault, "role")
    if fault.fault is Fault.WRONG_KIND:
        expectation = (
            f"expected {fault.expected} as {row.role} of a {account_type} account, not a {fault.given}"
        )
    elif fault.fault is Fault.ROLE_NOT_ALLOWED:
        expectation = f"expected one of {fault.expected.upper()} for a {account_type} account"
    elif fault.fault is Fault.TOO_MANY:
        expectation = (
            f"expected {fault.expected} {row.role} of account {account} ({account_type}), found {fault.given}"
        )
    elif fault.fault is Fault.SHARES_ABOVE_WHOLE:
        since = "" if day == SINCE_EVER else f" on {day}"
        expectation = (
            f"the shares of account {account} add up to {fault.given}{since}; expected {fault.expected}"
        )
    else:
        expectation = f"expected {fault.expected}, found {fault.given}"
    value = getattr(row, column)
    return row.line, column, None if value is None else format(value), expectation


def _judge_sum(rows: Sequence[OwnerRow], whose: str) -> list[Problem]:
    """The first day on which the shares add up to more than the whole, at the last row of that day."""
    seen: dict[tuple[object, ...], int] = {}
    found: list[Problem] = []
    for row in rows:
        key = (row.client_external_id, row.name, row.effective_from)
        first = seen.setdefault(key, row.line)
        if first != row.line:
            expectation = f"expected once, it also stands on line {first}"
            found.append((row.line, "client_external_id", row.client_external_id or row.name, expectation))
    if found:
        return found
    for day in _days(rows):
        there = [row for row in rows if _is_effective(row, day)]
        total = sum((row.share for row in there if row.share is not None), Decimal(0))
        if total > 1:
            since = "" if day == SINCE_EVER else f" on {day}"
            expectation = f"the shares of {whose} add up to {total:f}{since}; expected at most 1"
            return [(there[-1].line, "share", format(there[-1].share or Decimal(0), "f"), expectation)]
    return []


def judge_ownerships(rows: Sequence[RelationshipRow], known: Sequence[KnownOwnership]) -> Iterator[Problem]:
    """Who owns whom: at most the whole of everybody, and nobody through others a part of themselves.

    The rows of an owned client replace what the book has of it; of the others the book counts.
    """
    if not rows:
        return
    numbers = _Numbers()
    replaced = {row.related_external_id for row in rows}
    holdings = [
        Holding(numbers.of(k.owner), numbers.of(k.owned), k.share, k.effective_from, k.effective_to)
        for k in known
        if k.owned not in replaced
    ]
    by_owned: dict[UUID, list[RelationshipRow]] = {}
    for row in rows:
        owner, owned = numbers.of(row.client_external_id), numbers.of(row.related_external_id or "")
        begin = row.effective_from or SINCE_EVER
        holdings.append(Holding(owner, owned, row.share or Decimal(0), begin, row.effective_to))
        by_owned.setdefault(owned, []).append(row)
    for over in over_owned(holdings):
        for last in by_owned.get(over.owned, [])[-1:]:
            since = "" if over.day == SINCE_EVER else f" on {over.day}"
            whose = numbers.key(over.owned)
            expectation = f"the shares of {whose} add up to {over.total:f}{since}; expected at most 1"
            yield last.line, "share", format(last.share or Decimal(0), "f"), expectation
    circle = find_cycle(holdings)
    if circle is not None:
        yield _circle(circle, rows, numbers)


def _circle(
    circle: tuple[date, tuple[UUID, ...]], rows: Sequence[RelationshipRow], numbers: _Numbers
) -> Problem:
    """The circle at the last of the bundle's rows that close it."""
    keys = [numbers.key(party) for party in circle[1]]
    steps = set(zip(keys, [*keys[1:], keys[0]], strict=True))
    of_circle = [row for row in rows if (row.client_external_id, row.related_external_id) in steps]
    line = of_circle[-1].line if of_circle else rows[-1].line
    related = of_circle[-1].related_external_id if of_circle else rows[-1].related_external_id
    described = " owns ".join([*keys, keys[0]])
    since = "" if circle[0] == SINCE_EVER else f" on {circle[0]}"
    return line, "related_external_id", related, f"expected no circle of owners: {described}{since}"
