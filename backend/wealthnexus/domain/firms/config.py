"""A firm's declarative folder: ``tenants/<slug>/tenant.toml`` and its logos, read and checked."""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from xml.etree import ElementTree
from zoneinfo import available_timezones

from babel import Locale
from babel.core import UnknownLocaleError
from babel.numbers import list_currencies
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from wealthnexus.domain.firms.errors import FirmConfigError
from wealthnexus.domain.firms.tiers import LIMITS, TIERS
from wealthnexus.kit import json as kit_json

SLUG = re.compile(r"^[a-z][a-z0-9]{1,30}$")
_HOST = re.compile(r"^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$")
FEATURES = frozenset({"book", "import", "audit", "approvals", "portal", "search", "post_corporate_actions"})
LOGOS = ("logo-light.svg", "logo-dark.svg", "favicon.svg")
_LOGO_BYTES_MAX = 32_768
_SVG = "{http://www.w3.org/2000/svg}"
_SVG_ELEMENTS = frozenset(
    _SVG + name
    for name in (
        "svg",
        "g",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "title",
        "desc",
        "defs",
        "text",
        "tspan",
        "linearGradient",
        "radialGradient",
        "stop",
        "clipPath",
        "use",
    )
)

Text = Annotated[str, Field(min_length=1, max_length=400)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Support(_Strict):
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]
    phone: Annotated[str, Field(pattern=r"^\+?[0-9 ().-]{5,30}$")] | None = None


class Brand(_Strict):
    """Hue in degrees and chroma only: lightness is fixed, so contrast holds for every firm."""

    hue: Annotated[float, Field(ge=0, le=360)]
    chroma: Annotated[float, Field(ge=0, le=0.16)]
    radius: Annotated[int, Field(ge=0, le=16)] = 8
    font: Literal["inter", "system"] = "inter"
    density: Literal["compact", "calm"] = "compact"
    illustration: Literal["ridge", "pines", "none"] = "none"

    @field_validator("hue", "chroma", mode="before")
    @classmethod
    def _whole_numbers_are_fine(cls, value: Any) -> Any:
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


class Demo(_Strict):
    business_date: date


class _File(_Strict):
    slug: Annotated[str, Field(pattern=SLUG.pattern)]
    name: Annotated[str, Field(min_length=1, max_length=80)]
    legal_name: Annotated[str, Field(min_length=1, max_length=160)]
    locale: str
    time_zone: str
    currency: str
    tier: str
    features: list[str]
    domains: list[str] = []
    legal_footer: Annotated[str, Field(min_length=1, max_length=1_000)]
    support: Support
    brand: Brand
    limits: dict[str, Annotated[int, Field(ge=1)]] = {}
    demo: Demo | None = None

    @field_validator("locale")
    @classmethod
    def _locale(cls, value: str) -> str:
        try:
            Locale.parse(value, sep="-")
        except (ValueError, UnknownLocaleError):
            raise ValueError("expected a locale such as en-US") from None
        return value

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("expected a name of the IANA database such as America/New_York")
        return value

    @field_validator("currency")
    @classmethod
    def _currency(cls, value: str) -> str:
        if value not in list_currencies():
            raise ValueError("expected an ISO 4217 code such as USD")
        return value

    @field_validator("tier")
    @classmethod
    def _tier(cls, value: str) -> str:
        if value not in TIERS:
            raise ValueError(f"expected one of {', '.join(TIERS)}")
        return value

    @field_validator("features")
    @classmethod
    def _features(cls, value: list[str]) -> list[str]:
        unknown = sorted(set(value) - FEATURES)
        if unknown:
            raise ValueError(f"{unknown[0]!r} is not a feature, expected of {', '.join(sorted(FEATURES))}")
        return sorted(set(value))

    @field_validator("domains")
    @classmethod
    def _domains(cls, value: list[str]) -> list[str]:
        for host in value:
            if not _HOST.match(host):
                raise ValueError(f"{host!r} is not a host name in lower case, expected e.g. wealth.firm.com")
        return sorted(set(value))

    @field_validator("limits")
    @classmethod
    def _limits(cls, value: dict[str, int]) -> dict[str, int]:
        unknown = sorted(set(value) - set(LIMITS))
        if unknown:
            raise ValueError(f"{unknown[0]!r} is not a limit, expected of {', '.join(LIMITS)}")
        return value


