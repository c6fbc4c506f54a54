"""Markets: the firm's securities with their identifiers over time, prices and exchange rates.

Invariants: everything refers to the firm's own security row, never to a symbol; prices and rates are only
added, a corrected one under a higher book version; within a day what a person entered (source MANUAL) wins
over feeds. Reads are in ``repository``.
"""
