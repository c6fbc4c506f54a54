"""What can be wrong with a firm's declaration."""

from __future__ import annotations

from wealthnexus.kit.errors import NotFound, ValidationFailed


class FirmConfigError(ValidationFailed):
    """A firm's folder that cannot be applied; each line names file, key, value and expectation."""


class UnknownFirm(NotFound):
    """No firm answers to that slug or host."""