@dataclass(frozen=True, slots=True)
class FirmConfig:
    """A folder that was found right; ``digest`` changes with anything in it."""

    slug: str
    name: str
    legal_name: str
    locale: str
    time_zone: str
    currency: str
    tier: str
    features: tuple[str, ...]
    limits: dict[str, int]
    brand: dict[str, Any]
    support: dict[str, Any]
    legal_footer: str
    pinned_business_date: date | None
    domains: tuple[str, ...]
    digest: bytes


def load_firm_config(folder: Path) -> FirmConfig:
    """Reads and checks one firm's folder.

    FirmConfigError has a line per fault: file, key, value, expectation.
    """
    path = folder / "tenant.toml"
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FirmConfigError(f"{path} cannot be read ({error.strerror}); nothing was applied") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FirmConfigError(f"{path} is not TOML: {error}; nothing was applied") from None
    try:
        file = _File.model_validate(raw)
    except ValidationError as error:
        lines = [_fault(path, problem) for problem in error.errors()]
        raise FirmConfigError("\n".join([*lines, "Nothing was applied."])) from None
    if file.slug != folder.name:
        raise FirmConfigError(
            f"{path}: slug is {file.slug!r}, expected {folder.name!r} as its folder is called;"
            " nothing was applied"
        )
    for name in LOGOS:
        _check_logo(folder / name)
    facts: dict[str, Any] = {
        "slug": file.slug,
        "name": file.name,
        "legal_name": file.legal_name,
        "locale": file.locale,
        "time_zone": file.time_zone,
        "currency": file.currency,
        "tier": file.tier,
        "features": file.features,
        "limits": TIERS[file.tier] | file.limits,
        "brand": file.brand.model_dump(),
        "support": file.support.model_dump(),
        "legal_footer": file.legal_footer,
        "pinned_business_date": file.demo.business_date if file.demo else None,
        "domains": file.domains,
    }
    logos = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in LOGOS}
    digest = kit_json.digest({**facts, "logos": logos})
    return FirmConfig(
        **{**facts, "features": tuple(file.features), "domains": tuple(file.domains)}, digest=digest
    )


def _fault(path: Path, problem: Any) -> str:
    key = ".".join(str(part) for part in problem["loc"])
    message = str(problem["msg"]).removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    if problem["type"] == "missing":
        return f"{path}: {key} is missing, expected a value"
    if problem["type"] == "extra_forbidden":
        return f"{path}: {key} is not a key of this file, expected none of that name"
    return f"{path}: {key} is {problem['input']!r}, {message}"


def _check_logo(path: Path) -> None:
    """An SVG of drawing elements only: no script, no style, no link out of the file."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise FirmConfigError(f"{path} cannot be read ({error.strerror}); nothing was applied") from None
    if len(text) > _LOGO_BYTES_MAX:
        raise FirmConfigError(
            f"{path} has {len(text)} bytes, expected at most {_LOGO_BYTES_MAX}; nothing was applied"
        )
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise FirmConfigError(f"{path} declares a document type, expected none; nothing was applied")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - our own file, entities refused above
    except ElementTree.ParseError as error:
        raise FirmConfigError(f"{path} is not XML: {error}; nothing was applied") from None
    for element in root.iter():
        fault = None
        if element.tag not in _SVG_ELEMENTS:
            fault = f"the element {element.tag.removeprefix(_SVG)}"
        for name, value in element.attrib.items():
            outward = "url(" in value and "url(#" not in value
            if name.lower().startswith("on") or name == "style" or outward:
                fault = f"the attribute {name}={value[:40]!r}"
            if name.endswith("href") and not value.startswith("#"):
                fault = f"a link to {value[:40]!r}"
        if fault:
            raise FirmConfigError(f"{path} has {fault}, expected plain drawing; nothing was applied")
