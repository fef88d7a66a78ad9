"""The page that answers why: a step is told to whoever may see both of its ends."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from alliance.portal.provenance import Provenance, provenance_of
from common.access import ANONYMOUS, viewer_for
from common.links.models import Link
from members.people.models import Person
from tests import factories
from tests.browser import queries_of
from tests.factories import works
from workinggroups.deliverables import actions
from workinggroups.deliverables.models import Publication
from workinggroups.groups.models import Group

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(chair: Person) -> Group:
    return factories.group(preset="listed", chair=chair)


@pytest.fixture
def second(chair: Person, group: Group) -> Publication:
    """The second version of a work in whose first review somebody commented."""
    work = works.in_review(chair, group, title="Stack")
    comment = actions.add_comment(actor=chair, deliverable=work, source="Say it once.")
    actions.answer_comment(actor=chair, comment=comment, disposition="accepted", answer="Yes.")
    works.approve(chair, work)
    work.refresh_from_db()
    actions.publish(actor=chair, deliverable=work, number="1.0")
    return works.next_version(chair, work, "1.1")


def notified(story: Provenance | None) -> list[str]:
    assert story is not None
    lines = [" · ".join([step.what, *step.does]) for step in story.steps]
    return [re.sub(r"<[^>]+>", "", line) for line in lines]


def test_a_member_reads_the_whole_way_of_a_publication(chair: Person, second: Publication) -> None:
    story = provenance_of("publication", second.uuid, viewer_for(chair.pk))

    assert notified(story) == [
        "Sealed: revision 1",
        "1 comment on revision 1",
        "D-1 Approve Stack, revision 1 · approves revision 1",
        "AS-1 Stack 1.0 · publishes revision 1 · is based on D-1",
        "Sealed: revision 2",
        "D-2 Approve Stack, revision 2 · approves revision 2",
        "AS-1 Stack 1.1 · publishes revision 2 · is based on D-2 · replaces version 1.0",
    ]
    assert story is not None
    assert [step.is_asked for step in story.steps] == [False] * 6 + [True]


def test_it_is_the_same_story_from_the_decision_and_from_the_work(
    chair: Person, second: Publication
) -> None:
    viewer = viewer_for(chair.pk)
    of_publication = notified(provenance_of("publication", second.uuid, viewer))

    assert notified(provenance_of("decision", second.approval.uuid, viewer)) == of_publication
    assert notified(provenance_of("deliverable", second.deliverable.uuid, viewer)) == of_publication


def test_strangers_read_of_publications_only(second: Publication, outsider: Person) -> None:
    for viewer in (ANONYMOUS, viewer_for(outsider.pk)):
        story = provenance_of("publication", second.uuid, viewer)
        assert notified(story) == ["AS-1 Stack 1.1 · replaces version 1.0"]


def test_the_story_of_what_one_may_not_see_is_none(second: Publication, outsider: Person) -> None:
    viewer = viewer_for(outsider.pk)
    assert provenance_of("decision", second.approval.uuid, viewer) is None
    assert provenance_of("deliverable", second.deliverable.uuid, viewer) is None


def test_what_hangs_together_only_by_something_unseen_is_another_story(
    chair: Person, outsider: Person
) -> None:
    """That two things met at a third is not to be read where the third is not."""
    open_group = factories.group(preset="open", chair=chair, name="Open")
    one, two = (works.decision(chair, open_group, title) for title in ("One", "Two"))
    hidden = works.deliverable(chair, factories.group(preset="secret", chair=chair))
    for decision in (one, two):
        Link.objects.create(
            from_kind="decision",
            from_uuid=decision.uuid,
            relation="approves",
            to_kind="deliverable",
            to_uuid=hidden.uuid,
        )

    assert notified(provenance_of("decision", one.uuid, viewer_for(outsider.pk))) == [str(one)]
    assert len(notified(provenance_of("decision", one.uuid, viewer_for(chair.pk)))) == 2


def test_other_decisions_of_the_same_meeting_are_another_story(chair: Person, group: Group) -> None:
    meeting = factories.past_meeting(group, created_by=chair)
    one = works.decision(chair, group, "Meet on Tuesdays", meeting=meeting)
    works.decision(chair, group, "Meet in rooms", meeting=meeting)
    newer = works.decision(chair, group, "Meet on Fridays", replaces=one)

    story = provenance_of("decision", one.uuid, viewer_for(chair.pk))

    assert notified(story) == [
        f"{one} · taken at {meeting}",
        f"{newer} · replaces D-{one.number}",
    ]


def test_a_circle_of_links_ends(chair: Person, group: Group) -> None:
    """Nobody can make one on the site; a bad import could."""
    one, two = (works.decision(chair, group, title) for title in ("One", "Two"))
    for first, other in ((one, two), (two, one)):
        Link.objects.create(
            from_kind="decision",
            from_uuid=first.uuid,
            relation="supersedes",
            to_kind="decision",
            to_uuid=other.uuid,
        )

    assert len(notified(provenance_of("decision", one.uuid, viewer_for(chair.pk)))) == 2


def test_a_title_stays_text(chair: Person, group: Group, client_of: Callable[..., Client]) -> None:
    older = works.decision(chair, group, "<b>{one}</b>")
    newer = works.decision(chair, group, "Better", replaces=older)

    page = client_of(chair).get(f"/why/decision/{newer.uuid}/").content.decode()

    assert "&lt;b&gt;{one}&lt;/b&gt;" in page
    assert "<b>{one}" not in page


def test_a_longer_story_costs_the_same_queries(
    chair: Person, group: Group, client_of: Callable[..., Client], second: Publication
) -> None:
    client = client_of(chair)
    path = f"/why/publication/{second.uuid}/"
    short = queries_of(client, path)

    for number in ("1.2", "1.3"):
        works.next_version(chair, second.deliverable, number)

    assert queries_of(client, path) == short <= 15


def test_the_pages_lead_there(
    chair: Person, second: Publication, client_of: Callable[..., Client]
) -> None:
    client = client_of(chair)
    for page, uuid in (
        (second.get_absolute_url(), second.uuid),
        (second.approval.get_absolute_url(), second.approval.uuid),
        (second.deliverable.get_absolute_url(), second.deliverable.uuid),
    ):
        assert f"/{uuid}/" in client.get(page).content.decode().split("/why/", 1)[1][:70]
