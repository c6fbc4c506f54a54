"""The database: tables that carry their row security, engines per role, the unit of work."""

from wealthnexus.kit.db.session import Binding, Database, Reader, UnitOfWork
from wealthnexus.kit.db.tables import metadata

__all__ = ["Binding", "Database", "Reader", "UnitOfWork", "metadata"]
