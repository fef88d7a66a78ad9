from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.record.verbs import Verb


class GroupKind(models.TextChoices):
    WORKING_GROUP = "working_group", _("Working group")
    TASK_FORCE = "task_force", _("Task force")
    COMMITTEE = "committee", _("Committee")


class Listing(models.TextChoices):
    """Who can know that the group exists and see its profile."""

    PUBLIC = "public", _("Everyone")
    ALLIANCE = "alliance", _("The alliance")
    MEMBERS = "members", _("Group members only")


class Admission(models.TextChoices):
    OPEN = "open", _("Open to everyone in the alliance")
    REQUEST = "request", _("On request")
    INVITATION = "invitation", _("By invitation from the chairs")


class Content(models.TextChoices):
    """Who reads what the group writes."""

    ALLIANCE = "alliance", _("The alliance")
    MEMBERS = "members", _("Group members only")


# From narrow to wide: a later value lets more people know, join or read.
WIDENING: dict[str, tuple[str, ...]] = {
    "listing": (Listing.MEMBERS, Listing.ALLIANCE, Listing.PUBLIC),
    "admission": (Admission.INVITATION, Admission.REQUEST, Admission.OPEN),
    "content": (Content.MEMBERS, Content.ALLIANCE),
}


def widens(name: str, before: str, after: str) -> bool:
    """Whether this change of `listing`, `admission` or `content` lets more people see, join or read."""
    order = WIDENING[name]
    return order.index(after) > order.index(before)


class GroupState(models.TextChoices):
    FORMING = "forming", _("Forming")
    ACTIVE = "active", _("Active")
    CONCLUDED = "concluded", _("Concluded")


class ParticipationLevel(models.TextChoices):
    PARTICIPANT = "participant", _("Participant")
    OBSERVER = "observer", _("Observer")
    EXPERT = "expert", _("Invited expert")


class OfficeKind(models.TextChoices):
    CHAIR = "chair", _("Chair")
    CO_CHAIR = "co_chair", _("Co-chair")
    SECRETARY = "secretary", _("Secretary")


class VoterRole(models.TextChoices):
    """In which order the people named for an organization vote."""

    PRIMARY = "primary", _("Voter")
    ALTERNATE = "alternate", _("Alternate")


class RequestState(models.TextChoices):
    OPEN = "open", _("Waiting")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class InvitationState(models.TextChoices):
    OPEN = "open", _("Invited")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class CharterState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ADOPTED = "adopted", _("Adopted")


class Quorum(models.TextChoices):
    """How many of the organizations that take part have to be present for a group to decide."""

    NONE = "none", _("No quorum")
    THIRD = "third", _("At least one third of the organizations")
    MAJORITY = "majority", _("More than half of the organizations")
    TWO_THIRDS = "two_thirds", _("At least two thirds of the organizations")
    NUMBER = "number", _("A fixed number of organizations")


class MinutesRule(models.TextChoices):
    """How draft minutes become the minutes of a group."""

    NONE = "none", _("A chair approves them after the time for corrections")
    BY_RULE = "by_rule", _("They become final by themselves after the time for corrections")
    NEXT_MEETING = "next_meeting", _("The group approves them at its next meeting")


class VotingUnit(models.TextChoices):
    """Who has a vote."""

    ORGANIZATIONS = "organizations", _("Each organization has one vote")
    PERSONS = "persons", _("Each person has one vote")


class Approval(models.TextChoices):
    """What share has to be for a proposal. A tie is never enough."""

    MORE_THAN_HALF = "more_than_half", _("More than half")
    TWO_THIRDS = "two_thirds", _("At least two thirds")
    THREE_QUARTERS = "three_quarters", _("At least three quarters")
    UNANIMITY = "unanimity", _("All")


class VoteBase(models.TextChoices):
    """Of what the share is taken."""

    CAST = "cast", _("Of the votes for and against")
    ELIGIBLE = "eligible", _("Of everyone who can vote")


class VotingQuorum(models.TextChoices):
    """How many have to vote before a ballot decides anything."""

    NONE = "none", _("No quorum")
    THIRD = "third", _("At least one third of those who can vote")
    MAJORITY = "majority", _("More than half of those who can vote")
    TWO_THIRDS = "two_thirds", _("At least two thirds of those who can vote")
    THREE_QUARTERS = "three_quarters", _("At least three quarters of those who can vote")
    ATTENDING = "attending", _("More than half of those who attended recent meetings")


