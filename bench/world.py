"""An alliance of some years, written in bulk: large enough that a page that reads too much is slow."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection, transaction
from django.utils import timezone

from common.access import Level
from common.names import sort_key
from common.text import markdown
from common.text.limits import Limit
from common.times import since
from common.vocabulary.models import FocusArea
from members.organizations.models import Affiliation, Membership, Organization
from members.people.middleware import BEGAN, SEEN
from members.people.models import Person
from notifications.models import Event, Notice
from workinggroups.decisions.models import Decision
from workinggroups.deliverables.checksums import seal_of
from workinggroups.deliverables.models import Authorship, Deliverable, Publication, Revision
from workinggroups.groups.models import ActionItem, CharterVersion, Group, Office, Participation
from workinggroups.meetings.models import AgendaItem, Attendance, Meeting, NotesRevision
from workinggroups.meetings.rendering import notes_html

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many of each: fewer groups and people than the goals name (200 and 10,000), so that the
    world stands in seconds; the meetings of the biggest group are as many."""

    people: int = 2000
    organizations: int = 100
    groups: int = 40
    meetings: int = 200
    many_meetings: int = 5000
    agenda_items: int = 20
    notes_bytes: int = 8192
    decisions: int = 200
    action_items: int = 400
    publications: int = 60
    notices: int = 200


@dataclass(frozen=True, slots=True)
class World:
    """What the measuring has to know of it."""

    member: Person
    usual: Group
    large: Group
    meeting: Meeting
    publication: Publication


@transaction.atomic
def build(sizes: Sizes) -> World:
    """Everything at once, into a database without people."""
    now = timezone.now().replace(microsecond=0)
    start = now - timedelta(days=900)
    everybody = people(sizes, start)
    member = everybody[0]
    homes = organizations(sizes, everybody, start)
    groups = working_groups(sizes, everybody, homes, start)
    usual, large = groups[0], groups[1]
    held = meetings(usual, sizes.meetings, member, now)
    meetings(large, sizes.many_meetings, member, now)
    met = full_meeting(sizes, held, everybody, homes)
    decided = decisions(sizes, usual, member, held, now)
    action_items(sizes, groups, everybody, now)
    published = publications(sizes, groups, everybody, homes, decided, now)
    notices(sizes, held, member, now)
    return World(member, usual, large, met, published[-1])


def analyze() -> None:
    """As autovacuum would have by the time a real alliance has so much."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def sign_in(person: Person) -> str:
    """The key of a session in which this person signed in just now."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    now = timezone.now().timestamp()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session[BEGAN] = session[SEEN] = now
    session.create()
    return str(session.session_key)


# --- people and where they belong -------------------------------------------------------------


def people(sizes: Sizes, start: datetime) -> list[Person]:
    made: list[Person] = Person.objects.bulk_create(
        [
            Person(
                name=f"Member {number:05d}",
                sort_name=sort_key(f"Member {number:05d}"),
                email=f"member{number}@people.example",
                zone="Europe/Zurich",
                in_directory=True,
                joined_at=start,
            )
            for number in range(1, sizes.people + 1)
        ],
        batch_size=BATCH,
    )
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=one, email=one.email, verified=True, primary=True) for one in made],
        batch_size=BATCH,
    )
    return made


def organizations(sizes: Sizes, everybody: list[Person], start: datetime) -> list[Organization]:
    made = Organization.objects.bulk_create(
        Organization(
            name=f"Organization {number:04d}",
            sort_name=sort_key(f"Organization {number:04d}"),
            slug=f"organization-{number}",
            legal_name=f"Organization {number} Ltd",
            kind="company",
            country="CH",
        )
        for number in range(1, sizes.organizations + 1)
    )
    Membership.objects.bulk_create(
        Membership(organization=one, kind="member", status="active", during=since(start))
        for one in made
    )
    Affiliation.objects.bulk_create(
        [
            Affiliation(
                person=person,
                organization=made[index % len(made)],
                source="staff",
                during=since(start),
            )
            for index, person in enumerate(everybody)
        ],
        batch_size=BATCH,
    )
    return made


