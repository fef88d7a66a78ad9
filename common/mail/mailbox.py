"""The development mailbox: the mails that `make run` caught instead of sending, as files."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import default
from pathlib import Path

import nh3
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

NAME = re.compile(r"(\d{19})-\d{1,9}", re.ASCII)
PAGE_LETTERS = 50
# How much of a mail to read for its headers, in bytes.
HEADER_BYTES = 16 * 1024
_HEADERS = [
    *("From", "To", "Reply-To", "Date", "Message-ID", "References", "List-Id", "List-Unsubscribe"),
    *("List-Unsubscribe-Post", "Auto-Submitted"),
]
_TAGS = {
    *("a", "b", "blockquote", "br", "code", "em", "h3", "hr", "i", "li", "ol", "p", "strong", "ul"),
}


@dataclass(frozen=True)
class Listed:
    """A caught mail as a row of the list."""

    name: str
    mail: EmailMessage

    @property
    def caught_at(self) -> datetime:
        return datetime.fromtimestamp(int(self.name.partition("-")[0]) / 1e9, UTC)

    @property
    def to(self) -> str:
        return str(self.mail["X-Envelope-To"] or self.mail["To"] or "")

    @property
    def subject(self) -> str:
        return str(self.mail["Subject"] or "")


@dataclass(frozen=True)
class Letter(Listed):
    """A caught mail with its contents."""

    headers: list[tuple[str, str]]
    text: str
    html: SafeString
    attachments: list[str]


def letters(before: str = "") -> tuple[list[Listed], str]:
    """Return the newest 50 mails, newest first, older than the mail `before`, if given.

    The second value is `before` for the next page, or "". Reads only headers.
    """
    names = sorted(
        (path.stem for path in _folder().glob("*.eml") if NAME.fullmatch(path.stem)), reverse=True
    )
    if NAME.fullmatch(before):
        names = [name for name in names if name < before]
    shown = names[:PAGE_LETTERS]
    listed = [letter for name in shown if (letter := _listed(name))]
    return listed, shown[-1] if len(names) > PAGE_LETTERS else ""


def _listed(name: str) -> Listed | None:
    try:
        with (_folder() / f"{name}.eml").open("rb") as file:
            mail = BytesHeaderParser(policy=default).parsebytes(file.read(HEADER_BYTES))
    except FileNotFoundError:
        return None
    return Listed(name, mail)


def find(name: str) -> Letter | None:
    """Return a caught mail by its name, or None."""
    if not NAME.fullmatch(name):
        return None
    try:
        content = (_folder() / f"{name}.eml").read_bytes()
    except FileNotFoundError:
        return None
    mail = message_from_bytes(content, policy=default)
    assert isinstance(mail, EmailMessage)  # by the policy
    return Letter(
        name=name,
        mail=mail,
        headers=[(header, str(mail[header])) for header in _HEADERS if mail[header]],
        text=_part(mail, "plain"),
        html=_clean(_part(mail, "html")),
        attachments=[part.get_filename() or "?" for part in mail.iter_attachments()],
    )


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "mailbox"


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body(preferencelist=(kind,))
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except LookupError:  # an unknown charset
        payload = part.get_payload(decode=True)
        return payload.decode(errors="replace") if isinstance(payload, bytes) else ""


def _clean(html: str) -> SafeString:
    """Return the text and links of a mail for a page: no styles, pictures or layout tables."""
    cleaned = nh3.clean(
        html.replace("<h1", "<h3").replace("</h1", "</h3"),
        tags=_TAGS,
        clean_content_tags={"style", "script", "title"},
        url_schemes={"http", "https", "mailto"},
    )
    return mark_safe(cleaned)  # noqa: S308
