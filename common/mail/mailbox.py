"""The development mailbox: the mails that `make run` caught instead of sending, as files."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import nh3
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

NAME = re.compile(r"(\d{19})-\d{1,9}", re.ASCII)
SHOWN = 200
_HEADERS = [
    "From",
    "To",
    "Reply-To",
    "Date",
    "Message-ID",
    "References",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Auto-Submitted",
]
_TAGS = {
    "a",
    "b",
    "blockquote",
    "br",
    "code",
    "em",
    "h3",
    "hr",
    "i",
    "li",
    "ol",
    "p",
    "strong",
    "ul",
}


@dataclass(frozen=True)
class Letter:
    """A caught mail, ready to be read."""

    name: str
    caught_at: datetime
    to: str
    subject: str
    headers: list[tuple[str, str]]
    text: str
    html: SafeString
    attachments: list[str]


def letters() -> list[Letter]:
    """The newest 200, newest first."""
    names = sorted(
        (path.stem for path in _folder().glob("*.eml") if NAME.fullmatch(path.stem)), reverse=True
    )
    return [letter for name in names[:SHOWN] if (letter := find(name))]


def find(name: str) -> Letter | None:
    """None when no such mail was caught."""
    matched = NAME.fullmatch(name)
    if not matched:
        return None
    try:
        content = (_folder() / f"{name}.eml").read_bytes()
    except FileNotFoundError:
        return None
    mail = message_from_bytes(content, policy=default)
    assert isinstance(mail, EmailMessage)  # the policy says so
    return Letter(
        name=name,
        caught_at=datetime.fromtimestamp(int(matched[1]) / 1e9, UTC),
        to=str(mail["X-Envelope-To"] or mail["To"] or ""),
        subject=str(mail["Subject"] or ""),
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
    except LookupError:  # a charset that nobody knows
        payload = part.get_payload(decode=True)
        return payload.decode(errors="replace") if isinstance(payload, bytes) else ""


def _clean(html: str) -> SafeString:
    """A mail's words and links inside a page: no styles, no pictures, no tables for layout."""
    cleaned = nh3.clean(
        html.replace("<h1", "<h3").replace("</h1", "</h3"),
        tags=_TAGS,
        clean_content_tags={"style", "script", "title"},
        url_schemes={"http", "https", "mailto"},
    )
    return mark_safe(cleaned)  # noqa: S308
