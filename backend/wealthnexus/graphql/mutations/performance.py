"""Benchmarks, conventions of calculation, groups of accounts."""

from __future__ import annotations

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import mutation
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.types.performance_changes import (
    AssignBenchmarkInput,
    AssignBenchmarkPayload,
    ChangeAccountGroupInput,
    ChangeAccountGroupPayload,
    ChangeBenchmarkInput,
    ChangeBenchmarkPayload,
    CreateAccountGroupInput,
    CreateAccountGroupPayload,
    CreateBenchmarkInput,
    CreateBenchmarkPayload,
    SetCalculationPolicyInput,
    SetCalculationPolicyPayload,
)
from wealthnexus.graphql.types.published import PublishFiguresInput, PublishFiguresPayload


@strawberry.type
class PerformanceMutations:
    @mutation(Permission.PERFORMANCE_MANAGE, "Makes a benchmark of your securities or a yearly rate.")
    async def create_benchmark(self, info: Info, input: CreateBenchmarkInput) -> CreateBenchmarkPayload:
        return await info.context.acts.performance.create_benchmark(input)

    @mutation(
        Permission.PERFORMANCE_MANAGE,
        "Makes a benchmark of something else from a day on; as known before it is what it was.",
    )
    async def change_benchmark(self, info: Info, input: ChangeBenchmarkInput) -> ChangeBenchmarkPayload:
        return await info.context.acts.performance.change_benchmark(input)

    @mutation(Permission.PERFORMANCE_MANAGE, "Measures the firm, a household or an account beside it.")
    async def assign_benchmark(self, info: Info, input: AssignBenchmarkInput) -> AssignBenchmarkPayload:
        return await info.context.acts.performance.assign_benchmark(input)

    @mutation(
        Permission.PERFORMANCE_MANAGE, "Sets the conventions of the firm, of a household or of a report."
    )
    async def set_calculation_policy(
        self, info: Info, input: SetCalculationPolicyInput
    ) -> SetCalculationPolicyPayload:
        return await info.context.acts.performance.set_calculation_policy(input)

    @mutation(
        Permission.PERFORMANCE_MANAGE,
        "Publishes the figures of a household or account for a day, or publishes them anew with a reason.",
    )
    async def publish_figures(self, info: Info, input: PublishFiguresInput) -> PublishFiguresPayload:
        return await info.context.acts.performance.publish_figures(input)

    @mutation(Permission.VIEWS_WRITE, "Accounts that are reported together.")
    async def create_account_group(
        self, info: Info, input: CreateAccountGroupInput
    ) -> CreateAccountGroupPayload:
        return await info.context.acts.performance.create_account_group(input)

    @mutation(Permission.VIEWS_WRITE, "Accounts join or leave a group from a day on.")
    async def change_account_group(
        self, info: Info, input: ChangeAccountGroupInput
    ) -> ChangeAccountGroupPayload:
        return await info.context.acts.performance.change_account_group(input)
