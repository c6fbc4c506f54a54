"""WealthNexus: the platform on which a wealth-management firm runs its whole practice."""

__version__ = "0.1.0"
