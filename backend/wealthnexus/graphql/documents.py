"""Documents, prepared once: parsed, held to the limits, validated, costed. Trusted ones at start."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    StringValueNode,
    Visitor,
    parse,
    validate,
    visit,
)

from wealthnexus.graphql import limits
from wealthnexus.graphql.cost import CostPlan, plan_cost
from wealthnexus.kit.telemetry import logger

_log = logger("graphql.documents")

_MESSAGE_MAX: Final = 200
_CACHE_MAX: Final = 1_000
_CACHED_CHARACTERS_MAX: Final = 8_000_000
_HASH = re.compile(r"^[0-9a-f]{64}$")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a document."""

    name: str | None
    kind: OperationType
    cost: CostPlan
    roots: frozenset[str]
    """The root fields it selects."""
    is_probe: bool
    """Asks ``__typename``, or the name of a type it already knows, and nothing else: anybody may."""

    @property
    def introspects(self) -> bool:
        return not self.is_probe and bool(self.roots & {"__schema", "__type"})


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that was looked at; ``errors`` when it cannot be executed."""

    text: str
    document: DocumentNode | None
    errors: tuple[GraphQLError, ...]
    operations: Mapping[str | None, Operation] = field(default_factory=dict)

    @property
    def runnable(self) -> DocumentNode:
        """The document of a preparation without errors; RuntimeError otherwise."""
        if self.document is None or self.errors:
            raise RuntimeError("a document with errors was to be executed")
        return self.document

    def choose(self, name: str | None) -> Operation | GraphQLError:
        """The operation asked for; an error when the request does not say which of several."""
        if name is not None:
            found = self.operations.get(name)
            return found or _bad(f"the document has no operation named {name[:60]!r}; nothing was executed")
        if len(self.operations) == 1:
            return next(iter(self.operations.values()))
        if not self.operations:
            return _bad("the document has no operation; nothing was executed")
        return _bad(
            f"the document has {len(self.operations)} operations; operationName must say which,"
            " nothing was executed"
        )


def _bad(message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": "BAD_USER_INPUT"})


class _NulFinder(Visitor):
    """Finds the text literals with U+0000, which PostgreSQL does not keep."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[GraphQLError] = []

    def enter_string_value(self, node: StringValueNode, *_: Any) -> None:
        if "\x00" in node.value and not self.found:
            message = "a text contains the character NUL, which no text here can keep; nothing was executed"
            self.found.append(GraphQLError(message, node, extensions={"code": "BAD_USER_INPUT"}))


def _nul_literals(document: DocumentNode, text: str) -> list[GraphQLError]:
    if "\\u" not in text and "\x00" not in text:
        return []
    finder = _NulFinder()
    visit(document, finder)
    return finder.found


def _of_the_document(error: GraphQLError) -> GraphQLError:
    """A literal that does not fit its type is the sender's fault, whatever the scalar raised over it."""
    if error.original_error is None or isinstance(error.original_error, GraphQLError):
        return error
    return GraphQLError(
        f"{error.message[:_MESSAGE_MAX]}; nothing was executed",
        nodes=error.nodes,
        extensions={"code": "BAD_USER_INPUT"},
    )


