"""What may be changed: benchmarks and their assignments, conventions of calculation, groups of accounts."""

from wealthnexus.domain.performance.service.benchmarks import (
    AssignBenchmark,
    Component,
    CreateBenchmark,
    assign_benchmark,
    create_benchmark,
)
from wealthnexus.domain.performance.service.groups import ChangeGroup, change_group, create_group
from wealthnexus.domain.performance.service.policies import SetPolicy, set_policy

__all__ = [
    "AssignBenchmark",
    "ChangeGroup",
    "Component",
    "CreateBenchmark",
    "SetPolicy",
    "assign_benchmark",
    "change_group",
    "create_benchmark",
    "create_group",
    "set_policy",
]
