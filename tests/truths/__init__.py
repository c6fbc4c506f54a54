"""Figures that others published, which ours must match.

Each file says in ``about`` and ``use`` what it holds and how to run it, each case in ``source`` where it is
from: beancount and Portfolio Performance (lots), IRS Publication 550 (wash sales, options), FinancePy and
bondtutor.com (fixed income), the European Central Bank (fx), the exchanges (calendars).
"""
