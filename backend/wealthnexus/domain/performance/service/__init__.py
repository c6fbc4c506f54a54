"""What may be changed: benchmarks and their assignments, conventions of calculation, groups of accounts."""

from wealthnexus.domain.performance.service.benchmarks import (
    AssignBenchmark,
    ChangeBenchmark,
    Component,
    CreateBenchmark,
    assign_benchmark,
    change_benchmark,
    create_benchmark,
)
from wealthnexus.domain.performance.service.composites import (
    ChangeMembers,
    CreateComposite,
    add_members,
    create_composite,
    remove_members,
)
from wealthnexus.domain.performance.service.groups import ChangeGroup, change_group, create_group
from wealthnexus.domain.performance.service.policies import SetPolicy, set_policy
from wealthnexus.domain.performance.service.publishing import Publish, publish

__all__ = [
    "AssignBenchmark",
    "ChangeBenchmark",
    "ChangeGroup",
    "ChangeMembers",
    "Component",
    "CreateBenchmark",
    "CreateComposite",
    "Publish",
    "SetPolicy",
    "add_members",
    "assign_benchmark",
    "change_benchmark",
    "change_group",
    "create_benchmark",
    "create_composite",
    "create_group",
    "publish",
    "remove_members",
    "set_policy",
]
