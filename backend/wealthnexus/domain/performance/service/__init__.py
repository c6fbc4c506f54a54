"""What may be changed: benchmarks and their assignments, conventions of calculation, groups of accounts."""

from wealthnexus.domain.performance.service.benchmarks import (
    Component,
    CreateBenchmark,
    assign_benchmark,
    create_benchmark,
)
from wealthnexus.domain.performance.service.groups import create_group
from wealthnexus.domain.performance.service.policies import SetPolicy, set_policy

__all__ = [
    "Component",
    "CreateBenchmark",
    "SetPolicy",
    "assign_benchmark",
    "create_benchmark",
    "create_group",
    "set_policy",
]
