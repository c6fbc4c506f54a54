"""Short sales of what the taxpayer holds are told (IRC 1233(b), (d)): terms may be others."""

from __future__ import annotations

import pytest
from wealthnexus.domain.ledger.lots.texts import REASONS
from wealthnexus.domain.ledger.lots.vocabulary import Reason

from tests.lots.build import Script, gains, script

pytestmark = pytest.mark.unit


def told(book: Script) -> list[tuple[str, str, str]]:
    """Entry, units held, and those of them held for more than a year."""
    return [
        (each.entry, each.values["units"], each.values["given"])
        for each in book.play().findings()
        if each.reason is Reason.SHORT_AGAINST_HELD
    ]


def sold_short(book: Script) -> Script:
    return book.add("SHORT", "2021-05-03", 100, 4000, id="OUT").add(
        "COVER", "2021-06-01", 100, -5000, id="IN"
    )


def test_a_short_sale_of_what_is_held_says_how_long() -> None:
    book = sold_short(script().buy("2020-01-02", 100, 3000).buy("2021-01-04", 20, 700))
    assert told(book) == [("OUT", "120", "100")]
    assert gains(book.play())[-1][2:] == ("-1000.00", "SHORT")  # by 1233(d) it is long-term


def test_what_is_bought_while_it_is_open_is_told_where_it_is_closed() -> None:
    assert told(sold_short(script().buy("2021-05-10", 30, 1200))) == [("IN", "30", "0")]


def test_without_anything_held_or_bought_in_between_nothing_is_told() -> None:
    book = script().buy("2020-01-02", 100, 3000).sell("2021-03-01", 100, 3500)
    assert told(sold_short(book).buy("2021-06-10", 10, 500)) == []


def test_the_sentence_has_all_it_names() -> None:
    said = REASONS[Reason.SHORT_AGAINST_HELD]
    assert set(said.parameters) == {"security", "entry", "units", "given"}
