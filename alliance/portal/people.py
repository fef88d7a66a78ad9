"""Who can see a person's page, and what is on it. The app of people is below that of groups."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from common.access import Viewer
from common.names import name_contains
from members.organizations.models import Affiliation, Insider, Organization, Representation
from members.people.models import Person
from workinggroups.deliverables.models import Publication
from workinggroups.groups.choices import Content
from workinggroups.groups.models import Group, Office, Seat


def people_seen_by(viewer: Viewer) -> QuerySet[Person]:
    """Return the people whose page the viewer can open.

    Staff can open all, anonymous visitors none, people outside the alliance their own page and
    those of people in their groups. The alliance also sees people in the directory, colleagues,
    people of groups whose people it sees, and officers of groups whose profile it sees.
    """
    people: QuerySet[Person] = Person.objects.active()
    if viewer.is_staff:
        return people
    seen = Q(pk=viewer.person_id) if viewer.person_id else Q(pk__in=())
    groups = viewer.group_ids | viewer.break_glass_ids
    seen |= Q(pk__in=Seat.objects.filter(group__in=groups).values("person_id"))
    if viewer.in_alliance:
        inside = Insider.objects.values("person_id")
        seen |= Q(pk__in=inside, in_directory=True)
        seen |= Q(pk__in=inside.filter(organization__in=viewer.organization_ids))
        read = Group.objects.visible_to(viewer).filter(content=Content.ALLIANCE)
        seen |= Q(pk__in=Seat.objects.filter(group__in=read).values("person_id"))
        offices = Office.objects.current().filter(
            person=OuterRef("pk"), group__in=Group.objects.visible_to(viewer)
        )
        seen |= Q(Exists(offices))
    return people.filter(seen)


def directory(viewer: Viewer, query: str) -> QuerySet[Person]:
    """Return people of the alliance who chose to be listed and have `query` in their name."""
    people: QuerySet[Person] = Person.objects.in_directory().filter(
        pk__in=Insider.objects.values("person_id")
    )
    if query:
        people = people.filter(name_contains(query))
    return people.order_by("sort_name", "pk")


def organizations_of(people: list[Person], viewer: Viewer) -> dict[int, list[Affiliation]]:
    """Return current affiliations by person, with organizations that the viewer can see."""
    affiliations: dict[int, list[Affiliation]] = {person.pk: [] for person in people}
    visible = Organization.objects.visible_to(viewer).values("pk")
    current = Affiliation.objects.current().filter(person__in=people, organization__in=visible)
    for affiliation in current.select_related("organization").order_by("organization__sort_name"):
        affiliations[affiliation.person_id].append(affiliation)
    return affiliations


def seats_seen_by(viewer: Viewer, person: Person) -> list[Seat]:
    """Return the person's seats in groups whose people the viewer can see."""
    groups = Group.objects.visible_to(viewer)
    seen = Q(pk__in=viewer.group_ids | viewer.break_glass_ids)
    if viewer.in_alliance or viewer.is_staff:
        seen |= Q(content=Content.ALLIANCE)
    groups = groups.filter(seen)
    return list(
        Seat.objects.filter(person=person, group__in=groups)
        .select_related("group__focus_area", "organization")
        .order_by("group__sort_name")
    )


def representations_of(person: Person, viewer: Viewer) -> list[Representation]:
    """Return the person's current roles for organizations that the viewer can see."""
    visible = Organization.objects.visible_to(viewer).values("pk")
    current = Representation.objects.current().filter(person=person, organization__in=visible)
    return list(current.select_related("organization").order_by("organization__sort_name"))


def publications_of(person: Person) -> list[Publication]:
    """Return the latest publications of which the person is an author; public."""
    return list(
        Publication.objects.standing().filter(
            is_latest=True, deliverable__authorships__person=person
        )[:20]
    )
