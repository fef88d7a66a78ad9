"""How each state is shown: glyph, word, colour, in this order of importance.

A state is never shown by colour alone. Apps name a state by its key; they can replace the word by a
more exact one ("4 days late"), while glyph and colour stay.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class State:
    glyph: str
    word: str | Promise
    tone: str
    """One of accent, ok, wait, stop, muted: the colour class."""


STATES: dict[str, State] = {
    # A publication
    "current": State("check-circle", _("Current"), "ok"),
    "published": State("check-circle", _("Published"), "ok"),
    "superseded": State("arrow-right-circle", _("Superseded"), "muted"),
    "historical": State("archive", _("Historical"), "muted"),
    "withdrawn": State("slash-circle", _("Withdrawn"), "stop"),
    "elsewhere": State("link-45deg", _("Published elsewhere"), "muted"),
    "correction": State("exclamation-triangle", _("Correction issued"), "wait"),
    # A deliverable before publication
    "draft": State("pencil", _("Draft"), "accent"),
    "review": State("chat-left-text", _("Review"), "accent"),
    "last_call": State("megaphone", _("Last call"), "accent"),
    "call": State("megaphone", _("Call"), "accent"),
    "ballot": State("ui-checks", _("Ballot"), "accent"),
    "approved": State("check-circle", _("Approved"), "ok"),
    "objection": State("exclamation-octagon", _("Objection"), "stop"),
    # A vote; "for" is not green, because a vote is not a success
    "for": State("check-lg", _("For"), "accent"),
    "against": State("x-lg", _("Against"), "stop"),
    "abstained": State("dash-lg", _("Abstained"), "muted"),
    "not_yet": State("circle", _("Not yet"), "wait"),
    # Action items and other work
    "open": State("circle", _("Open"), "accent"),
    "done": State("check-circle-fill", _("Done"), "ok"),
    "dropped": State("slash-circle", _("Dropped"), "muted"),
    "closed": State("lock", _("Closed"), "muted"),
    "waiting": State("hourglass-split", _("Waiting"), "wait"),
    "late": State("exclamation-circle", _("Late"), "stop"),
    "decision": State("check2-square", _("Decision"), "accent"),
    "action": State("arrow-right-circle", _("Action"), "wait"),
    # A vetting that expires
    "valid": State("check-circle-fill", _("Valid"), "ok"),
    "lapses_soon": State("hourglass-split", _("Expires soon"), "wait"),
    "lapsed": State("exclamation-circle-fill", _("Expired"), "stop"),
    # A group
    "forming": State("circle-half", _("Forming"), "accent"),
    "active": State("check-circle", _("Active"), "ok"),
    "concluded": State("archive", _("Concluded"), "muted"),
    "reached": State("check-circle-fill", _("Reached"), "ok"),
    "archived": State("archive", _("Archived"), "muted"),
    "planned": State("calendar-event", _("Planned"), "accent"),
    # A meeting
    "scheduled": State("calendar-event", _("Scheduled"), "accent"),
    "running": State("broadcast", _("In progress"), "accent"),
    "held": State("check-circle", _("Held"), "ok"),
    "cancelled": State("calendar-x", _("Cancelled"), "stop"),
    "moved": State("arrow-right-circle", _("Moved"), "wait"),
    "decided": State("check-circle", _("Decided"), "ok"),
    "minutes_draft": State("pencil", _("Draft minutes"), "wait"),
    "minutes_approved": State("check-circle", _("Minutes approved"), "ok"),
    # An organization that applies, and a member
    "received": State("inbox", _("Received"), "accent"),
    "screening": State("search", _("Screening"), "accent"),
    "possible_duplicate": State("intersect", _("Possible duplicate"), "wait"),
    "awaiting": State("envelope", _("Awaiting agreements"), "wait"),
    "declined": State("x-circle", _("Declined"), "stop"),
    "grace": State("hourglass-split", _("Read-only"), "wait"),
    "suspended": State("pause-circle", _("Suspended"), "stop"),
    "ended": State("archive", _("Ended"), "muted"),
    # An answer to a comment or a request
    "taken_up": State("check-circle", _("Taken up"), "ok"),
    "accepted": State("check-circle", _("Accepted"), "ok"),
    "partly": State("circle-half", _("Partly accepted"), "muted"),
    "rejected": State("x-circle", _("Not accepted"), "stop"),
    "failed": State("exclamation-circle", _("Failed"), "stop"),
    "sent": State("check-lg", _("Sent"), "ok"),
}


def state_of(kind: str) -> State:
    """Return how `kind` is shown; an unknown kind as its own word with a neutral glyph."""
    known = STATES.get(kind)
    return known or State("circle", kind.replace("_", " ").capitalize(), "muted")
