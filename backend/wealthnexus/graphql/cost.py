"""What an operation costs: the fields it may answer, list fields counted as often as asked for.

Computed once per document as a sum of products of page sizes, so that a request only fills in its
variables. Fields that need a count or a sum over a whole list weigh more (``WEIGHTS``). The budget is
the firm's limit ``operation_cost_max``; both figures are in every answer's ``extensions.cost``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_composite_type,
)

from wealthnexus.kit.paging import FIRST_DEFAULT, FIRST_MAX_BULK

WEIGHTS: Final[dict[str, int]] = {
    "totalCount": 20,
    "totalValue": 50,
    "totalCash": 50,
    "householdCount": 20,
    "accountCount": 20,
    "valueHistory": 20,
    "auditChain": 500,
    "search": 50,
    "balanceSheet": 50,
    "ownershipGraph": 50,
    "netWorth": 20,
    "workSummary": 50,
    "prices": 20,
    "holders": 10,
    "holdingGroups": 20,
    "custodianPositions": 20,
    "performance": 100,
    "performanceExplain": 100,
    "performanceExplanation": 200,
    "publication": 50,
    "steps": 100,
    "composite": 500,
    "compositeExplain": 500,
    "contribution": 50,
    "attribution": 50,
    "periods": 20,
    "course": 50,
    "risk": 50,
    "calendar": 20,
    "income": 20,
    "realised": 20,
    "unrealised": 20,
    # What plays the books of tax lots, or judges the ledger for every action.
    "lots": 50,
    "lotFindings": 50,
    "realisedGains": 100,
    "washSaleCheck": 100,
    "cost": 5,
    "gain": 5,
    "identicalSecurities": 10,
    "corporateActions": 50,
    "corporateActionCounts": 100,
    "corporateActionPreview": 200,
    "transactionCorrectionPreview": 200,
}
# Lists without a page size are short by nature: reasons, inputs, identifiers, decisions.
SHORT_LIST: Final = 3
_PAGE_ARGUMENTS: Final = ("first", "last")
_COUNT_ARGUMENTS: Final = ("days", "points")
COST_MAX: Final = 10**12


@dataclass(frozen=True, slots=True)
class Slot:
    """A page size that a variable gives."""

    variable: str
    default: int


Chain = tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class CostPlan:
    """Fields per chain of page sizes."""

    terms: tuple[tuple[Chain, int], ...]

    def cost(self, variables: Mapping[str, Any] | None) -> int:
        total = 0
        for chain, count in self.terms:
            product = count
            for slot in chain:
                product *= _page(variables.get(slot.variable) if variables else None, slot.default)
            total += product
        return min(total, COST_MAX)


def _page(value: Any, default: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        return default
    return max(1, min(value, FIRST_MAX_BULK))


class _Planner:
    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode
    ) -> None:
        self._schema = schema
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._defaults = {
            node.variable.name.value: int(node.default_value.value)
            for node in operation.variable_definitions or ()
            if isinstance(node.default_value, IntValueNode)
        }
        self._known: dict[tuple[str, Slot | int], Counter[Chain]] = {}

    def selection(
        self, parent: GraphQLCompositeType, selection_set: SelectionSetNode, page: Slot | int = 1
    ) -> Counter[Chain]:
        """``page``: the page size of the connection whose selection this is."""
        plan: Counter[Chain] = Counter()
        for node in selection_set.selections:
            if isinstance(node, FieldNode):
                plan.update(self._field(parent, node, page))
            elif isinstance(node, InlineFragmentNode):
                plan.update(self.selection(self._condition(parent, node), node.selection_set, page))
            elif isinstance(node, FragmentSpreadNode):
                plan.update(self._fragment(node.name.value, page))
        return plan

    def _fragment(self, name: str, page: Slot | int) -> Counter[Chain]:
        known = self._known.get((name, page))
        if known is None:
            fragment = self._fragments[name]
            type_ = self._schema.get_type(fragment.type_condition.name.value)
            known = self._known[name, page] = (
                self.selection(type_, fragment.selection_set, page) if is_composite_type(type_) else Counter()
            )
        return known

    def _condition(self, parent: GraphQLCompositeType, node: InlineFragmentNode) -> GraphQLCompositeType:
        if node.type_condition is None:
            return parent
        type_ = self._schema.get_type(node.type_condition.name.value)
        return type_ if is_composite_type(type_) else parent

    def _field(self, parent: GraphQLCompositeType, node: FieldNode, page: Slot | int) -> Counter[Chain]:
        name = node.name.value
        plan: Counter[Chain] = Counter({(): WEIGHTS.get(name, 1)})
        if not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType) or name not in parent.fields:
            return plan  # __typename and the introspection fields
        field_type = parent.fields[name].type
        named = get_named_type(field_type)
        asked = self._asked(node)
        if node.selection_set is not None and is_composite_type(named):
            inner = asked if named.name.endswith("Connection") else 1
            below = self.selection(named, node.selection_set, inner if inner is not None else FIRST_DEFAULT)
            if parent.name.endswith("Connection") and name in ("edges", "nodes"):
                below = _times(below, page)
            elif _is_list(field_type):
                below = _times(below, asked if asked is not None else SHORT_LIST)
            plan.update(below)
        return plan

    def _asked(self, node: FieldNode) -> Slot | int | None:
        for argument in node.arguments or ():
            if argument.name.value not in _PAGE_ARGUMENTS + _COUNT_ARGUMENTS:
                continue
            value = argument.value
            if isinstance(value, IntValueNode):
                return _page(int(value.value), FIRST_DEFAULT)
            if isinstance(value, VariableNode):
                variable = value.name.value
                return Slot(variable, self._defaults.get(variable, FIRST_DEFAULT))
        return None


def _times(plan: Counter[Chain], page: Slot | int) -> Counter[Chain]:
    if isinstance(page, int):
        return Counter({chain: count * page for chain, count in plan.items()})
    return Counter({(page, *chain): count for chain, count in plan.items()})


def _is_list(type_: Any) -> bool:
    return isinstance(type_.of_type if isinstance(type_, GraphQLNonNull) else type_, GraphQLList)


def plan_cost(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) -> CostPlan:
    """The plan of one operation of a document that has been validated."""
    root = schema.get_root_type(operation.operation)
    if root is None:
        return CostPlan(())
    return CostPlan(
        tuple(_Planner(schema, document, operation).selection(root, operation.selection_set).items())
    )
