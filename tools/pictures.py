"""Take the pictures of the README from the running product: a person starts ``make run`` and gives its sign-in link.

python -m tools.pictures http://localhost:8000 http://localhost:8000/en/sign-in/…

The picture of a fee shows the button to pay online where keys of Stripe are set; nothing is paid.
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1280, "height": 900}
PASSWORD = "a password for the pictures only"


def save(page: Page, name: str, height: int | None = None) -> None:
    """Take a picture, cut to a height, in few colours."""
    picture = Image.open(io.BytesIO(page.screenshot(full_page=height is None or height > 900)))
    if height:
        picture = picture.crop((0, 0, picture.width, min(height, picture.height)))
    picture.convert("RGB").quantize(128).save(FOLDER / f"{name}.png", optimize=True)


def register(browser: Browser, form: str) -> Page:
    """Fill in a form on a phone; gives the own page, past the page that shows a fee."""
    page = browser.new_page(viewport=PHONE)
    page.goto(form)
    for name, value in {
        "first_name": "Núria",
        "last_name": "Puig i Camps",
        "email": "nuria@example.org",
        "city": "Barcelona",
    }.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("label[for=gender-0]").click()
    page.locator("[name=country]").select_option("ES")
    # The first answer to every question that asks for one, such as the category.
    for question in page.locator("fieldset:has([type=radio])").all():
        if not question.locator(":checked").count():
            question.locator("label").first.click()
    page.locator("[name=consent]").check(force=True)
    page.locator("form[method=post] button[type=submit]").click()
    if page.locator("[name=step][value=send]").count():
        page.locator("[name=step][value=send]").click()
    page.wait_for_url(re.compile("/registrations/"))
    return page


def main(base: str, link: str) -> None:
    """Take all pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        page = browser.new_page(viewport=LAPTOP)
        page.goto(f"{base}/en/events/metropolitan-summit/register")
        save(page, "form", 900)
        page.goto(f"{base}/en/")
        save(page, "calendar", 900)
        save(register(browser, f"{base}/es/events/general-assembly/register"), "mine", 844)
        save(register(browser, f"{base}/fr/events/metropolitan-summit/register"), "fee", 1000)
        page.goto(link)
        page.locator("[type=password]").fill(PASSWORD)
        page.locator("main form button[type=submit]").click()
        for name, path in {
            "office": "/en/office/events/world-congress-2023",
            "figures": "/en/office/events/world-congress-2023/statistics",
            "participants": "/fr/office/events/metropolitan-summit/participants",
            "payments": "/es/office/events/metropolitan-summit/payments",
            "income": "/en/office/events/metropolitan-summit/payments/income",
        }.items():
            page.goto(base + path)
            save(page, name, 1400 if name == "figures" else 900)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
