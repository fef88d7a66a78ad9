"""The large alliance, tiny: written in bulk, and yet as the apps' own actions would have left it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from io import StringIO
from typing import Any

import pytest
from django.core.management.base import OutputWrapper
from django.db import connection, transaction
from django.db.models import Count, F, Q
from django.db.models.functions import Now
from django.test import Client, override_settings

from bench.large.building import Landmarks, build
from bench.large.progress import Progress
from bench.large.sizes import Sizes
from common.access import Level, viewer_for
from common.errors import WrongState
from common.mail.choices import OPEN
from common.mail.models import Message
from common.record.models import Chain, Record
from common.record.queries import export
from common.record.verify import verify
from common.search.models import SearchEntry
from members.organizations.actions.search_entries import index as index_organization
from members.organizations.models import Organization
from members.people.actions import _index as index_person
from members.people.models import Person
from notifications.choices import NotificationState
from notifications.models import Event, Notification
from tests.browser import signed_in
from tests.committed import copied_db
from workinggroups.decisions import tally
from workinggroups.decisions.actions import index_decision
from workinggroups.decisions.models import Decision
from workinggroups.deliverables.actions.indexing import index_deliverable, index_publication
from workinggroups.deliverables.checksums import seal_of
from workinggroups.deliverables.choices import DeliverableState
from workinggroups.deliverables.models import Deliverable, Publication, Revision
from workinggroups.discussion.actions import index_post, index_topic
from workinggroups.discussion.models import Post, Topic
from workinggroups.groups.actions import remind_of_due_items
from workinggroups.groups.actions.groups import index as index_group
from workinggroups.groups.content import content_models
from workinggroups.groups.models import Group, Participation, Seat
from workinggroups.meetings.actions.locking import index_meeting
from workinggroups.meetings.models import Meeting

pytestmark = [pytest.mark.platform, pytest.mark.xdist_group("large")]

TINY = Sizes(
    organizations=12,
    people=60,
    groups=14,
    many_seats=25,
    seats=10,
    many_meetings=30,
    meetings=12,
    agenda_items=4,
    many_items=6,
    attendees=5,
    occurrences=40,
    notes_bytes=600,
    revisions=110,
    many_revisions=35,
    decisions=8,
    action_items=16,
    topics=6,
    many_posts=25,
    notifications=6,
)


@pytest.fixture(scope="module")
def large(migrated_db: None, django_db_blocker: Any) -> Iterator[Landmarks]:
    """Built once, committed in a database of its own; the tests only read it."""
    with copied_db(django_db_blocker), override_settings(DEVELOPMENT=True):
        yield build(TINY)
        connection.close()


def test_has_as_much_as_was_asked_for(large: Landmarks) -> None:
    assert Meeting.objects.filter(group=large.large).count() == TINY.many_meetings
    assert Meeting.objects.filter(group=large.usual).count() == TINY.meetings
    assert large.meeting.agenda.count() == TINY.agenda_items
    assert large.crowded_meeting.agenda.count() == TINY.many_items
    assert 0 < large.crowded_meeting.attendance.count() <= TINY.attendees
    assert large.series.meetings.count() == TINY.occurrences
    assert large.series.meetings.filter(number=None, starts_at__gt=Now()).count() > 20
    notes = large.meeting.notes.get()
    assert len(notes.source.encode()) == TINY.notes_bytes
    assert large.deliverable.revisions.count() == TINY.many_revisions
    assert Revision.objects.count() >= TINY.revisions
    assert Group.objects.values("listing", "admission", "content").distinct().count() >= 4
    assert len(viewer_for(large.member.pk).seats) == 6
    assert not viewer_for(large.member.pk).chaired_ids


def test_every_row_is_for_the_readers_its_group_writes_for(large: Landmarks) -> None:
    groups = Group.objects.in_bulk()
    for model in content_models():
        for row in model._default_manager.all():
            group = groups[row.group_id]
            widened = model is Deliverable and row.state == DeliverableState.REVIEW
            if row.level < group.content_level:
                assert widened, row
                assert row.level == Level.ALLIANCE, row
                assert not group.is_secret, row
            assert row.level in (group.content_level, Level.CHAIRS) or widened, row
    assert not Post.objects.exclude(level=F("topic__level"), group=F("topic__group")).exists()


def test_search_has_the_entries_that_the_apps_would_have_written(large: Landmarks) -> None:
    fields = ("group_id", "level", "title", "about", "body", "url", "config", "at", "tsv")

    def entries() -> dict[tuple[Any, ...], dict[str, Any]]:
        rows = SearchEntry.objects.values("kind", "uuid", "part", *fields)
        # An organization is found with the moment at which it was looked at.
        return {
            (row.pop("kind"), row.pop("uuid"), row.pop("part")): row
            | ({"at": None} if not row["group_id"] else {})
            for row in rows
        }

    before = entries()
    with transaction.atomic():
        SearchEntry.objects.all().delete()
        for organization in Organization.objects.all():
            index_organization(organization=organization)
        for person in Person.objects.all():
            index_person(person)
        for group in Group.objects.all():
            index_group(group)
        for meeting in Meeting.objects.select_related("group"):
            index_meeting(meeting)
        for topic in Topic.objects.select_related("group"):
            index_topic(topic)
        for post in Post.objects.filter(hidden_at__isnull=True, number__gt=1):
            index_post(post.topic, post)
        for decision in Decision.objects.select_related("group"):
            index_decision(decision)
        for work in Deliverable.objects.select_related("group"):
            index_deliverable(work)
        for publication in Publication.objects.select_related("deliverable"):
            index_publication(publication)
        after = entries()
        transaction.set_rollback(True)

    assert before.keys() == after.keys()
    assert before == after


def test_what_is_sealed_carries_its_checksum(large: Landmarks) -> None:
    for revision in Revision.objects.sealed().filter(files__isnull=True):
        assert revision.sha256 == seal_of(revision.source, [])
    open_ones = Revision.objects.filter(sealed_at__isnull=True)
    states = set(open_ones.values_list("deliverable__state", flat=True))
    assert states <= {DeliverableState.DRAFT, DeliverableState.DROPPED}
    for meeting in Meeting.objects.filter(minutes_state="approved"):
        assert meeting.minutes_revision is not None
        digest = sha256(meeting.minutes_revision.source.encode()).hexdigest()
        assert meeting.minutes_sha256 == digest
    assert not Meeting.objects.annotate(n=Count("notes")).exclude(n=F("notes_count")).exists()
    assert not Topic.objects.annotate(n=Count("posts")).exclude(n=F("post_count")).exists()


def test_every_publication_rests_on_the_approval_of_its_very_words(large: Landmarks) -> None:
    published = Publication.objects.select_related("approval", "revision", "deliverable")

    assert published.exists()
    for publication in published:
        approval = publication.approval
        assert approval.subject_uuid == publication.revision.uuid
        assert approval.subject_sha256 == publication.revision.sha256 == publication.sha256
        assert approval.decided_at <= publication.published_at
        assert publication.identifier == publication.deliverable.identifier


def test_every_decision_carries_by_its_method(large: Landmarks) -> None:
    for decision in Decision.objects.all():
        tally.check(decision.method, decision.tally, decision.dissent)
        assert (
            decision.meeting is None
            or decision.meeting.ends_at <= decision.decided_at
            or (decision.meeting.starts_at <= decision.decided_at)
        )


def test_numbers_are_given_in_the_order_of_time(large: Landmarks) -> None:
    for model, moment in ((Meeting, "starts_at"), (Decision, "decided_at"), (Topic, "created_at")):
        for group in (large.usual, large.large):
            rows = model._default_manager.filter(group=group).order_by("number")
            numbers = list(rows.values_list("number", flat=True))
            assert numbers == list(range(1, len(numbers) + 1))
            moments = list(rows.values_list(moment, flat=True))
            assert moments == sorted(moments)


def test_nobody_sits_anywhere_before_coming_in(large: Landmarks) -> None:
    early = Participation.objects.filter(
        Q(during__startswith__lt=F("group__created_at"))
        | Q(during__startswith__lt=F("person__joined_at"))
    )

    assert not early.exists()
    running = Group.objects.exclude(state="concluded")
    chaired = Seat.objects.filter(is_chair=True).values("group_id")
    # Whose organization left may have lost its chair; most have one.
    assert running.filter(pk__in=chaired).count() >= running.count() * 0.8


def test_every_act_stands_in_the_record_and_the_chain_verifies(large: Landmarks) -> None:
    assert verify(export()) is None
    assert Chain.objects.count() == Record.objects.count()
    assert not Record.objects.filter(at__gt=datetime.now(UTC)).exists()
    for kind, verb, count in (
        ("group", "created", Group.objects.count()),
        ("meeting", "planned", Meeting.objects.count()),
        ("decision", "recorded", Decision.objects.count()),
        ("revision", "sealed", Revision.objects.sealed().count()),
        ("publication", "published", Publication.objects.count()),
    ):
        known = Record.objects.filter(kind=kind, verb=verb).values("object_uuid").distinct()
        assert known.count() == count, kind


def test_people_find_news_and_nobody_is_mailed(large: Landmarks) -> None:
    own = Notification.objects.filter(person=large.member, channel="inbox")

    assert own.filter(read_at__isnull=True).exists()
    assert own.filter(read_at__isnull=False).exists()
    assert not Message.objects.filter(state__in=OPEN).exists()
    assert not Notification.objects.filter(state=NotificationState.WAITING).exists()
    assert not Event.objects.filter(expanded_at__isnull=True).exists()
    before = Event.objects.count()
    with transaction.atomic():
        remind_of_due_items()
        assert Event.objects.count() == before
    of_one_group = Notification.objects.filter(event__scope_uuid__isnull=False)
    for notification in of_one_group.select_related("event", "person")[:200]:
        group = Group.objects.get(uuid=notification.event.scope_uuid)
        assert Seat.objects.filter(group=group, person=notification.person).exists()


def test_every_page_of_its_groups_opens_for_a_member(large: Landmarks) -> None:
    browser = signed_in(large.member)
    tabs = ("", "people/", "meetings/", "discussion/", "actions/", "decisions/", "deliverables/",
             "charter/")  # fmt: skip
    pages = ["/my/", "/inbox/", "/groups/", "/directory/", "/search/?q=test", "/record/own/",
             "/calendar/", "/members/", "/catalogue/"]  # fmt: skip
    for group in (large.usual, large.large):
        pages += [f"{group.get_absolute_url()}{tab}" for tab in tabs]
        for model in (Meeting, Topic, Decision, Deliverable):
            last = model._default_manager.filter(group=group, level__lte=Level.MEMBERS).last()
            pages += [last.get_absolute_url()] if last else []
    pages += [
        large.meeting.get_absolute_url(),
        f"{large.meeting.get_absolute_url()}notes/history/",
        large.deliverable.get_absolute_url(),
        large.deliverable.revisions.latest("number").get_absolute_url(),
        large.publication.get_absolute_url(),
        large.member.get_absolute_url(),
    ]

    answers = {page: browser.get(page).status_code for page in pages}

    assert {page: status for page, status in answers.items() if status != 200} == {}


def test_long_lists_come_in_pages(large: Landmarks) -> None:
    browser, work = signed_in(large.member), large.deliverable
    address = work.get_absolute_url()

    def listed(page: str) -> list[int]:
        return [row.number for row in browser.get(page).context["revisions"].rows]

    assert listed(address) == list(range(35, 5, -1))
    assert listed(f"{address}?after=6") == [5, 4, 3, 2, 1]
    newest = browser.get(address).content.decode()
    assert newest.count("?with=") == 8
    assert 'name="with"' in newest
    assert browser.get(f"{address}revisions/35/?with=1").context["older"].number == 1


def test_keeps_its_secret_groups(large: Landmarks) -> None:
    secret = Group.objects.filter(listing="members").first()
    assert secret is not None
    seated = Seat.objects.filter(group=secret).values("person_id")
    outside = Person.objects.filter(is_staff=False).exclude(pk__in=seated).first()
    assert outside is not None

    assert signed_in(outside).get(secret.get_absolute_url()).status_code == 404
    assert secret.slug not in Client().get("/groups/").content.decode()
    assert not Publication.objects.filter(
        deliverable__group__listing="members", group_slug__gt=""
    ).exists()


def test_is_built_once(large: Landmarks) -> None:
    with pytest.raises(WrongState, match="loaded already"):
        build(TINY)


def alliance_built(db_now: datetime) -> list[Any]:
    """Build an alliance, return what readers would see of it, and take it back."""
    with transaction.atomic():
        build(TINY, now=db_now, seed=7)
        found: list[Any] = [
            list(Person.objects.order_by("email").values_list("name", "zone", "joined_at")),
            list(Group.objects.order_by("slug").values_list("slug", "state", "created_at")),
            list(Meeting.objects.order_by("uuid").values_list("title", "starts_at", "uuid")),
            list(Revision.objects.order_by("uuid").values_list("sha256", flat=True)),
            list(Decision.objects.order_by("uuid").values_list("title", "method")),
        ]
        transaction.set_rollback(True)
    return found


def test_the_same_seed_builds_the_same(db: None) -> None:
    now = datetime(2026, 5, 4, 12, tzinfo=UTC)

    assert alliance_built(now) == alliance_built(now)


def test_says_a_line_a_subject_where_nobody_watches() -> None:
    out = StringIO()
    progress = Progress(OutputWrapper(out))

    progress.begin("meetings", 0.5)
    progress.step(0.5)
    progress.begin("search", 0.5)
    progress.end()

    assert [line.split("s  ")[1] for line in out.getvalue().splitlines()] == [
        "meetings …",
        "search …",
    ]


def test_draws_one_bar_on_a_terminal() -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    out = Terminal()
    progress = Progress(OutputWrapper(out))

    progress.begin("meetings", 0.5)
    progress.begin("search", 0.5)
    progress.end()

    rendered = out.getvalue()
    assert "\n" not in rendered
    assert " 50%  search" in rendered.split("\r")[2]
