"""The page on the member's phone in a real browser: registers, shows codes a scanner reads, works without a network."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from headoffice import demo
from headoffice.clock import MICROSECONDS, now_us
from station.member_pass import LIFE_S, MemberPass, from_text, granted_part, moment_of, signed_part
from sync.ed25519 import Ed25519Verifier
from tests.rigs.issued import issuing, public_of
from ui.demo.office import Office, Seed

WHO = demo.member_id(3)
NEWS_MS = 15_000
PICTURES = Path("build/phone")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A head office that makes cards of phones."""
    office = Office(tmp_path_factory.mktemp("phone"))
    office.make(Seed(10, 5))
    issuing(office.home)
    (office.home / "member-address").write_text(office.url + "\n", "utf-8")
    office.start()
    yield office
    office.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, as Debian has it."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium: make system-test")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--ignore-certificate-errors", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(params=["fa-IR", "en-GB"])
def phone(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    """A phone in either language, on which nobody was before."""
    with browser.new_context(
            locale=request.param, viewport={"width": 390, "height": 844}, ignore_https_errors=True,
            timezone_id="Asia/Tehran") as context:
        yield context


def shown(page: Page) -> MemberPass:
    """Return the code on the screen as a scanner reads it."""
    code = page.locator("#code")
    expect(code).to_be_visible(timeout=NEWS_MS)
    [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(code.screenshot())))
    return from_text(found.text)


def is_good(code: MemberPass, home: Path) -> bool:
    issuer = public_of(home, code.grant.key_id)
    return (Ed25519Verifier(issuer).verify(code.grant.signature, granted_part(code.grant))
            and Ed25519Verifier(code.grant.phone_key).verify(code.signature, signed_part(code))
            and abs(moment_of(now_us()) - code.moment) < LIFE_S)


def picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def language(page: Page) -> str:
    said: str = page.evaluate("document.documentElement.lang")
    return said


def test_a_phone_is_a_card_from_its_link_on_and_without_a_network(served: Office, phone: BrowserContext) -> None:
    page = phone.new_page()
    wrong = list[str]()
    page.on("pageerror", lambda fault: wrong.append(str(fault)))
    page.goto(served.ask("phone-link", "--member", WHO))
    first = shown(page)
    assert is_good(first, served.home)
    assert page.url == f"{served.url}/m/"  # the link is gone from the address
    picture(page, f"pass-{language(page)}")

    page.evaluate("navigator.serviceWorker.ready")
    phone.set_offline(True)
    page.goto(f"{served.url}/m/")
    again = shown(page)
    assert is_good(again, served.home)
    assert again.grant == first.grant
    assert again.moment >= first.moment
    phone.set_offline(False)
    assert not wrong


def test_the_code_changes_by_itself(served: Office, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.clock.install()
    page.goto(served.ask("phone-link", "--member", WHO))
    first = shown(page)
    page.clock.run_for(21_000)
    second = shown(page)
    assert second.grant == first.grant
    assert 20 <= second.moment - first.moment <= 25
    assert Ed25519Verifier(second.grant.phone_key).verify(second.signature, signed_part(second))


def test_the_private_key_cannot_be_taken_out(served: Office, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(served.ask("phone-link", "--member", WHO))
    shown(page)
    said = page.evaluate("""async () => {
      const card = await kept.read("card");
      try { await crypto.subtle.exportKey("pkcs8", card.pair.privateKey); return "taken"; }
      catch (fault) { return fault.name; }
    }""")
    assert said == "InvalidAccessError"


@pytest.mark.parametrize(("address", "words"), [
    ("", {"fa": "هنوز کارت عضویت نیست", "en": "is not a membership card yet"}),
    ("#neverMade", {"fa": "استفاده شده", "en": "was used already"}),
])
def test_without_a_good_link_the_page_says_what_to_do(
    served: Office, phone: BrowserContext, address: str, words: dict[str, str],
) -> None:
    page = phone.new_page()
    page.goto(f"{served.url}/m/{address}")
    expect(page.locator("#news")).to_contain_text(words[language(page)], timeout=NEWS_MS)
    expect(page.locator("#code")).to_be_hidden()
    picture(page, f"none-{language(page)}")


def test_a_phone_whose_clock_is_wrong_makes_good_codes(served: Office, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.clock.install(time=(now_us() // MICROSECONDS - 7200) * 1000)
    page.goto(served.ask("phone-link", "--member", WHO))
    assert is_good(shown(page), served.home)


def test_nothing_is_fetched_from_elsewhere_and_no_script_stands_in_the_page(served: Office, phone: BrowserContext) -> None:
    page = phone.new_page()
    asked = list[str]()
    page.on("request", lambda request: asked.append(request.url))
    answer = page.goto(f"{served.url}/m/")
    assert answer is not None
    policy = answer.all_headers()["content-security-policy"]
    assert "'unsafe" not in policy
    assert all(url.startswith(f"{served.url}/") for url in asked)
