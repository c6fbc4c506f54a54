"""Shares, look-through and splits: tables with the arithmetic beside them, and properties."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wealthnexus.domain.clients.rules.ownership import (
    Holding,
    OverOwned,
    OwnershipCycleError,
    direct_shares,
    effective_shares,
    find_cycle,
    look_through,
    over_owned,
    split_value,
)

A, B, C, D, E = (UUID(int=number) for number in range(1, 6))
JANUARY, MARCH, JULY = date(2020, 1, 1), date(2020, 3, 1), date(2020, 7, 1)


def owns(owner: UUID, owned: UUID, share: str, since: date = JANUARY, until: date | None = None) -> Holding:
    return Holding(owner, owned, Decimal(share), since, until)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(A, "owner", None)], {A: 1}),
        ([(A, "joint_survivorship", None), (B, "joint_survivorship", None)], {A: "1/2", B: "1/2"}),
        (
            [(A, "joint_common", Decimal("0.6")), (B, "joint_common", Decimal("0.4"))],
            {A: "3/5", B: "2/5"},
        ),
        # The minor owns; the custodian acts.
        ([(A, "custodian", None), (B, "minor", None)], {B: 1}),
        # One share given, the rest divided between the two without.
        (
            [(A, "owner", Decimal("0.5")), (B, "owner", None), (C, "owner", None)],
            {A: "1/2", B: "1/4", C: "1/4"},
        ),
        ([(A, "owner", None), (B, "owner", None), (C, "owner", None)], {A: "1/3", B: "1/3", C: "1/3"}),
        ([(A, "trustee", None), (B, "beneficiary", Decimal(1))], {}),
        # An owner twice: the shares add up.
        ([(A, "owner", Decimal("0.3")), (A, "owner", Decimal("0.2"))], {A: "1/2"}),
    ],
)
def test_direct_shares(rows: list[tuple[UUID, str, Decimal | None]], expected: dict[UUID, str]) -> None:
    assert direct_shares(rows) == {party: Fraction(part) for party, part in expected.items()}


def test_shares_follow_their_dates() -> None:
    holdings = [owns(A, C, "0.6", JANUARY, JULY), owns(B, C, "0.4"), owns(B, C, "0.6", JULY)]
    assert effective_shares(holdings, MARCH) == {C: {A: Fraction(3, 5), B: Fraction(2, 5)}}
    assert effective_shares(holdings, JULY) == {C: {B: Fraction(1)}}
    assert effective_shares(holdings, date(2019, 12, 31)) == {}


def test_more_than_the_whole_is_named_with_its_first_day() -> None:
    holdings = [owns(A, C, "0.6"), owns(B, C, "0.4"), owns(D, C, "0.1", MARCH, JULY), owns(A, E, "1")]
    assert over_owned(holdings) == [OverOwned(C, MARCH, Decimal("1.1"))]
    # One ends on the day on which the other begins: never both.
    assert over_owned([owns(A, C, "1", JANUARY, MARCH), owns(B, C, "1", MARCH)]) == []


@pytest.mark.parametrize(
    ("holdings", "expected"),
    [
        ([owns(A, B, "1"), owns(B, C, "1")], None),
        ([owns(A, B, "1"), owns(B, A, "0.1", MARCH)], (MARCH, {A, B})),
        ([owns(A, A, "0.5")], (JANUARY, {A})),
        ([owns(A, B, "1"), owns(B, C, "1"), owns(C, A, "0.2", JULY)], (JULY, {A, B, C})),
        # Never in effect together.
        ([owns(A, B, "1", JANUARY, MARCH), owns(B, A, "1", MARCH)], None),
        # A diamond is no circle.
        ([owns(A, B, "0.5"), owns(A, C, "0.5"), owns(B, D, "0.5"), owns(C, D, "0.5")], None),
    ],
)
def test_circles_are_found_by_date(holdings: list[Holding], expected: tuple[date, set[UUID]] | None) -> None:
    found = find_cycle(holdings)
    assert (found and (found[0], set(found[1]))) == expected


def test_a_circle_is_told_in_order() -> None:
    found = find_cycle([owns(A, B, "1"), owns(B, C, "1"), owns(C, A, "1")])
    assert found is not None
    circle = found[1]
    pairs = set(zip(circle, (*circle[1:], circle[0]), strict=True))
    assert pairs == {(A, B), (B, C), (C, A)}


def test_look_through_an_llc_and_a_trust() -> None:
    """An LLC (E) owned 60/40 by A and a trust (D); the trust is of A and B in halves.

    A: 0.6 + 0.4 x 0.5 = 0.8; B: 0.4 x 0.5 = 0.2.
    """
    owners = effective_shares(
        [owns(A, E, "0.6"), owns(D, E, "0.4"), owns(A, D, "0.5"), owns(B, D, "0.5")], MARCH
    )
    assert look_through({E: Fraction(1)}, owners) == {A: Fraction(4, 5), B: Fraction(1, 5)}


def test_what_owners_leave_stays_with_the_party() -> None:
    owners = effective_shares([owns(A, E, "0.75")], MARCH)
    assert look_through({E: Fraction(1, 2)}, owners) == {A: Fraction(3, 8), E: Fraction(1, 8)}


def test_look_through_refuses_a_circle_it_meets_and_no_other() -> None:
    owners = effective_shares([owns(A, B, "1"), owns(B, A, "1"), owns(C, D, "1")], MARCH)
    assert look_through({D: Fraction(1)}, owners) == {C: Fraction(1)}
    with pytest.raises(OwnershipCycleError, match="in a circle") as caught:
        look_through({B: Fraction(1)}, owners)
    assert set(caught.value.parties) == {A, B}


def test_a_long_chain_is_walked() -> None:
    chain = [UUID(int=100 + number) for number in range(3_000)]
    owners = {owned: {owner: Fraction(1)} for owned, owner in itertools.pairwise(chain)}
    assert look_through({chain[0]: Fraction(1)}, owners) == {chain[-1]: Fraction(1)}


@pytest.mark.parametrize(
    ("value", "parts", "places", "expected"),
    [
        # 100.00 in thirds: 33.33 each, the cent left over to the first id.
        ("100.00", {A: "1/3", B: "1/3", C: "1/3"}, 2, {A: "33.34", B: "33.33", C: "33.33"}),
        # A debt: the same with the sign.
        ("-100.00", {A: "1/3", B: "1/3", C: "1/3"}, 2, {A: "-33.34", B: "-33.33", C: "-33.33"}),
        ("0.01", {A: "1/2", B: "1/2"}, 2, {A: "0.01", B: "0.00"}),
        ("1001", {A: "1/2", B: "1/2"}, 0, {A: "501", B: "500"}),
        # A quarter has no owner: 25.00 is not given away.
        ("100.00", {A: "3/4"}, 2, {A: "75.00"}),
        # 10.01 in thirds with one third unnamed: 3.3366… each; of two cents left over, one each to A and B.
        ("10.01", {A: "1/3", B: "1/3"}, 2, {A: "3.34", B: "3.34"}),
        ("5.00", {}, 2, {}),
    ],
)
def test_split(value: str, parts: dict[UUID, str], places: int, expected: dict[UUID, str]) -> None:
    found = split_value(Decimal(value), {p: Fraction(s) for p, s in parts.items()}, places=places)
    assert found == {party: Decimal(amount) for party, amount in expected.items()}


def test_split_refuses_what_it_cannot_divide() -> None:
    with pytest.raises(ValueError, match="expected at most 2 decimal places"):
        split_value(Decimal("1.001"), {A: Fraction(1)}, places=2)
    with pytest.raises(ValueError, match=r"add up to 1\.25, expected at most 1"):
        split_value(Decimal("1.00"), {A: Fraction(5, 4)}, places=2)


PARTIES = [UUID(int=number) for number in range(1, 9)]


@st.composite
def layered(draw: st.DrawFn) -> dict[UUID, dict[UUID, Fraction]]:
    """Owners only ever have higher ids: no circles."""
    owners: dict[UUID, dict[UUID, Fraction]] = {}
    for place, owned in enumerate(PARTIES[:-1]):
        weights = draw(st.lists(st.integers(0, 5), min_size=len(PARTIES) - place - 1, max_size=8))
        slack = draw(st.integers(0, 3))
        total = sum(weights) + slack
        its = {o: Fraction(w, total) for o, w in zip(PARTIES[place + 1 :], weights, strict=False) if w}
        if its:
            owners[owned] = its
    return owners


@given(layered())
def test_look_through_neither_adds_nor_loses(owners: dict[UUID, dict[UUID, Fraction]]) -> None:
    found = look_through({PARTIES[0]: Fraction(1)}, owners)
    assert sum(found.values()) == 1
    assert all(part > 0 for part in found.values())
    assert all(sum(owners.get(party, {}).values()) < 1 for party in found)


@given(
    st.integers(-(10**12), 10**12),
    st.lists(st.integers(0, 1_000), min_size=1, max_size=8),
    st.integers(0, 4),
)
def test_parts_of_a_whole_add_up(units: int, weights: list[int], places: int) -> None:
    total = sum(weights)
    if not total:
        return
    parts = {UUID(int=n + 1): Fraction(w, total) for n, w in enumerate(weights)}
    value = Decimal(units).scaleb(-places)
    found = split_value(value, parts, places=places)
    assert sum(found.values()) == value
    unit = Decimal(1).scaleb(-places)
    for party, part in parts.items():
        exact = Fraction(value) * part
        assert abs(Fraction(found[party]) - exact) < Fraction(unit)
