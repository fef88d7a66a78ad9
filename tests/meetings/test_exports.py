import pytest

from members.people.exports import export
from tests import factories
from workinggroups.discussion import actions as talk
from workinggroups.meetings import actions

pytestmark = pytest.mark.django_db


def test_people_take_along_what_they_wrote_and_nothing_of_others(chair, member, group):
    meeting = factories.meeting(group)
    actions.answer_meeting(actor=member, meeting=meeting, is_coming=True)
    mine = factories.agenda_proposal(meeting, member, "Licences")
    actions.decline_proposal(actor=chair, proposal=mine, reason="No time.")
    actions.save_notes(actor=member, meeting=meeting, base=0, source="By a member.")
    actions.save_notes(actor=chair, meeting=meeting, base=1, source="By the chair.")
    topic = talk.start_topic(actor=chair, group=group, title="The limit", source="By the chair.")
    post = talk.add_post(actor=member, topic=topic, source="First words.")
    talk.edit_post(actor=member, post=post, version=1, source="Second words.")

    own = export(member)

    assert [row["state"] for row in own["meetings"]["attendance"]] == ["coming"]
    assert [
        (row["title"], row["state"], row["reason"]) for row in own["meetings"]["proposed_items"]
    ] == [("Licences", "declined", "No time.")]
    assert own["meetings"]["answers_to_proposed_items"] == []
    answered = export(chair)["meetings"]["answers_to_proposed_items"]
    assert [(row["title"], row["reason"]) for row in answered] == [("Licences", "No time.")]
    assert [row["text"] for row in own["meetings"]["notes"]] == ["By a member."]
    assert [(row["text"], row["texts_before"]) for row in own["posts"]] == [
        ("Second words.", ["First words."])
    ]
