"""What every room keeps in one group of the world, by the names that rows of the matrix use."""

from datetime import time
from typing import Any

from django.utils import timezone

from common.files.models import PictureCopy
from common.text import changes
from common.text.models import TextChange
from common.text.registry import stored_text
from members.people.models import Person
from tests import factories
from tests.factories import works
from tests.factories.files import attached, pdf_file
from workinggroups.discussion import actions as discussion
from workinggroups.groups.models import Group
from workinggroups.meetings.actions.gathering import preview_gathering
from workinggroups.meetings.models import (
    Correction,
    Meeting,
    NotesConflict,
    Recording,
    SealedMinutes,
)
from workinggroups.meetings.sealing import seal_of_text

People = dict[str, Person]


def things_of(group: Group, people: People) -> dict[str, Any]:
    things = {
        **_discussion(group, people),
        **_meetings(group, people),
        "text_change": _text_change(group, people["chair"]),
        **works.everywhere(group, people["chair"], people["editor"], people["member"]),
    }
    return {**things, **_files(things, people)}


def _files(things: dict[str, Any], people: People) -> dict[str, Any]:
    """A picture on a meeting, on an item of its agenda and on a topic, the last of which failed."""
    names = {f"{kind}_kind": kind for kind in ("meeting", "agenda_item", "topic", "decision")}
    topic_file = attached(people["member"], "topic", things["topic"].uuid)
    PictureCopy.objects.filter(stored=topic_file.stored).update(
        state="failed", failure="unreadable", made_at=timezone.now()
    )
    return {
        **names,
        "failed_file": topic_file.stored,
        "figure_name": "figure.png",
        "meeting_file": attached(people["chair"], "meeting", things["meeting"].uuid),
        "agenda_file": attached(people["chair"], "agenda_item", things["agenda_item"].uuid),
        "topic_file": topic_file,
    }


def _text_change(group: Group, chair: Person) -> TextChange:
    """A decision whose words a new renderer changed."""
    found = works.decision(chair, group, "Name the operator")
    change = changes.change_of(
        stored_text("decision"),
        found,
        renderer_version=1,
        before="The operator sends to List.",
        after="The operator sends <TBD> to List<String>.",
    )
    change.save()
    return change


def _discussion(group: Group, people: People) -> dict[str, Any]:
    """A topic with a post of the member and a hidden one of the editor; one that is locked."""
    level = group.content_level
    topic = discussion.start_topic(
        actor=people["member"], group=group, title="Test data", source="Where from?", level=level
    )
    hidden = discussion.add_post(actor=people["editor"], topic=topic, source="Off the matter.")
    discussion.hide_post(actor=people["chair"], post=hidden, reason="Not about the test data.")
    locked = discussion.start_topic(
        actor=people["chair"], group=group, title="Settled", source="Done.", level=level
    )
    discussion.lock_topic(actor=people["chair"], topic=locked)
    return {
        "topic": topic,
        "post": topic.posts.get(number=1),
        "hidden_post": hidden,
        "locked_topic": locked,
        "level": int(level),
    }


def gathering_token(held: Meeting, coming: Meeting) -> str:
    """What a dry run answers that gathers both into the series of the row "api.gather"."""
    preview = preview_gathering(
        [held, coming],
        title="Call",
        first_on=held.local_date,
        local_time=time(16),
        zone="UTC",
        duration_minutes=60,
        frequency="weekly",
        until=coming.local_date,
    )
    return preview.token


def _meetings(group: Group, people: People) -> dict[str, Any]:
    """One to come with an agenda; three that are over: notes open, minutes drafted, approved; one runs."""
    by = {"created_by": people["chair"]}
    coming = factories.meeting(group, "Next meeting", **by)
    series = factories.meeting_series(group, "Call", **by)
    poll = factories.time_poll(group, **by)
    template = factories.template_item(series)
    factories.template_item(series, "Any other business")
    # Of a series without a template.
    prepared = factories.meeting_series(group, "Reading circle", **by).meetings.get()
    factories.agenda_item(prepared, "Chapter 3")
    items = [factories.agenda_item(coming, title) for title in ("Minutes", "Test data")]
    paper = factories.paper(items[0], added_by=people["chair"])
    proposal = factories.agenda_proposal(coming, people["member"])
    held = factories.past_meeting(group, "Held", **by)
    for source in ("We met.", "We met and agreed.\n\n- [ ] Action: write the plan"):
        factories.notes(held, source, author=people["member"])
    kept = NotesConflict.objects.create(
        meeting=held, author=people["member"], base_number=1, source="We met twice."
    )
    settled = NotesConflict.objects.create(
        meeting=held,
        author=people["secretary"],
        base_number=1,
        source="We met once.",
        outcome="set_aside",
        settled_at=timezone.now(),
    )
    claim = factories.attendance_claim(held, people["observer"])
    now = timezone.now()
    drafted = factories.past_meeting(group, "Drafted", **by)
    factories.notes(drafted, author=people["secretary"])
    drafted.minutes_state, drafted.minutes_offered_at = "draft", now
    drafted.corrections_until = factories.ago(hours=1)
    drafted.save()
    correction = Correction.objects.create(
        meeting=drafted, kind="asked", author=people["member"], text="It was Tuesday.", in_time=True
    )
    recorded = factories.past_meeting(group, "Recorded", **by)
    Recording.objects.create(
        meeting=recorded,
        consent="Nobody objected.",
        noted_by=people["chair"],
        delete_on=factories.ahead(days=30).date(),
        transcript=[[0, 900, "Chair", "Welcome."]],
    )
    approved = factories.past_meeting(group, "Approved", **by)
    approved.minutes_revision = factories.notes(approved, author=people["secretary"])
    approved.minutes_state, approved.minutes_approved_at = "approved", now
    approved.minutes_approved_by = people["chair"]
    approved.save()
    running = factories.running_meeting(group, "Running", **by)
    guest = factories.guest(running, added_by=people["secretary"])
    for actor in ("observer", "member", "editor", "secretary", "co_chair", "chair"):
        factories.attendance(running, people[actor])
    SealedMinutes.objects.create(
        meeting=approved,
        number=1,
        revision=approved.minutes_revision,
        approved_by=people["chair"],
        **seal_of_text(approved.minutes_revision)._asdict(),
    )
    running_item = factories.agenda_item(
        running, "Test data", minutes=20, begun_at=factories.ago(minutes=5)
    )
    speaker = factories.speaker_request(running, people["editor"])
    absent = factories.member_of(factories.organization(), f"Absent of {group.name}")
    factories.seat(group, absent)
    return {
        "meeting": coming,
        "series": series,
        "occurrence": series.meetings.get(),
        "poll": poll,
        "poll_option": poll.options.first(),
        "poll_field": f"time-{poll.options.first().uuid}",
        "template_item": template,
        "prepared": prepared,
        "plenary": factories.several_days(group, "Plenary", **by),
        "paper": paper,
        "agenda_item": items[0],
        "proposal": proposal,
        "held": held,
        "kept": kept,
        "settled": settled,
        "recorded": recorded,
        "drafted": drafted,
        "correction": correction,
        "minutes_pdf": pdf_file(approved.uuid, "minutes"),
        "series_pdf": pdf_file(series.uuid, "series-2026"),
        "approved": approved,
        "claim": claim,
        "running": running,
        "guest": guest,
        "running_item": running_item,
        "speaker": speaker,
        "absent": absent,
        "last_day": coming.local_date,
        "gathering_seen": gathering_token(held, coming),
    }