class Documents:
    """Prepares documents and remembers them, least recently used out first."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._known: OrderedDict[str, Prepared] = OrderedDict()
        self._characters = 0
        self.trusted: dict[str, Prepared] = {}

    def prepare(self, text: str) -> Prepared:
        known = self._known.get(text)
        if known is not None:
            self._known.move_to_end(text)
            return known
        prepared = self._prepare(text)
        if len(text) > limits.CHARACTERS_MAX:
            return prepared
        self._known[text] = prepared
        self._characters += len(text)
        while len(self._known) > _CACHE_MAX or self._characters > _CACHED_CHARACTERS_MAX:
            removed, _ = self._known.popitem(last=False)
            self._characters -= len(removed)
        return prepared

    def _prepare(self, text: str) -> Prepared:
        if len(text) > limits.CHARACTERS_MAX:
            message = (
                f"the document has {len(text)} characters, expected at most {limits.CHARACTERS_MAX};"
                " nothing was executed"
            )
            return Prepared("", None, (GraphQLError(message, extensions={"code": "LIMIT_EXCEEDED"}),))
        try:
            document = parse(text, max_tokens=limits.TOKENS_MAX)
        except GraphQLError as error:
            return Prepared(text, None, (error,))
        except RecursionError:
            return Prepared(text, None, (_bad("the document is nested too deeply; nothing was executed"),))
        errors = (
            limits.refusals(document)
            or _nul_literals(document, text)
            or validate(
                self._schema,
                document,
                max_errors=limits.VALIDATION_ERRORS_MAX,
                hide_suggestions=True,
            )
        )
        if errors:
            return Prepared(text, document, tuple(_of_the_document(error) for error in errors))
        operations = {
            node.name.value if node.name else None: _operation(self._schema, document, node)
            for node in document.definitions
            if isinstance(node, OperationDefinitionNode)
        }
        return Prepared(text, document, (), operations)

    def load_trusted(self, manifest: Path) -> int:
        """Reads ``{sha256: document}``; what is not as it should be is logged and left out.

        Returns how many documents are trusted now. A missing manifest trusts none.
        """
        try:
            entries = orjson.loads(manifest.read_bytes())
        except FileNotFoundError:
            self.trusted = {}
            return 0
        except orjson.JSONDecodeError:
            _log.error("the trusted documents cannot be read", path=str(manifest))
            entries = {}
        self.trusted = dict(self._trustworthy(entries.items() if isinstance(entries, dict) else ()))
        return len(self.trusted)

    def _trustworthy(self, entries: Iterable[tuple[str, Any]]) -> Iterable[tuple[str, Prepared]]:
        for digest, text in entries:
            if not isinstance(text, str) or hashlib.sha256(text.encode()).hexdigest() != digest:
                _log.error(
                    "a trusted document is refused", document_id=digest, reason="its hash is another one"
                )
                continue
            prepared = self._prepare(text)
            if prepared.errors:
                reasons = [error.message for error in prepared.errors]
                _log.error("a trusted document is refused", document_id=digest, reason=reasons)
                continue
            yield digest, prepared

    def trusted_by_id(self, document_id: str) -> Prepared | None:
        return self.trusted.get(document_id) if _HASH.match(document_id) else None

    def is_trusted(self, text: str) -> bool:
        """Whether the text is one of the trusted documents, sent in full."""
        return bool(self.trusted) and hashlib.sha256(text.encode()).hexdigest() in self.trusted


def _operation(schema: GraphQLSchema, document: DocumentNode, node: OperationDefinitionNode) -> Operation:
    fragments = {
        each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)
    }
    roots = list(_fields(node.selection_set, fragments))
    return Operation(
        name=node.name.value if node.name else None,
        kind=node.operation,
        cost=plan_cost(schema, document, node),
        roots=frozenset(field.name.value for field in roots),
        is_probe=all(_is_probe(field, fragments) for field in roots),
    )


def _is_probe(node: FieldNode, fragments: Mapping[str, FragmentDefinitionNode]) -> bool:
    if node.name.value == "__typename":
        return True
    if node.name.value != "__type" or node.selection_set is None:
        return False
    asked = {field.name.value for field in _fields(node.selection_set, fragments)}
    return asked <= {"name", "__typename"}


def _fields(
    selection_set: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> Iterable[FieldNode]:
    """The fields of one level, those of fragments included."""
    waiting = [selection_set]
    while waiting:
        for node in waiting.pop().selections:
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                waiting.append(node.selection_set)
            elif isinstance(node, FragmentSpreadNode):
                waiting.append(fragments[node.name.value].selection_set)
