"""Kinds of work items: what a group of them is called, and whether a person may tick one off."""

from __future__ import annotations

from dataclasses import dataclass

from wealthnexus.kit.text import Message, message


@dataclass(frozen=True, slots=True)
class ItemKind:
    """``is_closed_by_hand``: False where the item ends with what it is about (an approval, a job).

    ``ends_with_findings``: the name of the parameter of findings that holds the item's dedupe key; with the
    last open one of them the item is done.
    """

    kind: str
    label: Message
    is_closed_by_hand: bool = True
    ends_with_findings: str | None = None


_kinds: dict[str, ItemKind] = {}
_OTHER = message("work.kind_other", "Other work")


def register_item_kind(
    kind: str, label: Message, *, is_closed_by_hand: bool = True, ends_with_findings: str | None = None
) -> ItemKind:
    """Declare a kind (``room.what``) at import of its room; ValueError when declared differently before."""
    entry = ItemKind(kind, label, is_closed_by_hand, ends_with_findings)
    if _kinds.setdefault(kind, entry) != entry:
        raise ValueError(f"the work item kind {kind!r} is declared twice")
    return entry


def item_kind(kind: str) -> ItemKind:
    """The declared kind; an undeclared one is "Other work" and closed by hand."""
    return _kinds.get(kind) or ItemKind(kind, _OTHER)


def kinds_ending_with_findings() -> list[ItemKind]:
    return [entry for entry in _kinds.values() if entry.ends_with_findings is not None]
