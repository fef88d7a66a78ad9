"""Whose card somebody may see, and what stands on it. Composed here, since people lie below groups."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from common.access import Viewer
from common.names import name_contains
from members.organizations.models import Affiliation, Insider, Organization, Representation
from members.people.models import Person
from workinggroups.deliverables.models import Publication
from workinggroups.groups.choices import Content
from workinggroups.groups.models import Group, Office, Seat


def people_seen_by(viewer: Viewer) -> QuerySet[Person]:
    """People whose card the viewer may open.

    Oneself; whoever is listed in the directory, for the alliance; colleagues; whoever takes part
    in a group whose people the viewer sees, or holds an office in one whose card it sees; for
    staff everybody. Nobody for strangers, and only themselves for people outside the alliance.
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
    """People of the alliance who chose to be listed, by name; `query` is found in the name."""
    people: QuerySet[Person] = Person.objects.in_directory().filter(
        pk__in=Insider.objects.values("person_id")
    )
    if query:
        people = people.filter(name_contains(query))
    return people.order_by("sort_name", "pk")


def organizations_of(people: list[Person], viewer: Viewer) -> dict[int, list[Affiliation]]:
    """Current affiliations by person, to organizations that the viewer may know of."""
    found: dict[int, list[Affiliation]] = {person.pk: [] for person in people}
    known = Organization.objects.visible_to(viewer).values("pk")
    current = Affiliation.objects.current().filter(person__in=people, organization__in=known)
    for affiliation in current.select_related("organization").order_by("organization__sort_name"):
        found[affiliation.person_id].append(affiliation)
    return found


def seats_seen_by(viewer: Viewer, person: Person) -> list[Seat]:
    """The person's places in groups whose people the viewer sees."""
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
    """Whom the person acts for, of the organizations that the viewer may know of."""
    known = Organization.objects.visible_to(viewer).values("pk")
    current = Representation.objects.current().filter(person=person, organization__in=known)
    return list(current.select_related("organization").order_by("organization__sort_name"))


def works_of(person: Person) -> list[Publication]:
    """What the person published as an author: public, the latest first."""
    return list(
        Publication.objects.standing().filter(
            is_latest=True, deliverable__authorships__person=person
        )[:20]
    )
