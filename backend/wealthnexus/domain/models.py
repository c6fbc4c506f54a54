"""Every table of the platform, gathered for migrations and the catalog tests."""

from wealthnexus.domain.approvals import models as approvals
from wealthnexus.domain.audit import models as audit
from wealthnexus.domain.clients import models as clients
from wealthnexus.domain.closing import models as closing
from wealthnexus.domain.feeds import models as feeds
from wealthnexus.domain.firms import models as firms
from wealthnexus.domain.identity import models as identity
from wealthnexus.domain.ledger import models as ledger
from wealthnexus.domain.markets import models as markets
from wealthnexus.domain.performance import models as performance
from wealthnexus.domain.work import models as work
from wealthnexus.kit.db import platform_tables as platform
from wealthnexus.kit.db.tables import metadata

__all__ = [
    "approvals",
    "audit",
    "clients",
    "closing",
    "feeds",
    "firms",
    "identity",
    "ledger",
    "markets",
    "metadata",
    "performance",
    "platform",
    "work",
]
