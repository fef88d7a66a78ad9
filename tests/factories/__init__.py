"""Plain makers of rows: each saves one thing and what it cannot be without, and nothing else."""

from tests.factories.groups import (
    action_item,
    admission_request,
    break_glass,
    charter,
    group,
    group_invitation,
    milestone,
    office,
    seat,
)
from tests.factories.meetings import (
    agenda_item,
    attendance,
    meeting,
    meeting_series,
    notes,
    past_meeting,
    several_days,
)
from tests.factories.onboarding import (
    INVITATION_TOKEN,
    acceptance,
    agreement,
    invitation,
    screened_application,
    unsent_application,
)
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
    "INVITATION_TOKEN",
    "PASSWORD",
    "acceptance",
    "action_item",
    "admission_request",
    "affiliate",
    "agenda_item",
    "ago",
    "agreement",
    "ahead",
    "application",
    "attendance",
    "break_glass",
    "charter",
    "group",
    "group_invitation",
    "invitation",
    "meeting",
    "meeting_series",
    "member_of",
    "membership",
    "milestone",
    "notes",
    "office",
    "organization",
    "past_meeting",
    "person",
    "represent",
    "screened_application",
    "seat",
    "several_days",
    "unsent_application",
]
