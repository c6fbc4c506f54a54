"""The typed catalogue of words, in en-US and in the pseudo-locale."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from wealthnexus.kit.text import PSEUDO_LOCALE, Message, in_locale, message, messages, parse

from tests.kit.test_events import load_everything

ROWS = Message(
    "test.rows",
    "{count, plural, one {# row was} other {# rows were}} read from {file} on {day, date} at {at, datetime};"
    " {amount, number} USD",
    {"count": int, "file": str, "day": date, "at": datetime, "amount": Decimal},
)
VALUES = {
    "file": "prices.csv",
    "day": date(2021, 3, 31),
    "at": datetime(2021, 3, 31, 16, 5, tzinfo=UTC),
    "amount": Decimal("1234567.8901"),
}


@pytest.mark.parametrize(
    ("count", "words"), [(1, "1 row was"), (0, "0 rows were"), (2_000, "2,000 rows were")]
)
def test_rendering(count: int, words: str) -> None:
    said = ROWS(count=count, **VALUES)
    assert said.replace("\u202f", " ") == (
        f"{words} read from prices.csv on 31 Mar 2021 at 31 Mar 2021, 16:05 UTC; 1,234,567.8901 USD"
    )


def test_the_pseudo_locale_changes_the_words_and_keeps_the_values() -> None:
    with in_locale(PSEUDO_LOCALE):
        said = ROWS(count=2, **VALUES)
    assert said.startswith("[2 ŕöŵš ŵéŕé ŕéåđ ƒŕöɱ prices.csv")
    assert len(said) > len(ROWS(count=2, **VALUES)) * 1.25


def test_an_unknown_locale_is_answered_in_english() -> None:
    with in_locale("tlh"):
        assert ROWS(count=1, **VALUES).startswith("1 row was")


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"count": 1}, "takes"),
        ({**VALUES, "count": "1"}, "count of test.rows is '1', expected int"),
        ({**VALUES, "count": True}, "expected int"),
        ({**VALUES, "count": 1, "day": VALUES["at"]}, "expected date"),
        ({**VALUES, "count": 1, "amount": 1.5}, "expected Decimal"),
    ],
)
def test_wrong_values_are_refused(values: dict[str, object], error: str) -> None:
    with pytest.raises(TypeError, match=error):
        ROWS(**values)


@pytest.mark.parametrize(
    "template", ["{open", "close}", "{a, money}", "{a b}", "{n, plural, one {x}}", "{n, plural}", "{}"]
)
def test_a_bad_template_is_refused(template: str) -> None:
    with pytest.raises(ValueError, match=r"placeholder|brace|forms"):
        parse(template)


def test_a_sentence_is_declared_once_and_with_its_own_parameters() -> None:
    with pytest.raises(ValueError, match=r"uses \['a'\] and declares \['b'\]"):
        message("test.wrong", "{a}", b=str)
    first = message("test.twice", "one")
    assert message("test.twice", "one") is first
    with pytest.raises(ValueError, match="declared twice"):
        message("test.twice", "two")


def test_every_sentence_of_the_product_renders_in_every_locale() -> None:
    load_everything()
    known = [entry for entry in messages() if not entry.key.startswith("test.")]
    assert len(known) >= 40
    for entry in known:
        said, pseudo = entry.sample(), entry.sample(PSEUDO_LOCALE)
        assert said, entry.key
        assert pseudo.startswith("["), entry.key
        assert pseudo.endswith("]"), entry.key
        plain = "".join(part for part in parse(entry.template) if isinstance(part, str))
        if re.search("[a-zA-Z]", plain):
            assert not any(word in pseudo for word in re.findall(r"[A-Za-z]{4,}", plain)), entry.key
