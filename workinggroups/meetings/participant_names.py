"""What the name of a participant in a video call says: a person, their organization, or no person."""

import re
from typing import NamedTuple

from common.names import name_words
from workinggroups.meetings.choices import (
    AFFILIATION_MAX_CHARACTERS,
    GUEST_NAME_MAX_CHARACTERS,
    NotAttending,
)

# "Ada Lovelace (Nordlys)", "Ada Lovelace | Nordlys", also in full width.
_IN_PARENTHESES = re.compile(r"(.*\S)\s*[(（\[]([^()（）\[\]]+)[)）\]]\s*")
_AFTER_BAR = re.compile(r"([^|｜]*[^|｜\s])\s*[|｜]\s*([^|｜]*\S)\s*")
# What video calls and people write in parentheses besides an organization.
_REMARKS = {
    "guest", "gast", "invité", "invitée", "invité·e", "invitado", "invitada", "ゲスト",
    "external", "extern", "externe", "externo", "externa", "外部",
    "unverified", "nicht überprüft", "non vérifié", "sin comprobar", "no verificado", "未確認",
    "host", "co-host", "organizer", "presenter", "me", "ich", "moi", "yo", "phone", "mobile", "ipad",
}  # fmt: skip
_PRONOUNS = re.compile(r"[^\W\d]{1,8}(?:\s*/\s*[^\W\d]{1,8}){1,3}")

_PROGRAM = re.compile(
    r"\b(?:otter|otterpilot|fireflies|fathom|tl;?dv|avoma|gong|chorus|sembly|grain|supernormal|tactiq|"
    r"krisp|noty|jamie|bluedot|meetgeek|airgram|read)(?:\.(?:ai|io)|\W+(?:notetaker|assistant|bot))\b"
    r"|\bfireflies\b|\botter ?pilot\b|\btl;dv\b"
    r"|\bnote ?-?taker\b|\bnotetaking\b|\b(?:ai|zoom ai) companion\b|\bmeeting (?:notes|assistant|bot)\b"
    r"|\brecording bot\b|\b(?:meeting )?recorder\b|\btranscription\b|\bcopilot\b",
    re.IGNORECASE,
)
_PROGRAM_DOMAINS = {
    "otter.ai", "fireflies.ai", "read.ai", "fathom.video", "tldv.io", "avoma.com", "sembly.ai",
    "grain.com", "grain.co", "supernormal.com", "tactiq.io", "meetgeek.ai", "airgram.io",
}  # fmt: skip
_DEVICE = re.compile(
    r"\b(?:meeting|conference|board|huddle|video|zoom|teams|seminar) ?-?rooms?\b|\bboardroom\b"
    r"|\b(?:besprechungs|konferenz|sitzungs|seminar)(?:raum|zimmer|saal)\b"
    r"|\bsalle (?:de|d[eu]s|du) (?:réunions?|conférences?)\b|\bsala de (?:reunión|reuniones|juntas)\b"
    r"|会議室|ミーティングルーム",
    re.IGNORECASE,
)
_TELEPHONE = re.compile(r"\+?[\d*xX() ./-]{5,}")


class SplitName(NamedTuple):
    """A person's name, and the organization that stands with it; "" for none."""

    name: str
    affiliation: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.affiliation})" if self.affiliation else self.name


def split_name(shown: str) -> SplitName:
    """Split "Ada Lovelace (Nordlys)" and "Ada Lovelace | Nordlys"; remarks such as "(Guest)" go.

    Both parts are as long as those of a guest can be.
    """
    name, affiliation = " ".join(shown.split()), ""
    while match := _IN_PARENTHESES.fullmatch(name):
        inner = match[2].strip()
        is_remark = inner.lower() in _REMARKS or _PRONOUNS.fullmatch(inner)
        if affiliation and not is_remark:
            break
        name = match[1].strip()
        affiliation = affiliation if is_remark else inner
    bar = _AFTER_BAR.fullmatch(name)
    if bar and not affiliation:
        name, affiliation = bar[1].strip(), bar[2].strip()
    return SplitName(
        name[:GUEST_NAME_MAX_CHARACTERS].strip(), affiliation[:AFFILIATION_MAX_CHARACTERS].strip()
    )


def why_not_attending(shown: str, address: str) -> NotAttending | None:
    """Return why this looks like no person: a program, a room, a telephone; None for a person."""
    domain = address.rpartition("@")[2]
    if domain in _PROGRAM_DOMAINS or _PROGRAM.search(shown):
        return NotAttending.PROGRAM
    if _DEVICE.search(shown):
        return NotAttending.DEVICE
    if not address and (_TELEPHONE.fullmatch(shown) or not name_words(shown)):
        return NotAttending.TELEPHONE
    return None