def working_groups(
    sizes: Sizes, everybody: list[Person], homes: list[Organization], start: datetime
) -> list[Group]:
    """The first person sits in the first six groups and chairs none."""
    areas = list(FocusArea.objects.all())
    made = Group.objects.bulk_create(
        Group(
            name=f"Working Group {number:03d}",
            sort_name=sort_key(f"Working Group {number:03d}"),
            slug=f"group-{number}",
            purpose="We write shared tests that anyone can repeat, and publish what they show. "
            * 3,
            focus_area=areas[number % len(areas)],
            listing="public",
            admission="open",
            content="alliance",
            state="active",
        )
        for number in range(1, sizes.groups + 1)
    )
    source = "## Scope\n\n" + "Shared tests, their data and what they show. " * 30
    html = markdown.render(source, Limit.NOTES)
    CharterVersion.objects.bulk_create(
        CharterVersion(
            group=group,
            number=1,
            state="adopted",
            source=source,
            html=html,
            author=everybody[1],
            adopted_by=everybody[1],
            during=since(start),
        )
        for group in made
    )
    seats: list[Participation] = []
    offices: list[Office] = []
    for place, group in enumerate(made):
        seated = dict.fromkeys(range(1 + place, len(everybody), len(made)))
        if place < 6:
            seated = {0: None, **seated}
        seats += [
            Participation(
                group=group,
                person=everybody[index],
                organization=homes[index % len(homes)],
                during=since(start),
            )
            for index in seated
        ]
        chair = next(index for index in seated if index)
        offices.append(
            Office(group=group, person=everybody[chair], office="chair", during=since(start))
        )
    Participation.objects.bulk_create(seats, batch_size=BATCH)
    Office.objects.bulk_create(offices)
    return made


# --- what groups do ---------------------------------------------------------------------------


def meetings(group: Group, count: int, by: Person, now: datetime) -> list[Meeting]:
    """One a day, the last four still to come."""
    today = now.replace(hour=15, minute=0, second=0)

    def one(number: int) -> Meeting:
        starts_at = today + timedelta(days=number - count + 4)
        return Meeting(
            group=group,
            level=Level.ALLIANCE,
            uid=f"{group.slug}-{number}@bench.example",
            number=number,
            title=f"Meeting {number} on tests, data and results",
            local_date=starts_at.date(),
            local_time=starts_at.time(),
            zone="UTC",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=1),
            place="By video",
            state="held" if starts_at < now else "planned",
            created_by=by,
        )

    return Meeting.objects.bulk_create(
        [one(number) for number in range(1, count + 1)], batch_size=BATCH
    )


def full_meeting(
    sizes: Sizes, held: list[Meeting], everybody: list[Person], homes: list[Organization]
) -> Meeting:
    """The last meeting that is over has an agenda, notes and people who were there."""
    met = max((one for one in held if one.is_over), key=lambda one: one.number, default=held[0])
    AgendaItem.objects.bulk_create(
        AgendaItem(
            meeting=met,
            position=position,
            title=f"Item {position} of the agenda",
            minutes=5,
            presenter=everybody[position % len(everybody)],
            text="What it is about, in one sentence.",
        )
        for position in range(1, sizes.agenda_items + 1)
    )
    paragraph = "We spoke about *tests*, their **data** and [results](https://example.org/). " * 4
    source = (f"## Point\n\n{paragraph}\n\n- one\n- two\n\n" * 40)[: sizes.notes_bytes]
    author = everybody[0]
    NotesRevision.objects.create(
        meeting=met, number=1, source=source, html=notes_html(source), author=author
    )
    Attendance.objects.bulk_create(
        Attendance(
            meeting=met,
            person=person,
            organization=homes[index % len(homes)],
            state="present",
        )
        for index, person in enumerate(everybody[:30])
    )
    Meeting.objects.filter(pk=met.pk).update(notes_count=1, agenda_posted_at=met.starts_at)
    met.refresh_from_db()
    return met


