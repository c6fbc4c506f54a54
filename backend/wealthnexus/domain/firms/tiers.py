"""Tiers: the limits a firm has unless its own file says otherwise. Everything unbounded has one."""

from __future__ import annotations

from typing import Final

LIMITS: Final[dict[str, str]] = {
    "users_max": "people who are invited or active, staff and clients together",
    "accounts_max": "accounts in the books",
    "sessions_per_user_max": "sessions one person may have open",
    "requests_per_minute": "API requests of one person in a minute",
    "subscriptions_per_session_max": "live subscriptions of one session",
    "operation_cost_max": "cost of one API operation, in estimated fields",
    "import_rows_max": "rows in one import",
    "upload_bytes_max": "bytes of one uploaded file",
    "jobs_running_max": "jobs of the firm that run at once",
    "import_undo_hours": "hours for which an import can be taken back",
}

TIERS: Final[dict[str, dict[str, int]]] = {
    "starter": {
        "users_max": 25,
        "accounts_max": 1_000,
        "sessions_per_user_max": 10,
        "requests_per_minute": 300,
        "subscriptions_per_session_max": 10,
        "operation_cost_max": 20_000,
        "import_rows_max": 200_000,
        "upload_bytes_max": 50_000_000,
        "jobs_running_max": 2,
        "import_undo_hours": 24,
    },
    "professional": {
        "users_max": 500,
        "accounts_max": 20_000,
        "sessions_per_user_max": 20,
        "requests_per_minute": 1_200,
        "subscriptions_per_session_max": 20,
        "operation_cost_max": 50_000,
        "import_rows_max": 5_000_000,
        "upload_bytes_max": 200_000_000,
        "jobs_running_max": 4,
        "import_undo_hours": 24,
    },
    "enterprise": {
        "users_max": 200_000,
        "accounts_max": 500_000,
        "sessions_per_user_max": 20,
        "requests_per_minute": 3_000,
        "subscriptions_per_session_max": 50,
        "operation_cost_max": 100_000,
        "import_rows_max": 50_000_000,
        "upload_bytes_max": 200_000_000,
        "jobs_running_max": 16,
        "import_undo_hours": 24,
    },
}
