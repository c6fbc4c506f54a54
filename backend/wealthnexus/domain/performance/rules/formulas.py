"""The catalogue of formulas: each figure names one of these, by id and version."""

from __future__ import annotations

from typing import Final

from wealthnexus.domain.performance.rules.figures import Formula

DAILY: Final = Formula(
    "twr.daily",
    1,
    "r = end / start - 1. SPLIT: start = opening value + opening change + inflow, end = closing value"
    " + outflow;"
    " START_OF_DAY: start = opening value + opening change + inflow - outflow, end = closing value;"
    " END_OF_DAY: start = opening value + opening change, end = closing value + outflow - inflow."
    " Net: end less fees borne here and paid elsewhere. Gross: end plus fees borne and paid here."
    " Both: end less other expenses paid elsewhere",
    "GIPS 2020; docs/domain/performance.md",
)
MODIFIED_DIETZ: Final = Formula(
    "twr.modified_dietz",
    1,
    "R = (closing - opening - flows) / (opening + sum(w x flow)), w = (CD - D) / CD at the end of day D,"
    " (CD - D + 1) / CD at its start; gross: fees borne and paid here are outflows",
    "GIPS 2020; docs/domain/performance.md",
)
LINKED: Final = Formula(
    "twr.linked", 1, "TWR = prod(1 + r) - 1 over the sub-periods", "GIPS 2020; docs/domain/performance.md"
)
ANNUALISED: Final = Formula(
    "return.annualised",
    1,
    "(1 + R) ** (1 / years) - 1 for whole years (1Y, 3Y, 5Y, 10Y, calendar years), else"
    " (1 + R) ** (365 / days) - 1; never for less than 365 days",
    "GIPS 2020; docs/domain/performance.md",
)
XIRR: Final = Formula(
    "mwr.xirr",
    1,
    "sum(flow / (1 + r) ** years since the first flow) = 0; every real root above -100 %",
    "docs/domain/performance.md",
)
MONEY_WEIGHTED_PERIOD: Final = Formula(
    "mwr.period", 1, "(1 + r) ** (years from the first to the last flow) - 1", "docs/domain/performance.md"
)
EXCESS: Final = Formula(
    "benchmark.excess",
    1,
    "ARITHMETIC: return - benchmark; GEOMETRIC: (1 + return) / (1 + benchmark) - 1",
    "GIPS 2020; docs/domain/performance.md",
)
BENCHMARK: Final = Formula(
    "benchmark.blend",
    1,
    "prod over days of sum(drifted weight x level / level before); weights return to their targets at each"
    " rebalancing and at each change of the blend",
    "GIPS 2020; docs/domain/performance.md",
)
SCOPE_FLOWS: Final = Formula(
    "scope.flows",
    1,
    "net flows = sum of FLOW and OPENING_CHANGE: movements across the boundary at the share of their account,"
    " transfers inside at the difference of the shares of their ends, accounts that join or leave at market"
    " value, expenses paid for accounts outside",
    "docs/domain/performance.md",
)
SCOPE_VALUE: Final = Formula(
    "scope.value",
    1,
    "sum over the accounts of value x rate of the day, to the cent, x share; what is on its way between"
    " accounts counts too",
    "docs/domain/performance.md",
)
SCOPE_VALUES: Final = Formula(
    "scope.values", 1, "the value at each close of the period", "docs/domain/performance.md"
)
ACCOUNT_VALUE: Final = Formula(
    "account.value",
    1,
    "cash + sum over the positions of units x close x multiplier x rate, to the cent, + accrued interest",
    "docs/domain/performance.md",
)
GAIN: Final = Formula(
    "profit.gain",
    1,
    "closing - opening - net flows = income + realised + unrealised + currency + undivided - fees - expenses;"
    " price in the position's currency at the rate of its day, currency = basis x change of its rate since"
    " acquisition",
    "docs/domain/performance.md",
)
CONTRIBUTION: Final = Formula(
    "contribution.linked",
    1,
    "sum over sub-periods of gain / start capital of the whole x growth of the whole before it; the parts sum"
    " to the linked return of the whole",
    "CFA Institute, performance contribution",
)
CONTRIBUTION_OF_PART: Final = Formula(
    "contribution.part",
    1,
    "sum over sub-periods of the part's gain / start capital of the whole x growth of the whole before it",
    "CFA Institute, performance contribution",
)
PART_RETURN: Final = Formula(
    "contribution.part_return",
    1,
    "prod(1 + gain / start) - 1 over the sub-periods in which the part had capital; start = its value at the"
    " close before and what came into it, gain = closing + what went out - start",
    "docs/domain/performance.md",
)
ATTRIBUTION: Final = Formula(
    "attribution.brinson_fachler",
    2,
    "allocation = (wp - wb)(rb - RB), selection = wb (rp - rb) + what was gained without capital (fees),"
    " interaction = (wp - wb)(rp - rb); periods linked by CARINO: k = (ln(1+RP) - ln(1+RB)) / (RP - RB) per"
    " period over the same of the whole, or MENCHERO: M + alpha (RP - RB) per period",
    "Brinson and Fachler 1985; Carino 1999; Menchero 2000",
)
ATTRIBUTION_BY_PERIOD: Final = Formula(
    "attribution.periods",
    1,
    "sum over sub-periods of factor x (allocation + selection + interaction)",
    "Brinson and Fachler 1985; Carino 1999; Menchero 2000",
)
VOLATILITY: Final = Formula(
    "risk.volatility",
    1,
    "sample standard deviation (n - 1) x sqrt(periods per year)",
    "CFA Institute; docs/domain/performance.md",
)
SHARPE: Final = Formula(
    "risk.sharpe",
    1,
    "mean(r - rf) / sample standard deviation(r - rf) x sqrt(periods per year);"
    " rf per period = (1 + rf per year) ** (1 / periods per year) - 1",
    "Sharpe 1994",
)
SORTINO: Final = Formula(
    "risk.sortino",
    1,
    "mean(r - mar) x periods per year / (sqrt(mean(min(r - mar, 0) ** 2)) x sqrt(periods per year)),"
    " over all observations",
    "Sortino and Price 1994",
)
DOWNSIDE: Final = Formula(
    "risk.downside_deviation",
    1,
    "sqrt(mean(min(r - mar, 0) ** 2)) x sqrt(periods per year), over all observations",
    "Sortino and Price 1994",
)
DRAWDOWN: Final = Formula(
    "risk.max_drawdown",
    1,
    "largest (peak - later value) / peak of prod(1 + r), from 1; positive = loss",
    "GIPS",
)
BETA: Final = Formula("risk.beta", 1, "cov(r - rf, b - rf) / var(b - rf), both with n - 1", "Sharpe 1964")
ALPHA: Final = Formula(
    "risk.alpha",
    1,
    "mean(r - rf) - beta x mean(b - rf) per period; over a year COMPOUND: (1 + alpha) ** periods - 1,"
    " MULTIPLY: alpha x periods",
    "Jensen 1968",
)
TRACKING_ERROR: Final = Formula(
    "risk.tracking_error",
    1,
    "sample standard deviation(r - b) x sqrt(periods per year)",
    "CFA Institute",
)
INFORMATION_RATIO: Final = Formula(
    "risk.information_ratio",
    1,
    "mean(r - b) / sample standard deviation(r - b) x sqrt(periods per year)",
    "CFA Institute",
)
CAPTURE: Final = Formula(
    "risk.capture",
    1,
    "geometric mean of r over geometric mean of b, over the periods in which b rose (up) or fell (down);"
    " ANNUALISED: both means compounded over a year",
    "Morningstar",
)
COMPOSITE: Final = Formula(
    "composite.asset_weighted",
    1,
    "sum(return x opening value) / sum(opening value) over the members of the whole period",
    "GIPS 2020",
)
COMPOSITE_YEAR: Final = Formula(
    "composite.linked",
    1,
    "product(1 + return of the composite in a month) - 1 over the months",
    "GIPS 2020",
)
EX_POST_DEVIATION: Final = Formula(
    "composite.ex_post_deviation",
    1,
    "standard deviation (n - 1) of the last 36 monthly returns x sqrt(12)",
    "GIPS 2020",
)
DISPERSION: Final = Formula(
    "composite.dispersion",
    1,
    "standard deviation (n) of member returns about their mean: asset-weighted, or equal-weighted",
    "GIPS 2020",
)
