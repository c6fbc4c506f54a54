"""What a production system refuses to start with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from wealthnexus.kit.settings import Settings

SOUND: dict[str, Any] = {
    "environment": "production",
    "database_url": "postgresql://owner@db.example/wealthnexus",
    "redis_url": "redis://cache.example",
    "master_key_file": Path("master.key"),
    "smtp_url": "smtp://mail.example:587",
    "public_scheme": "https",
    "base_domain": "wealth.example",
    "mail_from": "no-reply@wealth.example",
}


def test_a_sound_production_starts() -> None:
    assert Settings(**SOUND).base_domain == "wealth.example"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("smtp_url", None, "production needs WEALTHNEXUS_SMTP_URL to be set"),
        ("public_scheme", "http", "WEALTHNEXUS_PUBLIC_SCHEME is 'http', expected 'https' in production"),
        (
            "base_domain",
            "localhost",
            "WEALTHNEXUS_BASE_DOMAIN is 'localhost', expected the domain the firms answer under"
            " in production",
        ),
        (
            "mail_from",
            "no-reply@LOCALHOST",
            "WEALTHNEXUS_MAIL_FROM is 'no-reply@LOCALHOST', expected an address of a real domain"
            " in production",
        ),
    ],
)
def test_production_names_what_is_not_meant_for_it(name: str, value: str | None, sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(**(SOUND | {name: value}))
    assert sentence in str(refused.value)


def test_development_may_stay_on_this_machine() -> None:
    settings = Settings(environment="development", base_domain="localhost", mail_from="no-reply@localhost")
    assert settings.base_domain == "localhost"
