"""A dated grant: it begins, moves and ends, and opens one thing while its holder is in the alliance."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.access import Level, viewer_for
from common.access.grants import (
    KEPT_FOR_DAYS,
    end_grants,
    grant_reading,
    move_grants,
    sweep_grants,
)
from common.access.models import Grant
from common.identifiers import new_uuid
from common.search import queries as search
from common.times import between
from members.people.models import Person
from tests import factories
from tests.api.conftest import Api, api_of
from tests.factories import works
from tests.factories.files import attached
from workinggroups.attachments.models import Attachment
from workinggroups.deliverables import actions as deliverables
from workinggroups.deliverables.models import Deliverable, Revision
from workinggroups.deliverables.notifications import CommentAnswered
from workinggroups.deliverables.queries import last_revision
from workinggroups.discussion import actions as discussion
from workinggroups.discussion.models import Topic
from workinggroups.groups.models import Group, Participation

__all__ = ["api_of"]

pytestmark = pytest.mark.django_db

CAUSE = new_uuid()
ClientOf = Callable[[Person], Client]


@pytest.fixture
def holder() -> Person:
    return factories.member_of(factories.organization("Elsewhere"), "Hilde Holder")


@pytest.fixture
def topic(group: Group, member: Person) -> Topic:
    made = discussion.start_topic(
        actor=member, group=group, title="Zirconium", source="Which alloy?", level=Level.MEMBERS
    )
    discussion.add_post(actor=member, topic=made, source="The beryllium one.")
    attached(member, "topic", made.uuid)
    return made


@pytest.fixture
def work(group: Group, chair: Person) -> Deliverable:
    """A deliverable with two sealed revisions and an open one."""
    made = works.in_review(chair, group, title="Hafnium", text="The first text: osmium.")
    for text in ("The second text: iridium.", "The third text: rhenium."):
        deliverables.request_changes(actor=chair, deliverable=made, reason="Too dense.")
        made.refresh_from_db()
        deliverables.save_text(
            actor=chair, deliverable=made, version=last_revision(made).version, source=text
        )
        if "second" in text:
            deliverables.open_review(
                actor=chair,
                deliverable=made,
                until=(timezone.now() + timedelta(days=14)).date(),
                reviewers="group",
            )
            made.refresh_from_db()
    return made


def grant(
    person: Person,
    kind: str,
    uuid: UUID,
    group: Group,
    *,
    until: datetime | None = None,
    cause: UUID = CAUSE,
) -> None:
    grant_reading(
        kind=kind,
        uuid=uuid,
        group_id=group.pk,
        person_ids=[person.pk],
        until=until or factories.ahead(days=2),
        cause=cause,
    )


def reads(person: Person, topic: Topic) -> bool:
    return Topic.objects.visible_to(viewer_for(person.pk)).filter(pk=topic.pk).exists()


# --- from when to when --------------------------------------------------------------------------------


def test_a_repeated_grant_changes_nothing(holder: Person, topic: Topic) -> None:
    first = factories.ahead(days=2)
    for until in (first, factories.ahead(days=9)):
        grant(holder, "topic", topic.uuid, topic.group, until=until)

    assert Grant.objects.get().during.upper == first


def test_nothing_is_granted_until_a_moment_that_has_passed(holder: Person, topic: Topic) -> None:
    grant(holder, "topic", topic.uuid, topic.group, until=factories.ago(hours=1))

    assert not reads(holder, topic)


def test_a_moved_grant_ends_at_the_new_moment(holder: Person, topic: Topic) -> None:
    grant(holder, "topic", topic.uuid, topic.group)
    later = factories.ahead(days=30)

    move_grants(cause=CAUSE, until=later)
    assert Grant.objects.get().during.upper == later
    assert reads(holder, topic)

    move_grants(cause=CAUSE, until=factories.ago(days=1))
    assert not reads(holder, topic)


def test_moving_wakes_no_grant_that_is_over(holder: Person, topic: Topic) -> None:
    grant(holder, "topic", topic.uuid, topic.group)
    end_grants(cause=CAUSE, person_ids=[holder.pk])

    move_grants(cause=CAUSE, until=factories.ahead(days=30))

    assert not reads(holder, topic)


def test_a_grant_ends_for_some_or_for_all(holder: Person, outsider: Person, topic: Topic) -> None:
    for person in (holder, outsider):
        grant(person, "topic", topic.uuid, topic.group)

    end_grants(cause=CAUSE, person_ids=[holder.pk])
    assert (reads(holder, topic), reads(outsider, topic)) == (False, True)

    end_grants(cause=CAUSE)
    assert not reads(outsider, topic)


def test_a_grant_of_another_cause_goes_on(holder: Person, topic: Topic) -> None:
    for cause in (CAUSE, new_uuid()):
        grant(holder, "topic", topic.uuid, topic.group, cause=cause)

    end_grants(cause=CAUSE)

    assert reads(holder, topic)


def test_a_grant_that_ended_is_given_again(holder: Person, topic: Topic) -> None:
    grant(holder, "topic", topic.uuid, topic.group)
    end_grants(cause=CAUSE)

    grant(holder, "topic", topic.uuid, topic.group)

    assert reads(holder, topic)


def test_grants_are_deleted_a_while_after_their_end(holder: Person, topic: Topic) -> None:
    now = timezone.now()
    for days in (KEPT_FOR_DAYS + 1, KEPT_FOR_DAYS - 1, -1):
        Grant.objects.create(
            kind="topic",
            object_uuid=new_uuid(),
            group_id=topic.group_id,
            person_id=holder.pk,
            during=between(now - timedelta(days=90), now - timedelta(days=days)),
            cause_uuid=CAUSE,
        )
    grant(holder, "topic", topic.uuid, topic.group, until=now - timedelta(hours=1))

    assert sweep_grants() == 2
    assert Grant.objects.count() == 2


# --- who ----------------------------------------------------------------------------------------------


def test_a_grant_sleeps_while_the_organization_is_suspended(holder: Person, topic: Topic) -> None:
    grant(holder, "topic", topic.uuid, topic.group)
    membership = holder.affiliations.get().organization.memberships.get()

    for status, expected in (("suspended", False), ("grace", True)):
        membership.status = status
        membership.save()
        assert reads(holder, topic) is expected


def test_a_group_that_becomes_secret_is_closed_to_grants(
    client_of: ClientOf, api_of: Callable[..., Api], holder: Person, topic: Topic
) -> None:
    grant(holder, "topic", topic.uuid, topic.group)
    assert client_of(holder).get(topic.get_absolute_url()).status_code == 200

    Group.objects.filter(pk=topic.group_id).update(listing="members")

    assert client_of(holder).get(topic.get_absolute_url()).status_code == 404
    assert api_of(holder).get(f"topics/{topic.uuid}/").status_code == 404
    assert found(holder, "zirconium") == []


def test_what_only_chairs_read_is_not_opened(
    client_of: ClientOf, holder: Person, chair: Person, group: Group
) -> None:
    topic = discussion.start_topic(
        actor=chair, group=group, title="Zirconium", source="Who?", level=Level.CHAIRS
    )
    grant(holder, "topic", topic.uuid, group)

    assert not reads(holder, topic)
    assert client_of(holder).get(topic.get_absolute_url()).status_code == 404
    assert found(holder, "zirconium") == []


# --- what its holder reads ----------------------------------------------------------------------------


def linked(page: str) -> set[str]:
    """The addresses of this site that the page links to, or shows."""
    return {
        address.partition("#")[0]
        for address in re.findall(r'(?:href|src|action)="(/[^"]*)"', page)
        if not address.startswith(("/static/", "/accounts/log"))
    }


def dead_links(client: Client, address: str) -> set[str]:
    page = client.get(address).content.decode()
    assert linked(page)
    return {link for link in linked(page) if ask(client, link).status_code == 404}


def ask(client: Client, address: str, headers: Mapping[str, str] | None = None) -> Any:
    """The answer; a file is read to its end, which closes it."""
    answer = client.get(address, headers=headers)
    if answer.streaming:
        list(answer)
    return answer


def found(person: Person, words: str) -> list[str]:
    return [hit.url for hit in search.query(viewer_for(person.pk), words).hits]


def test_no_link_of_the_pages_is_dead(
    client_of: ClientOf, holder: Person, topic: Topic, work: Deliverable
) -> None:
    revision = work.revisions.get(number=2)
    draft = factories.charter(work.group, state="draft")
    grant(holder, "topic", topic.uuid, topic.group)
    grant(holder, "revision", revision.uuid, work.group)
    grant(holder, "charter_version", draft.uuid, work.group)
    client = client_of(holder)

    for address in (
        topic.get_absolute_url(),
        reverse("attachments", args=[topic.group.slug, "topic", topic.uuid]),
        revision.get_absolute_url(),
        work.get_absolute_url(),
        reverse("deliverable-people", args=[work.group.slug, work.number]),
        reverse("group-charter-draft", args=[work.group.slug]),
    ):
        assert client.get(address).status_code == 200, address
        assert dead_links(client, address) == set(), address


def test_one_revision_shows_no_other(
    client_of: ClientOf, api_of: Callable[..., Api], holder: Person, work: Deliverable
) -> None:
    granted = work.revisions.get(number=2)
    grant(holder, "revision", granted.uuid, work.group)
    client, api = client_of(holder), api_of(holder)

    for address in (granted.get_absolute_url(), work.get_absolute_url()):
        page = client.get(address, {"with": "1"}).content.decode()
        assert "iridium" in page
        for hidden in ("osmium", "rhenium", "Too dense.", "Revision 1", "Revision 3", "revision 1"):
            assert hidden not in page
    for other in work.revisions.exclude(pk=granted.pk):
        assert client.get(other.get_absolute_url()).status_code == 404
        assert api.get(f"revisions/{other.uuid}/").status_code == 404
    listed = api.get("revisions/").json()["results"]
    assert [row["number"] for row in listed] == [2]


def test_search_finds_the_granted_things(
    holder: Person, topic: Topic, work: Deliverable, chair: Person
) -> None:
    assert found(holder, "zirconium") == found(holder, "figure.png") == []
    grant(holder, "topic", topic.uuid, topic.group)

    assert found(holder, "alloy") == [topic.get_absolute_url()]
    assert found(holder, "beryllium") == [topic.posts.get(number=2).get_absolute_url()]
    assert found(holder, "figure.png") == [
        reverse("attachments", args=[topic.group.slug, "topic", topic.uuid])
    ]


def test_search_shows_the_text_of_the_newest_revision_to_no_reader_of_an_older_one(
    holder: Person, work: Deliverable
) -> None:
    older, newest = work.revisions.get(number=2), work.revisions.get(number=3)
    grant(holder, "revision", older.uuid, work.group)
    assert found(holder, "hafnium") == found(holder, "rhenium") == []

    grant(holder, "revision", newest.uuid, work.group)

    assert found(holder, "rhenium") == [work.get_absolute_url()]


def test_lists_and_counts_of_a_group_that_one_reads_stay_as_they_are(
    client_of: ClientOf, holder: Person, topic: Topic, work: Deliverable
) -> None:
    """In a group that opened its work later, what it wrote before stays with its members."""
    Group.objects.filter(pk=topic.group_id).update(content="alliance")
    grant(holder, "topic", topic.uuid, topic.group)
    grant(holder, "revision", work.revisions.get(number=2).uuid, work.group)
    client = client_of(holder)

    for row, route in ((topic, "topics"), (work, "deliverables")):
        assert client.get(row.get_absolute_url()).status_code == 200
        page = client.get(reverse(route, args=[topic.group.slug]))
        assert str(row) not in page.content.decode()
        assert page.context["tab_counts"]["deliverables"] == 0


def test_after_its_end_nothing_that_was_held_answers(
    client_of: ClientOf, api_of: Callable[..., Api], holder: Person, topic: Topic
) -> None:
    """Also for a browser or program that asks whether its copy is still good."""
    file = Attachment.objects.get(thing_uuid=topic.uuid)
    grant(holder, "topic", topic.uuid, topic.group)
    client, api = client_of(holder), api_of(holder)
    addresses = [
        topic.get_absolute_url(),
        file.get_absolute_url(),
        file.get_figure_url(),
        f"/api/v1/topics/{topic.uuid}/",
        f"/api/v1/attachments/{file.uuid}/",
    ]
    held: dict[str, dict[str, str]] = {}
    for address in addresses:
        answer = ask(client, address, api.headers)
        assert answer.status_code == 200, address
        held[address] = {**api.headers, "If-None-Match": answer.headers.get("ETag", '"none"')}
    with_tags = [address for address in addresses if held[address]["If-None-Match"] != '"none"']
    assert len(with_tags) >= 2
    for address in with_tags:
        assert ask(client, address, held[address]).status_code == 304, address

    end_grants(cause=CAUSE)

    for address in addresses:
        assert ask(client, address, held[address]).status_code == 404, address


def test_a_draft_charter_is_read_by_who_votes_about_it(
    client_of: ClientOf, holder: Person, group: Group
) -> None:
    factories.charter(group)
    draft = factories.charter(group, state="draft")
    address = reverse("group-charter-draft", args=[group.slug])
    assert client_of(holder).get(address).status_code == 404

    grant(holder, "charter_version", draft.uuid, group)

    page = client_of(holder).get(address)
    assert page.status_code == 200
    assert reverse("group-charter-edit", args=[group.slug]) not in page.content.decode()
    edit = client_of(holder).get(reverse("group-charter-edit", args=[group.slug]))
    assert edit.status_code == 404


def test_answers_are_mailed_to_who_reads_the_revision_that_the_comment_is_on(
    holder: Person, member: Person, chair: Person, group: Group
) -> None:
    """Whoever left the group is told of the answer to a comment while a grant opens its revision."""
    work = works.in_review(chair, group)
    factories.seat(group, holder)
    comment = deliverables.add_comment(actor=holder, deliverable=work, source="Say it once.")
    Participation.objects.filter(person=holder).delete()
    told = CommentAnswered(group=group.pk, comment=comment.pk)

    def is_told() -> tuple[bool, bool]:
        viewer = viewer_for(holder.pk)
        return holder in told.recipients(), told in CommentAnswered.find_targets([told], viewer)

    assert is_told() == (False, False)
    grant(holder, "revision", comment.revision.uuid, group)
    assert is_told() == (True, True)
    end_grants(cause=CAUSE)
    next_one = Revision.objects.create(deliverable=work, number=2, author=chair, source="")
    grant(holder, "revision", next_one.uuid, group, cause=new_uuid())
    assert is_told() == (False, False)
