"""Markets: the firm's securities with their identifiers over time, prices, corporate actions, calendars.

Invariants: everything refers to the firm's own security row, never to a symbol, and a name means the
security of its day; prices and rates are only added, a corrected one under a higher book version; on a day
what a person entered (source MANUAL) wins over feeds and feeds over generated prices (SYNTHETIC), and a
withdrawn price counts for nothing. Reads are in ``repository``, writes in ``service``, the decisions in
``rules``.
"""
