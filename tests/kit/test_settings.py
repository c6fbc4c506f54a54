"""What a production system refuses to start with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from wealthnexus.kit.settings import HOME, Settings, SettingsError, load_settings

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


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DATABASE_URL", "mysql://x", "WEALTHNEXUS_DATABASE_URL must start with postgresql://"),
        ("DATABASE_URL", "postgresql://[bad", "WEALTHNEXUS_DATABASE_URL is no URL that can be read"),
        ("DATABASE_URL", "postgresql://o:secret@db:70000/x", "WEALTHNEXUS_DATABASE_URL is no URL that can"),
        ("SMTP_URL", "ftp://x", "WEALTHNEXUS_SMTP_URL must start with smtp:// or smtps://"),
        ("BASE_DOMAIN", "a b", "WEALTHNEXUS_BASE_DOMAIN is 'a b', expected a lower-case domain"),
        ("TRUSTED_PROXIES", "10.0.0.7, nonsense", "WEALTHNEXUS_TRUSTED_PROXIES names 'nonsense'"),
        ("TRUSTED_PROXIES", "*", "WEALTHNEXUS_TRUSTED_PROXIES names '*'"),
    ],
)
def test_a_wrong_setting_is_named_before_anything_starts(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(f"WEALTHNEXUS_{name}", value)
    load_settings.cache_clear()
    with pytest.raises(SettingsError, match="nothing was started") as refused:
        load_settings()
    assert sentence in str(refused.value)
    assert "secret" not in str(refused.value)
    load_settings.cache_clear()


def test_a_variable_set_to_nothing_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty data folder would be the folder a command happens to run in."""
    monkeypatch.setenv("WEALTHNEXUS_DATA_DIR", "")
    monkeypatch.setenv("WEALTHNEXUS_SMTP_URL", "")
    settings = Settings()
    assert settings.data_dir == HOME / ".data"
    assert settings.smtp_url is None
