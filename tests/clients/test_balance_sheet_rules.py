"""Sheets and timelines: tables with the arithmetic beside them, and properties."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wealthnexus.domain.clients.rules.balance_sheet import (
    Line,
    Sums,
    added,
    draw_up,
    seen_through,
    shown_share,
)
from wealthnexus.domain.clients.rules.timeline import cut_at, overlaps

D = Decimal
ANN, BEN, CY, LLC = (UUID(int=number) for number in range(1, 5))
HOUSE, FUND, LOAN = (UUID(int=number) for number in range(11, 14))
HALVES = {ANN: Fraction(1, 2), BEN: Fraction(1, 2)}
THIRDS = {ANN: Fraction(1, 3), BEN: Fraction(1, 3), CY: Fraction(1, 3)}


def test_a_couple_with_a_mortgage() -> None:
    # 100.01 by halves: 50.005 each; the cent that is left goes to the lower id: 50.01 and 50.00.
    sheet = draw_up(
        [
            Line(HOUSE, False, D("100.01"), HALVES),
            Line(FUND, False, D("10.00"), {BEN: Fraction(1)}),
            Line(LOAN, True, D("40.00"), {ANN: Fraction(3, 4)}),
        ],
        2,
    )
    assert [part.value for part in sheet.lines[0].parts] == [D("50.01"), D("50.00")]
    assert sheet.owners[ANN] == Sums(D("50.01"), D("30.00"), 1, 1)
    assert sheet.owners[BEN] == Sums(D("60.00"), D("0"), 2, 0)
    assert sheet.unattributed == Sums(D("0"), D("10.00"), 0, 1)
    assert sheet.total == Sums(D("110.01"), D("40.00"), 2, 1)
    # 110.01 - 40.00 = 70.01 = 20.01 + 60.00 - 10.00
    nets = [sheet.total.net, sheet.owners[ANN].net, sheet.owners[BEN].net, sheet.unattributed.net]
    assert nets == [D("70.01"), D("20.01"), D("60.00"), D("-10.00")]


def test_who_is_not_told_has_their_part_of_each_cent_all_the_same() -> None:
    # Ben sees 50.00 of the 100.01, as everybody sees it who sees Ann too.
    sheet = draw_up([Line(HOUSE, False, D("100.01"), HALVES, frozenset({ANN}))], 2)
    assert sheet.owners == {BEN: Sums(D("50.00"), D("0"), 1, 0)}
    assert (sheet.lines[0].rest, sheet.lines[0].rest_share) == (D("50.01"), Fraction(1, 2))
    assert sheet.unattributed == Sums(D("50.01"), D("0"), 1, 0)


def test_what_has_no_value_has_no_net_worth() -> None:
    lines = [Line(FUND, False, None, HALVES), Line(HOUSE, False, D(10), {CY: Fraction(1)})]
    sheet = draw_up(lines, 2)
    assert sheet.owners[ANN] == Sums(asset_count=1, missing_assets=1)
    assert (sheet.owners[ANN].net, sheet.owners[CY].net, sheet.total.net) == (None, D(10), None)
    assert sheet.total.assets == D(10)


def test_an_entity_stands_for_itself_when_asked() -> None:
    owners = {LLC: {ANN: Fraction(3, 5), BEN: Fraction(2, 5)}}
    assert seen_through({LLC: Fraction(1)}, owners) == {ANN: Fraction(3, 5), BEN: Fraction(2, 5)}
    assert seen_through({LLC: Fraction(1)}, owners, up_to=LLC) == {LLC: Fraction(1)}


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (Fraction(1, 3), "0.333333333333"),
        (Fraction(2, 3), "0.666666666667"),
        (Fraction(1), "1.000000000000"),
        (Fraction(0), "0.000000000000"),
    ],
)
def test_shares_as_decimals(share: Fraction, shown: str) -> None:
    assert format(shown_share(share), "f") == shown


values = st.one_of(st.none(), st.decimals(D("-1e9"), D("1e9"), places=2, allow_nan=False))
lines_of_any_kind = st.lists(
    st.builds(
        Line,
        st.just(HOUSE),
        st.booleans(),
        values,
        st.dictionaries(
            st.sampled_from([ANN, BEN, CY, LLC]), st.fractions(0, Fraction(1, 4), max_denominator=97)
        ),
    ),
    max_size=8,
)


@given(lines_of_any_kind, st.sampled_from([0, 2, 3]))
def test_owners_and_rest_add_up_to_the_total(lines: list[Line], places: int) -> None:
    unit = D(1).scaleb(-places)
    whole = [
        Line(line.subject_id, line.is_debt, line.value and line.value.quantize(unit), line.shares)
        for line in lines
    ]
    sheet = draw_up(whole, places)
    together = added([*sheet.owners.values(), sheet.unattributed])
    assert (together.assets, together.debts) == (sheet.total.assets, sheet.total.debts)
    for split in sheet.lines:
        if split.line.value is not None:
            assert sum((p.value or D(0) for p in split.parts), split.rest or D(0)) == split.line.value


@dataclass(frozen=True)
class Row:
    effective_from: date
    effective_to: date | None = None


JANUARY, MARCH, JULY = date(2020, 1, 1), date(2020, 3, 1), date(2020, 7, 1)


def test_rows_are_cut_at_a_day() -> None:
    past, running, later = Row(JANUARY, MARCH), Row(JANUARY), Row(JULY)
    cut = cut_at([past, running, later], MARCH)
    assert cut.superseded == (running, later)
    assert cut.closed == (running,)
    assert overlaps(running, MARCH, JULY)
    assert not overlaps(later, MARCH, JULY)
    assert overlaps(later, MARCH, None)
    assert not overlaps(past, MARCH, None)
