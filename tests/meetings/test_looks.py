"""Every page of a meeting and of talk in a browser: axe, content policy, no sideways scroll."""

from datetime import timedelta
from types import SimpleNamespace

from django.urls import reverse
from django.utils import timezone

from tests import factories
from workinggroups.discussion import actions as talk
from workinggroups.meetings import actions
from workinggroups.meetings.models import NotesConflict

NOTES = """\
# 1. Minutes of meeting 57

One correction, by Borealis University: line 40 reads “may”, not “must”.

decision: The minutes of meeting 57 are approved as corrected. [D-144]

# 2. Objection to the Guardrail Interface

A fixed limit of 500 milliseconds favours those with their own hardware. A hospital with one server
cannot meet it.

- Is the limit needed, or only that the operator states one?
- Stating it is enough, if the statement is in the result record.

decision: The operator declares the limit; clause 3.1 asks for the declaration, not for a number.
action: @Mira Member new text of 3.1 to the list by 2030-12-01
action: @Somebody ask the hospital group for a real server profile by 2030-12-04
"""


def scene() -> SimpleNamespace:
    """A group that has met, is about to meet, and talks."""
    organization = factories.organization("Aurora Labs")
    chair = factories.member_of(organization, "Chiara Chair", zone="Europe/Zurich")
    member = factories.member_of(organization, "Mira Member")
    group = factories.group("Safety and Trust Tooling", chair=chair)
    factories.seat(group, member)
    others = []
    for name in ("Borealis University", "Cedar Health", "Delta Foundation", "Ember Chips"):
        person = factories.member_of(factories.organization(name), f"Person of {name}")
        factories.seat(group, person)
        others.append(person)
    held = factories.past_meeting(
        group, "Objection to the Guardrail Interface", zone="Europe/Zurich"
    )
    coming = factories.meeting(
        group, "Slots for January to March", join_url="https://join.example/room"
    )
    off = factories.meeting(group, "Editors’ call", starts_at=timezone.now() + timedelta(days=3))
    actions.cancel_meeting(actor=chair, meeting=off, reason="Half of the editors are ill.")
    factories.meeting(group, "Long ago", starts_at=timezone.now() - timedelta(days=60))
    for meeting in (held, coming):
        for title, minutes in (
            ("Notice and roll call", 5),
            ("Minutes of the last meeting", 5),
            ("Objection to the Guardrail Interface", 20),
        ):
            actions.add_agenda_item(
                actor=chair, meeting=meeting, title=title, minutes=minutes, presenter=member
            )
    actions.save_notes(actor=member, meeting=held, base=0, source="We begin.")
    actions.save_notes(actor=chair, meeting=held, base=1, source=NOTES)
    actions.record_attendance(
        actor=chair,
        meeting=held,
        roster=[chair.pk, member.pk, *(person.pk for person in others)],
        present=[chair.pk, others[0].pk, others[2].pk],
    )
    actions.answer_meeting(actor=member, meeting=coming, is_coming=True)
    kept = NotesConflict.objects.create(
        meeting=held,
        author=chair,
        base_number=2,
        source=NOTES.replace("real server profile", "server profile"),
    )
    actions.save_notes(
        actor=member, meeting=held, base=2, source=held.notes.first().source + "\n\nWe end."
    )
    topic = talk.start_topic(
        actor=member, group=group, title="Is a limit needed at all?", source="It *seems* not."
    )
    talk.add_post(actor=chair, topic=topic, source="A price was named here.")
    talk.edit_post(actor=chair, post=topic.posts.get(number=2), version=1, source="500 each.")
    talk.hide_post(actor=chair, post=topic.posts.get(number=2), reason="Names a price.")
    talk.add_post(actor=others[0], topic=topic, source="1. One\n2. Two\n\n> Quoted\n\n`code`")
    actions.reset_feed(actor=chair)
    return SimpleNamespace(chair=chair, group=group, held=held, coming=coming, kept=kept)


def paths(here: SimpleNamespace) -> list[str]:
    """The pages whose content differs from that in tests/test_pages.py, which looks at all."""
    of_group = [here.group.slug]
    held, coming = [*of_group, here.held.number], [*of_group, here.coming.number]
    named = [
        ("calendar", []),
        ("meetings", of_group),
        ("meeting", held),
        ("meeting", coming),
        ("meeting", [*of_group, 3]),
        ("meeting-agenda", coming),
        ("meeting-attendance", held),
        ("notes-clash", [*held, here.kept.uuid]),
        ("notes-history", held),
        ("notes-revision", [*held, 2]),
        ("meeting-assign", held),
        ("topic", [*of_group, 1]),
        ("post-history", [*of_group, 1, 2]),
    ]
    return [reverse(name, args=args) for name, args in named]


def test_the_pages_are_readable_for_everybody(faults_of):
    here = scene()

    faults = {path: faults_of(path, here.chair) for path in paths(here)}

    assert {path: found for path, found in faults.items() if found} == {}
