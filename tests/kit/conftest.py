from tests.kit.job_script import broker, script
from tests.support.engines import firm, other_firm, platform

__all__ = ["broker", "firm", "other_firm", "platform", "script"]
