"""Acts of the record beside the things they were about, as far as the reader may see these."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alliance.desk import things
from common.access import Viewer
from common.record.models import Record
from members.people.models import Person

# What was done, by the code that the record keeps. Codes never change; these words may.
VERBS: dict[str, Promise] = {
    "accepted": _("Accepted"),
    "added": _("Added"),
    "admitted": _("Admitted"),
    "address_chosen": _("Address chosen"),
    "adopted": _("Adopted"),
    "agenda_posted": _("Agenda posted"),
    "answered": _("Answered"),
    "approved": _("Approved"),
    "attendance_recorded": _("Attendance recorded"),
    "authors_named": _("Authors named"),
    "begun": _("Begun"),
    "cancelled": _("Cancelled"),
    "changed": _("Changed"),
    "changes_requested": _("Changes asked for"),
    "check_settled": _("Line of the checklist settled"),
    "closed": _("Closed"),
    "compared": _("Compared with an organization"),
    "concluded": _("Concluded"),
    "created": _("Created"),
    "declined": _("Declined"),
    "domains_set": _("Mail domains set"),
    "done": _("Done"),
    "drafted": _("Drafted"),
    "dropped": _("Dropped"),
    "edited": _("Edited"),
    "editor_named": _("Editor named"),
    "editor_released": _("Editor released"),
    "entered_afterwards": _("Entered afterwards"),
    "file_added": _("File added"),
    "file_removed": _("File removed"),
    "hidden": _("Hidden"),
    "issued": _("Issued"),
    "joined": _("Joined"),
    "left": _("Left"),
    "legal_name_asked": _("New legal name asked for"),
    "legal_name_confirmed": _("New legal name confirmed"),
    "legal_name_declined": _("New legal name declined"),
    "legal_name_withdrawn": _("New legal name withdrawn"),
    "level_changed": _("Level changed"),
    "listed": _("Listed in the directory"),
    "locked": _("Closed to new posts"),
    "made_staff": _("Made staff"),
    "minutes_approved": _("Minutes approved"),
    "minutes_corrected": _("Minutes corrected"),
    "minutes_offered": _("Draft minutes offered"),
    "minutes_unlocked": _("Minutes unlocked"),
    "moved": _("Moved"),
    "not_settled": _("Answer contested"),
    "notes_reopened": _("Notes reopened"),
    "notes_restored": _("Earlier notes restored"),
    "office_ended": _("Office ended"),
    "office_given": _("Office given"),
    "opened": _("Opened"),
    "password_set": _("Password set"),
    "planned": _("Planned"),
    "published": _("Published"),
    "put_in_force": _("Put in force"),
    "reached": _("Reached"),
    "recorded": _("Recorded"),
    "rejected": _("Declined"),
    "related": _("Relation recorded"),
    "released": _("Released"),
    "relation_ended": _("Relation ended"),
    "removed": _("Removed"),
    "renamed": _("Renamed"),
    "reopened": _("Reopened"),
    "representative_ended": _("Representative's role ended"),
    "representative_named": _("Representative named"),
    "requested": _("Asked for"),
    "rescinded": _("Rescinded"),
    "resent": _("Sent again"),
    "restored": _("Restored"),
    "resumed": _("Taken up again"),
    "retired": _("Retired"),
    "review_opened": _("Review opened"),
    "revoked": _("Revoked"),
    "sealed": _("Sealed"),
    "second_factor_reset": _("Second factor reset"),
    "second_factor_reset_asked": _("Second factor: reset asked for"),
    "second_factor_reset_withdrawn": _("Second factor: reset withdrawn"),
    "sent": _("Sent"),
    "settled": _("Answer accepted"),
    "shown": _("Shown again"),
    "status_changed": _("Status changed"),
    "superseded": _("Superseded"),
    "suspended": _("Suspended"),
    "taken": _("Taken in charge"),
    "unlisted": _("Taken out of the directory"),
    "unlocked": _("Opened to new posts"),
    "withdrawn": _("Withdrawn"),
}

# What it was done to.
KINDS: dict[str, Promise] = {
    "action_item": _("Action item"),
    "admission_request": _("Request to join"),
    "agreement": _("Agreement"),
    "application": _("Application"),
    "break_glass": _("Opening of a private group"),
    "charter": _("Charter"),
    "comment": _("Comment"),
    "decision": _("Decision"),
    "deliverable": _("Deliverable"),
    "group": _("Group"),
    "group_invitation": _("Invitation into a group"),
    "invitation": _("Invitation"),
    "mail": _("Mail held after a restore"),
    "meeting": _("Meeting"),
    "membership": _("Membership"),
    "milestone": _("Milestone"),
    "organization": _("Organization"),
    "outside_entry": _("Entry from outside"),
    "person": _("Person"),
    "post": _("Post"),
    "publication": _("Publication"),
    "revision": _("Revision"),
    "site_text": _("Text of the site"),
    "token": _("Token"),
    "topic": _("Topic"),
}


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the record in words. `thing` is None where it has no page, or none for you."""

    row: Record
    actor: Person | None
    thing: Any

    @property
    def verb(self) -> str:
        return words(VERBS, self.row.verb)

    @property
    def kind(self) -> str:
        return words(KINDS, self.row.kind)


def words(known: Mapping[str, Promise], code: str) -> str:
    """The words for a code; the code itself, made readable, for one of an older version."""
    return str(known[code]) if code in known else code.replace("_", " ").capitalize()


def acts(rows: Iterable[Record], viewer: Viewer) -> list[Act]:
    """The rows with their actors and things: one query for people, one a kind on the page."""
    listed = list(rows)
    found = things.find(((row.kind, row.object_uuid) for row in listed), viewer)
    actors = Person.objects.in_bulk({row.actor_uuid for row in listed}, field_name="uuid")
    return [
        Act(row, actors.get(row.actor_uuid), found.get((row.kind, row.object_uuid)))
        for row in listed
    ]
