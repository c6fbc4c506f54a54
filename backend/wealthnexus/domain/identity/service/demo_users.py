"""The demo's people; see ``development``."""

from wealthnexus.domain.identity.service.development import DemoPerson, ensure_demo_users

__all__ = ["DemoPerson", "ensure_demo_users"]
