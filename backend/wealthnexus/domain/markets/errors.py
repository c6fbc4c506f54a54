"""What can be wrong with an identifier that somebody gives."""

from __future__ import annotations

from wealthnexus.domain.markets import texts
from wealthnexus.domain.markets.rules.identifiers import SCHEMES, fault_of, normalised_identifier
from wealthnexus.kit.errors import ValidationFailed


def checked_identifier(scheme: str, value: str, *, path: tuple[str, ...] = ("value",)) -> tuple[str, str]:
    """Scheme and value as they are kept; ValidationFailed with what would be right."""
    kind = scheme.strip().upper()
    if kind not in SCHEMES:
        said = texts.UNKNOWN_SCHEME(scheme=repr(scheme[:40]), listed=", ".join(SCHEMES))
        raise ValidationFailed(said, path=(*path[:-1], "scheme"))
    kept = normalised_identifier(kind, value)
    fault = fault_of(kind, kept)
    if fault is None:
        return kind, kept
    shown = value[:60]
    if fault.kind == "form":
        raise ValidationFailed(
            texts.BAD_FORM(value=repr(shown), scheme=kind, expected=fault.expected), path=path
        )
    raise ValidationFailed(texts.BAD_CHECK_DIGIT(scheme=kind, value=kept, expected=fault.expected), path=path)
