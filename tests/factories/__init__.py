"""Plain makers of rows: each saves one thing and what it cannot be without, and nothing else."""

from tests.factories.groups import (
    action_item,
    admission_request,
    break_glass,
    charter,
    group,
    milestone,
    office,
    seat,
)
from tests.factories.meetings import agenda_item, attendance, meeting, notes, past_meeting
from tests.factories.organizations import (
    affiliate,
    application,
    member_of,
    membership,
    organization,
    represent,
)
from tests.factories.people import PASSWORD, person
from tests.factories.times import ago, ahead

__all__ = [
    "PASSWORD",
    "action_item",
    "admission_request",
    "affiliate",
    "agenda_item",
    "ago",
    "ahead",
    "application",
    "attendance",
    "break_glass",
    "charter",
    "group",
    "meeting",
    "member_of",
    "membership",
    "milestone",
    "notes",
    "office",
    "organization",
    "past_meeting",
    "person",
    "represent",
    "seat",
]