def decisions(
    sizes: Sizes, group: Group, by: Person, held: list[Meeting], now: datetime
) -> list[Decision]:
    return Decision.objects.bulk_create(
        Decision(
            group=group,
            level=Level.ALLIANCE,
            number=number,
            title=f"We decided matter {number}",
            method="consensus",
            decided_at=now - timedelta(days=sizes.decisions - number),
            meeting=held[number % len(held)],
            recorded_by=by,
        )
        for number in range(1, max(sizes.decisions, sizes.publications) + 1)
    )


def action_items(sizes: Sizes, groups: list[Group], everybody: list[Person], now: datetime) -> None:
    """In the first two groups; every eighth is the first person's."""
    ActionItem.objects.bulk_create(
        ActionItem(
            group=group,
            level=Level.ALLIANCE,
            number=number,
            text=f"Write part {number} of the test plan",
            owner=everybody[0] if number % 8 == 0 else everybody[number % len(everybody)],
            due_on=now.date() + timedelta(days=number % 60),
            state="open" if number % 2 == 0 else "done",
            closed_at=None if number % 2 == 0 else now,
            created_by=everybody[0],
        )
        for group in groups[:2]
        for number in range(1, sizes.action_items // 2 + 1)
    )


def publications(
    sizes: Sizes,
    groups: list[Group],
    everybody: list[Person],
    homes: list[Organization],
    decided: list[Decision],
    now: datetime,
) -> list[Publication]:
    """One version each of works of many groups, with a text and three authors."""
    numbers = range(1, sizes.publications + 1)
    by = everybody[0]
    works = Deliverable.objects.bulk_create(
        Deliverable(
            group=groups[number % len(groups)],
            level=Level.PUBLIC,
            number=number,
            kind="SGB"[number % 3],
            title=f"Evaluation Stack, part {number}",
            summary="A common form for results of tests, for everybody who runs them. " * 5,
            state="published",
            identifier=identifier(number),
            created_by=by,
        )
        for number in numbers
    )
    source = "# Scope\n\n" + "A record names who paid for the test.\n\n" * 100
    html = markdown.render(source, Limit.NOTES)
    seal = seal_of(source, [])
    texts = Revision.objects.bulk_create(
        Revision(
            deliverable=work,
            number=1,
            source=source,
            html=html,
            author=by,
            sealed_at=now,
            sha256=seal,
        )
        for work in works
    )
    authors = everybody[: min(3, len(everybody))]
    Authorship.objects.bulk_create(
        Authorship(deliverable=work, person=person, organization=homes[0], position=position)
        for work in works
        for position, person in enumerate(authors, 1)
    )
    return Publication.objects.bulk_create(
        Publication(
            deliverable=work,
            revision=text,
            approval=approval,
            identifier=work.identifier or "",
            number="1.0",
            title=work.title,
            kind=work.kind,
            summary=work.summary,
            licence=work.licence,
            focus_area_slug=work.group.focus_area.slug,
            group_name=work.group.name,
            group_slug=work.group.slug,
            authors=[named(person, homes[0]) for person in authors],
            sha256=seal,
            published_at=now - timedelta(days=len(works) - work.number),
            published_by=by,
        )
        for work, text, approval in zip(works, texts, decided, strict=False)
    )


def identifier(number: int) -> str:
    return f"A{'SGB'[number % 3]}-{number}"


def named(person: Person, home: Organization) -> dict[str, str]:
    return {"uuid": str(person.uuid), "name": person.name, "organization": home.name}


def notices(sizes: Sizes, held: list[Meeting], person: Person, now: datetime) -> None:
    """The inbox of the first person; every second line is read."""
    events = Event.objects.bulk_create(
        Event(
            dedupe_key=f"bench:{number}",
            kind="meeting_planned",
            ref={"meeting": str(held[number % len(held)].uuid)},
            at=now,
            expanded_at=now,
        )
        for number in range(sizes.notices)
    )
    Notice.objects.bulk_create(
        Notice(
            event=event,
            person=person,
            channel="inbox",
            state="done",
            read_at=now if index % 2 else None,
        )
        for index, event in enumerate(events)
    )
