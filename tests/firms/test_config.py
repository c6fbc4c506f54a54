"""Firm folders: the two of the product are right, and every fault is named with file, key and value."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from wealthnexus.domain.firms import FirmConfigError, load_firm_config
from wealthnexus.domain.firms.tiers import LIMITS, TIERS

pytestmark = pytest.mark.unit
TENANTS = Path(__file__).parents[2] / "tenants"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TENANTS / "summit", tmp_path / "summit"))


def change(folder: Path, old: str, new: str) -> None:
    path = folder / "tenant.toml"
    text = path.read_text()
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new))


def test_the_products_own_firms() -> None:
    summit, harbor = load_firm_config(TENANTS / "summit"), load_firm_config(TENANTS / "harbor")
    assert (summit.name, summit.brand["hue"], summit.brand["chroma"]) == ("Summit Ridge Advisors", 255, 0.115)
    assert (harbor.name, harbor.brand["hue"], harbor.brand["chroma"]) == ("Harbor & Pine", 160, 0.095)
    assert str(summit.pinned_business_date) == str(harbor.pinned_business_date) == "2021-03-31"
    assert summit.limits == TIERS["professional"]
    assert harbor.limits == TIERS["starter"] | {"users_max": 100, "accounts_max": 2_000}
    assert summit.digest != harbor.digest


def test_every_tier_has_every_limit() -> None:
    assert all(set(tier) == set(LIMITS) for tier in TIERS.values())


def test_the_digest_follows_the_content_alone(folder: Path) -> None:
    before = load_firm_config(folder).digest
    change(folder, "# Everything the platform knows", "# All the platform knows")
    assert load_firm_config(folder).digest == before
    change(folder, "hue = 255", "hue = 254")
    after = load_firm_config(folder).digest
    assert after != before
    logo = folder / "logo-dark.svg"
    logo.write_text(logo.read_text().replace("#90c1ff", "#90c1fe"))
    assert load_firm_config(folder).digest != after


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("hue = 255", "hue = 361", "brand.hue is 361.0, input should be less than or equal to 360"),
        ("chroma = 0.115", "chroma = 0.2", "brand.chroma is 0.2, input should be less than or equal to 0.16"),
        ('currency = "USD"', 'currency = "USX"', "currency is 'USX', expected an ISO 4217 code such as USD"),
        ('time_zone = "America/Denver"', 'time_zone = "Denver"',
         "time_zone is 'Denver', expected a name of the IANA database such as America/New_York"),
        ('locale = "en-US"', 'locale = "english"', "locale is 'english', expected a locale such as en-US"),
        ('tier = "professional"', 'tier = "gold"',
         "tier is 'gold', expected one of starter, professional, enterprise"),
        ('"portal", "search"]', '"portal", "serach"]', "'serach' is not a feature, expected of"),
        ("domains = []", 'domains = ["Wealth.Example"]', "'Wealth.Example' is not a host name in lower case"),
        ('font = "inter"', 'font = "comic"', "brand.font is 'comic', input should be 'inter' or 'system'"),
        ('density = "compact"', 'density = "compact"\ncss = "body{}"',
         "brand.css is not a key of this file, expected none of that name"),
        ('name = "Summit Ridge Advisors"\n', "", "name is missing, expected a value"),
        ("business_date = 2021-03-31", 'business_date = "31 March"', "demo.business_date is '31 March', "),
        ('email = "help@summitridge.example"', 'email = "help"', "support.email is 'help', string should"),
    ],
)  # fmt: skip
def test_faults_are_named(folder: Path, old: str, new: str, said: str) -> None:
    change(folder, old, new)
    with pytest.raises(FirmConfigError) as caught:
        load_firm_config(folder)
    message = str(caught.value)
    assert message.startswith(f"{folder / 'tenant.toml'}: ")
    assert said in message
    assert message.endswith("Nothing was applied.")


def test_several_faults_are_all_named(folder: Path) -> None:
    change(folder, "hue = 255", "hue = -1")
    change(folder, 'currency = "USD"', 'currency = "usd"')
    with pytest.raises(FirmConfigError) as caught:
        load_firm_config(folder)
    lines = str(caught.value).splitlines()
    assert len(lines) == 3
    assert any("brand.hue is -1.0" in line for line in lines)
    assert any("currency is 'usd'" in line for line in lines)


def test_an_unknown_limit_is_named(folder: Path) -> None:
    change(folder, "[demo]", "[limits]\nuser_max = 5\n\n[demo]")
    with pytest.raises(FirmConfigError, match="'user_max' is not a limit, expected of users_max"):
        load_firm_config(folder)


def test_the_slug_is_the_folders_name(folder: Path) -> None:
    change(folder, 'slug = "summit"', 'slug = "sumit"')
    with pytest.raises(FirmConfigError, match="slug is 'sumit', expected 'summit' as its folder is called"):
        load_firm_config(folder)


def test_what_is_not_toml_or_not_there(folder: Path) -> None:
    (folder / "tenant.toml").write_text("slug = ")
    with pytest.raises(FirmConfigError, match="is not TOML"):
        load_firm_config(folder)
    (folder / "tenant.toml").unlink()
    with pytest.raises(FirmConfigError, match="cannot be read"):
        load_firm_config(folder)


@pytest.mark.parametrize(
    ("svg", "said"),
    [
        ("<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "has the element script"),
        ("<svg xmlns='http://www.w3.org/2000/svg' onload='1'/>", "has the attribute onload='1'"),
        (
            "<svg xmlns='http://www.w3.org/2000/svg'><rect style='fill:url(http://x)'/></svg>",
            "attribute style",
        ),
        ("<svg xmlns='http://www.w3.org/2000/svg'><rect fill='url(http://x/y)'/></svg>", "attribute fill"),
        ("<svg xmlns='http://www.w3.org/2000/svg'><use href='http://x/y.svg#a'/></svg>", "has a link to"),
        ("<svg xmlns='http://www.w3.org/2000/svg'><image href='#a'/></svg>", "has the element image"),
        ("<!DOCTYPE svg [<!ENTITY a 'b'>]><svg xmlns='http://www.w3.org/2000/svg'/>", "document type"),
        ("<svg", "is not XML"),
        (
            "<svg xmlns='http://www.w3.org/2000/svg'>" + " " * 40_000 + "</svg>",
            "bytes, expected at most 32768",
        ),
    ],
)
def test_logos_are_drawings_only(folder: Path, svg: str, said: str) -> None:
    (folder / "logo-light.svg").write_text(svg)
    with pytest.raises(FirmConfigError) as caught:
        load_firm_config(folder)
    assert said in str(caught.value)
    assert "logo-light.svg" in str(caught.value)
