"""Firms: the tenants, where they answer, how they look, what they may use, and their keys.

Invariants: only the owner role writes firms and domains, from checked folders; applying the same
folder twice changes nothing; a firm's key exists wrapped by the master key only.
"""

from wealthnexus.domain.firms.config import FirmConfig, load_firm_config
from wealthnexus.domain.firms.errors import FirmConfigError, UnknownFirm
from wealthnexus.domain.firms.info import FirmInfo
from wealthnexus.domain.firms.keys import Keyring
from wealthnexus.domain.firms.service import (
    Applied,
    FirmDirectory,
    apply_firm,
    firm_by_host,
    firm_by_id,
    firm_by_slug,
    list_firms,
)

__all__ = [
    "Applied",
    "FirmConfig",
    "FirmConfigError",
    "FirmDirectory",
    "FirmInfo",
    "Keyring",
    "UnknownFirm",
    "apply_firm",
    "firm_by_host",
    "firm_by_id",
    "firm_by_slug",
    "list_firms",
    "load_firm_config",
]