class Overruling(models.TextChoices):
    """What share of the votes for, against and to discuss overrules a wish to discuss."""

    TWO_THIRDS = "two_thirds", _("At least two thirds")
    THREE_QUARTERS = "three_quarters", _("At least three quarters")


class VotesShown(models.TextChoices):
    """What everybody who can read an open ballot sees of its votes."""

    AS_CAST = "as_cast", _("Each vote as it is cast")
    WHO_VOTED = "who_voted", _("Who has voted, but not how")
    AFTER_CLOSING = "after_closing", _("Nothing until the ballot closes")


class LapsedVotes(models.TextChoices):
    """What becomes of a vote when the membership of its organization ends before closing."""

    COUNT = "count", _("A vote already cast counts")
    DROP = "drop", _("A vote already cast is dropped")


# The longest notice period and correction period that a charter can set, in days.
NOTICE_MAX_DAYS = 60
CORRECTION_MAX_DAYS = 60
QUORUM_MAX = 1000  # organizations

# What an adopted charter's checksum covers: at first the text alone, then rules as well, then with
# the rule for minutes, now with the rules for voting.
FORM_TEXT = 1
FORM_TEXT_AND_RULES = 2
FORM_WITH_MINUTES_RULE = 3
FORM_WITH_VOTING_RULES = 4


class MilestoneState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    REACHED = "reached", _("Reached")
    DROPPED = "dropped", _("Dropped")


class ActionItemState(models.TextChoices):
    OPEN = "open", _("To do")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


class GroupAct(Verb):
    CREATED = "created", _("Created")
    EDITED = "edited", _("Edited")
    ADDRESS_CHOSEN = "address_chosen", _("Address chosen")
    CONCLUDED = "concluded", _("Concluded")
    REOPENED = "reopened", _("Reopened")
    JOINED = "joined", _("Joined")
    ADMITTED = "admitted", _("Admitted")
    ADDED = "added", _("Added")
    LEVEL_CHANGED = "level_changed", _("Level changed")
    LEFT = "left", _("Left")
    REMOVED = "removed", _("Removed")
    OFFICE_GIVEN = "office_given", _("Office given")
    OFFICE_ENDED = "office_ended", _("Office ended")
    VOTER_NAMED = "voter_named", _("Voter named")
    VOTER_ENDED = "voter_ended", _("Voter's role ended")


class CharterAct(Verb):
    ADOPTED = "adopted", _("Adopted")


class AdmissionRequestAct(Verb):
    REQUESTED = "requested", _("Asked for")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class GroupInvitationAct(Verb):
    ISSUED = "issued", _("Issued")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class MilestoneAct(Verb):
    PLANNED = "planned", _("Planned")
    REACHED = "reached", _("Reached")
    DROPPED = "dropped", _("Dropped")


class ActionItemAct(Verb):
    CREATED = "created", _("Created")
    CHANGED = "changed", _("Changed")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")
    REOPENED = "reopened", _("Reopened")


class CommentAct(Verb):
    HIDDEN = "hidden", _("Hidden")
    SHOWN = "shown", _("Shown again")


class BreakGlassAct(Verb):
    OPENED = "opened", _("Opened")
    READ = "read", _("Read")
    CLOSED = "closed", _("Closed")


# How long an invitation into a group stays open.
INVITATION_VALID = timedelta(days=30)
# Open invitations of one group at a time.
INVITATIONS_OPEN_AT_MOST = 200

# How long staff can open a group for.
BREAK_GLASS_MAX_MINUTES = 60
# Alternates of one organization in one group.
ALTERNATES_MAX = 10
# Owners of one action item.
OWNERS_MAX = 10
COMMENTS_A_PAGE = 50
# Comments of one action item.
COMMENTS_MAX = 500
# From how many days after the due day of an action item we remind the chairs of it too.
CHAIRS_REMINDED_DAYS = 14

# Addresses that are, or may become, pages beside those of the groups.
RESERVED_ADDRESSES = frozenset({"all", "csv", "edit", "import", "mine", "new", "staff"})
