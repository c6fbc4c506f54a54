"""The typed catalogue of words: every sentence the server says to a person.

A room declares its sentences once, at import, and calls them with named values::

    EXPIRED = message("approvals.expired", "{title} expired on {when, datetime}", title=str, when=datetime)
    raise Expired(EXPIRED(title=request.title, when=request.expires_at))

Placeholders are a subset of ICU MessageFormat: ``{name}``, ``{name, number}``, ``{name, date}``,
``{name, datetime}`` and ``{name, plural, one {# item} other {# items}}``. Locales: ``en-US`` and the
pseudo-locale ``en-XA``, whose accented, longer words show which text does not come from here.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

DEFAULT_LOCALE: Final = "en-US"
PSEUDO_LOCALE: Final = "en-XA"
LOCALES: Final = (DEFAULT_LOCALE, PSEUDO_LOCALE)
_KEY: Final = re.compile(r"^[a-z]+(\.[a-z0-9_]+)+$")
_locale: ContextVar[str] = ContextVar("wealthnexus_locale", default=DEFAULT_LOCALE)
_catalogue: dict[str, Message] = {}

_PSEUDO = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "åƀçđéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýžÅƁÇĐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽ",
)

ParameterType = type[str] | type[int] | type[Decimal] | type[date] | type[datetime]
_SAMPLES: Final[dict[type, Any]] = {
    str: "Sample",
    int: 1234,
    Decimal: Decimal("1234.5"),
    date: date(2021, 3, 31),
    datetime: datetime.fromisoformat("2021-03-31T16:00:00+00:00"),
}


@dataclass(frozen=True, slots=True)
class Placeholder:
    """``kind`` is "", number, date, datetime or plural; ``forms`` belong to plural."""

    name: str
    kind: str
    forms: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence. Calling it renders it in the current locale; TypeError on wrong parameters."""

    key: str
    template: str
    parameters: Mapping[str, ParameterType]

    def __call__(self, **values: Any) -> str:
        return self.render(_locale.get(), values)

    def render(self, locale: str, values: Mapping[str, Any]) -> str:
        """``values`` must be exactly the declared parameters, of the declared types."""
        if set(values) != set(self.parameters):
            raise TypeError(f"{self.key} takes {sorted(self.parameters)}, it was given {sorted(values)}")
        for name, expected in self.parameters.items():
            if not _fits(values[name], expected):
                raise TypeError(f"{name} of {self.key} is {values[name]!r}, expected {expected.__name__}")
        pseudo = locale == PSEUDO_LOCALE
        parts = [
            _pseudo(part) if isinstance(part, str) and pseudo else
            part if isinstance(part, str) else
            _shown(part, values[part.name], pseudo=pseudo)
            for part in parse(self.template)
        ]  # fmt: skip
        text = "".join(parts)
        return f"[{text} {'·' * (len(text) // 3)}]" if pseudo else text

    def sample(self, locale: str = DEFAULT_LOCALE) -> str:
        """Rendered with sample values: proves that the sentence can be said."""
        return self.render(locale, {name: _SAMPLES[kind] for name, kind in self.parameters.items()})


def message(key: str, template: str, **parameters: ParameterType) -> Message:
    """Declare a sentence; ValueError when the key is doubled or the placeholders do not fit."""
    if not _KEY.match(key):
        raise ValueError(f"the text key {key!r} is not dotted lower case")
    used = {part.name for part in parse(template) if isinstance(part, Placeholder)}
    if used != set(parameters):
        raise ValueError(f"{key} uses {sorted(used)} and declares {sorted(parameters)}")
    entry = Message(key, template, dict(parameters))
    known = _catalogue.setdefault(key, entry)
    if (known.template, dict(known.parameters)) != (template, dict(parameters)):
        raise ValueError(f"the text key {key!r} is declared twice")
    return known


def messages() -> Iterator[Message]:
    """The whole catalogue, by key."""
    yield from (entry for _, entry in sorted(_catalogue.items()))


@contextlib.contextmanager
def in_locale(locale: str) -> Iterator[None]:
    """Sentences said inside are in ``locale``; an unknown one falls back to en-US."""
    token = _locale.set(locale if locale in LOCALES else DEFAULT_LOCALE)
    try:
        yield
    finally:
        _locale.reset(token)


@lru_cache(maxsize=4_096)
def parse(template: str) -> tuple[str | Placeholder, ...]:
    """The template's plain parts and placeholders, in order; ValueError on unbalanced braces."""
    parts: list[str | Placeholder] = []
    position = 0
    while position < len(template):
        opening = template.find("{", position)
        plain = template[position : opening if opening >= 0 else len(template)]
        if "}" in plain:
            raise ValueError(f"a brace is closed but not opened in {template!r}")
        if plain:
            parts.append(plain)
        if opening < 0:
            break
        closing = _closing_brace(template, opening)
        parts.append(_placeholder(template[opening + 1 : closing], template))
        position = closing + 1
    return tuple(parts)


def _closing_brace(template: str, opening: int) -> int:
    depth = 0
    for position in range(opening, len(template)):
        depth += {"{": 1, "}": -1}.get(template[position], 0)
        if depth == 0:
            return position
    raise ValueError(f"a brace is opened but not closed in {template!r}")


def _placeholder(inside: str, template: str) -> Placeholder:
    name, _, rest = (piece.strip() for piece in inside.partition(","))
    kind, _, forms_text = (piece.strip() for piece in rest.partition(","))
    if not name.isidentifier() or kind not in ("", "number", "date", "datetime", "plural"):
        raise ValueError(f"{{{inside}}} in {template!r} is not a placeholder")
    forms = dict(re.findall(r"(one|other)\s*\{([^{}]*)\}", forms_text))
    if (kind == "plural") != (set(forms) == {"one", "other"}):
        raise ValueError(f"{{{inside}}} in {template!r} needs the forms one and other")
    return Placeholder(name, kind, forms)


def _fits(value: Any, expected: ParameterType) -> bool:
    if expected is str:
        return isinstance(value, str | UUID)
    if expected is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if expected is date:
        return isinstance(value, date) and not isinstance(value, datetime)
    return isinstance(value, expected)


def _shown(part: Placeholder, value: Any, *, pseudo: bool) -> str:
    locale = DEFAULT_LOCALE.replace("-", "_")
    if part.kind == "plural":
        form = part.forms["one" if value == 1 else "other"]
        form = _pseudo(form) if pseudo else form
        return form.replace("#", format_decimal(value, locale=locale))
    if part.kind == "number":
        return format_decimal(value, locale=locale, decimal_quantization=False)
    if part.kind == "datetime":
        return format_datetime(value, "d MMM y, HH:mm 'UTC'", locale=locale)
    if part.kind == "date":
        return format_date(value, "d MMM y", locale=locale)  # as every screen writes it
    return str(value)


def _pseudo(text: str) -> str:
    return text.translate(_PSEUDO)
