"""What is told and answered when a benchmark, a convention or a group of accounts is changed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

import strawberry

from wealthnexus.domain.performance.rules.benchmarks import Rebalance
from wealthnexus.graphql.types.benchmarks import Benchmark
from wealthnexus.graphql.types.failures import (
    Conflict,
    LimitExceeded,
    NotFound,
    PermissionDenied,
    ValidationFailed,
)
from wealthnexus.graphql.types.inputs import _KEY
from wealthnexus.graphql.types.performance import AccountGroup, BenchmarkRef, CalculationPolicy


@strawberry.input(description="A part of a blend from a day on: a security of yours, or a yearly rate.")
class BenchmarkComponentInput:
    first_day: date
    weight: Decimal = strawberry.field(description="Those of one day sum to 1.")
    security_id: strawberry.ID | None = None
    yearly_rate: Decimal | None = strawberry.field(default=None, description="As a fraction: 0.03 is 3 %.")


@strawberry.input
class CreateBenchmarkInput:
    name: str
    components: list[BenchmarkComponentInput]
    rebalance: Rebalance | None = None
    reason: str
    idempotency_key: strawberry.ID = strawberry.field(description=_KEY)


@strawberry.input
class ChangeBenchmarkInput:
    benchmark_id: strawberry.ID
    components: list[BenchmarkComponentInput] = strawberry.field(
        description="All of the blends of the days they name; blends of other days stay."
    )
    rebalance: Rebalance | None = None
    reason: str
    expected_version: int = strawberry.field(description="Of the benchmark that was looked at.")
    idempotency_key: strawberry.ID = strawberry.field(description=_KEY)


@strawberry.input
class AssignBenchmarkInput:
    benchmark_id: strawberry.ID
    household_id: strawberry.ID | None = strawberry.field(
        default=None, description="With neither household nor account: the firm."
    )
    account_id: strawberry.ID | None = None
    effective_from: date = strawberry.field(
        description="Until what is agreed for a later day begins; what held before ends on it."
    )
    reason: str
    idempotency_key: strawberry.ID = strawberry.field(description=_KEY)


@strawberry.input(description="A convention by its name, as `policy.choices` has them.")
class PolicyChoiceInput:
    name: str
    value: str


@strawberry.input
class SetCalculationPolicyInput:
    household_id: strawberry.ID | None = strawberry.field(
        default=None, description="With neither household nor report: the firm."
    )
    report: str | None = strawberry.field(
        default=None, description="The name of a report, whose conventions come above those of a household."
    )
    effective_from: date = strawberry.field(
        description="The days from which on they hold; days before keep theirs."
    )
    changes: list[PolicyChoiceInput] = strawberry.field(
        description="All that this level changes of the one above; what is not named is as above again."
    )
    reason: str
    expected_number: int = strawberry.field(description="Of the version that was looked at; 0 for none.")
    idempotency_key: strawberry.ID = strawberry.field(description=_KEY)


@strawberry.input
class CreateAccountGroupInput:
    name: str
    account_ids: list[strawberry.ID]
    idempotency_key: strawberry.ID = strawberry.field(description=_KEY)


@strawberry.input
class ChangeAccountGroupInput:
    group_id: strawberry.ID
    effective_from: date
    add_account_ids: list[strawberry.ID] = strawberry.field(default_factory=list)
    remove_account_ids: list[strawberry.ID] = strawberry.field(default_factory=list)
    idempotency_key: strawberry.ID = strawberry.field(description=_KEY)


@strawberry.type
class CreateBenchmarkSuccess:
    benchmark: BenchmarkRef


@strawberry.type
class ChangeBenchmarkSuccess:
    benchmark: Benchmark


@strawberry.type
class AssignBenchmarkSuccess:
    benchmark: BenchmarkRef
    until: date | None = strawberry.field(description="The day on which what is agreed for later begins.")


@strawberry.type
class SetCalculationPolicySuccess:
    calculation_policy: CalculationPolicy


@strawberry.type
class CreateAccountGroupSuccess:
    account_group: AccountGroup


@strawberry.type
class ChangeAccountGroupSuccess:
    account_group: AccountGroup


CreateBenchmarkPayload = Annotated[
    CreateBenchmarkSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("CreateBenchmarkPayload"),
]
ChangeBenchmarkPayload = Annotated[
    ChangeBenchmarkSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("ChangeBenchmarkPayload"),
]
AssignBenchmarkPayload = Annotated[
    AssignBenchmarkSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("AssignBenchmarkPayload"),
]
SetCalculationPolicyPayload = Annotated[
    SetCalculationPolicySuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("SetCalculationPolicyPayload"),
]
CreateAccountGroupPayload = Annotated[
    CreateAccountGroupSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("CreateAccountGroupPayload"),
]
ChangeAccountGroupPayload = Annotated[
    ChangeAccountGroupSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("ChangeAccountGroupPayload"),
]
