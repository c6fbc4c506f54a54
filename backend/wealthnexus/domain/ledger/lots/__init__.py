"""Tax lots, corporate actions on them and wash sales: from transactions to open lots and realised gains.

Pure: no database, no clock. Invariants: lots add up to the units of the entries; basis is moved, never made
or lost, by splits, spin-offs, mergers and transfers; a share replaces one loss once; what is not known is
None with a reason. Source of the conventions: docs/domain/lots.md.
"""
