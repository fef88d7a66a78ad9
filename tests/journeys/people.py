"""Somebody at a browser, and the mail that reaches them: how the journeys speak."""

import re
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any


class Mailbox:
    """What the development mail catcher has caught, as files in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def all(self) -> Iterator[EmailMessage]:
        """Every mail, the latest first."""
        for path in sorted(self.folder.glob("[0-9]*.eml"), reverse=True):
            yield message_from_bytes(path.read_bytes(), policy=policy.default)

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.all() if address in str(mail["To"])]

    def wait(self, address: str, words: str, seconds: float = 60) -> EmailMessage:
        """The latest mail to the address whose subject or text holds the words."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for mail in self.to(address):
                if words in f"{mail['Subject']} {text_of(mail)}":
                    return mail
            time.sleep(0.2)
        seen = [f"{mail['To']}: {mail['Subject']}" for mail in self.all()]
        raise AssertionError(f"No mail to {address} with {words!r}; there were {seen}")

    def wait_for_code(self, address: str, after: int = 0) -> str:
        """The code in a mail to the address, once more than `after` mails have reached it."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            mails = self.to(address)
            if len(mails) > after:
                found = re.search(
                    r"^\s*([0-9A-Z]{3,4}-?[0-9A-Z]{3,4})\s*$", text_of(mails[0]), re.M
                )
                if found:
                    return found[1]
            time.sleep(0.2)
        raise AssertionError(f"No code reached {address}.")

    def link(self, address: str, words: str) -> str:
        """The path of the first link in that mail that leads to the site."""
        found = re.search(r"https?://[^/\s]+(/\S+)", text_of(self.wait(address, words)))
        assert found, f"The mail with {words!r} holds no link."
        return found[1]


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body else ""


# Notes that a form in place has brought its answer.
SWAPPED = """() => {
  window.isSwapped = false;
  document.addEventListener("htmx:after:swap", () => { window.isSwapped = true }, { once: true });
}"""


class Somebody:
    """A person with a browser of their own."""

    def __init__(
        self,
        browser: Any,
        address: str,
        email: str = "",
        name: str = "",
        *,
        scripts: bool = True,
    ) -> None:
        self.has_scripts = scripts
        self.context = browser.new_context(
            viewport={"width": 1280, "height": 900}, java_script_enabled=scripts
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.address = address
        self.email = email
        self.name = name
        self.complaints: list[str] = []
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, message: Any) -> None:
        if message.type == "error" and "status of" not in message.text:
            self.complaints.append(message.text)

    def go(self, path: str) -> int:
        """Opens a page; the status it answered with."""
        response = self.page.goto(self.address + path)
        assert response is not None
        return int(response.status)

    def fill(self, **values: str) -> None:
        for name, value in values.items():
            field = self.page.locator(f"[name='{name}']:not([type=hidden])").first
            kind = field.evaluate("e => e.type || e.tagName.toLowerCase()")
            if kind.startswith("select"):
                field.select_option(value)
            elif kind in {"radio", "checkbox"}:
                self.page.locator(f"[name='{name}'][value='{value}']").check()
            else:
                field.fill(value)

    def press(self, words: str) -> None:
        """Presses the button that says so and waits for the page it leads to."""
        self.press_button(self.page.get_by_role("button", name=words).first)

    def press_button(self, button: Any) -> None:
        """Presses it and waits for the next page, or for what comes in place of this one."""
        is_in_place = button.evaluate("it => it.form?.hasAttribute('hx-boost') ?? false")
        if not (self.has_scripts and is_in_place):
            with self.page.expect_navigation():
                button.click()
            return
        self.page.evaluate(SWAPPED)
        button.click()
        self.page.wait_for_function("() => window.isSwapped")

    def follow(self, words: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=words).first.click()

    def reads(self, *words: str) -> None:
        """The words stand on the page, now or in a moment; also those a reader unfolds."""
        for wanted in words:
            self.page.locator("main").get_by_text(wanted).first.wait_for(state="attached")

    def misses(self, *words: str) -> None:
        """None of the words stands in what the page says."""
        said = self.page.locator("main").inner_text()
        assert not [unwanted for unwanted in words if unwanted in said], said

    def download(self, words: str) -> bytes:
        """What the link that says so brings, as a file."""
        with self.page.expect_download() as begun:
            self.page.locator("main").get_by_role("link", name=words).first.click()
        return Path(begun.value.path()).read_bytes()

    def inbox(self) -> list[str]:
        """The titles of all that reached the inbox, in the order in which it happened."""
        self.go("/inbox/")
        titles = self.page.locator("main .rows .row-title").all_inner_texts()
        return [title.removeprefix("Unread.").strip() for title in reversed(titles)]

    @property
    def path(self) -> str:
        return str(self.page.url).removeprefix(self.address)
