"""Seating a person in a group and ending the offices that go with a seat.

The callers hold the group's lock and have checked who may do this.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import Invalid, WrongState
from common.record.actions import record
from common.times import ended
from members.organizations.models import Organization
from members.people.models import Person
from workinggroups.groups.choices import GroupAct, ParticipationLevel
from workinggroups.groups.models import Group, Office, Participation, Seat
from workinggroups.groups.queries import eligible_affiliations


def seat_person(
    *,
    actor: Person,
    group: Group,
    person: Person,
    organization: Organization | None,
    level: ParticipationLevel,
    verb: GroupAct,
) -> Participation:
    """Let the person take part in the group from now on; record it under `verb`.

    Ends an earlier participation, at another level or without a seat since its organization left,
    and the person's offices: a chair who comes back is not chair again.
    """
    now = timezone.now()
    end_offices(actor=actor, group=group, person=person)
    for earlier in Participation.objects.current().filter(group=group, person=person):
        earlier.during = ended(earlier.during, now)
        earlier.save(update_fields=["during"])
    participation = Participation.objects.create(
        group=group, person=person, organization=organization, level=level
    )
    record(actor, verb, group, facts={**participation_facts(participation), "level": level})
    return participation


def end_offices(*, actor: Person, group: Group, person: Person) -> None:
    """End every office that the person holds in the group."""
    offices = Office.objects.current().filter(group=group, person=person)
    for office in offices.select_related("person"):
        end_office(actor=actor, group=group, office=office)


def end_office(*, actor: Person, group: Group, office: Office) -> None:
    office.during = ended(office.during)
    office.save(update_fields=["during"])
    facts = {"person": office.person.uuid, "office": office.office}
    record(actor, GroupAct.OFFICE_ENDED, group, facts=facts)


def refuse_second_seat(group: Group, person: Person) -> None:
    """Raise WrongState where the person has a seat in the group."""
    if Seat.objects.filter(group=group, person=person).exists():
        raise WrongState(_("%(person)s is already in this group.") % {"person": person})


def require_affiliation(person: Person, organization: Organization | None) -> None:
    """Raise Invalid where the person cannot take part on behalf of the organization."""
    if organization not in eligible_affiliations(person):
        raise Invalid(
            _("You cannot take part on behalf of this organization."), field="organization"
        )


def checked_level(level: str) -> ParticipationLevel:
    """Return the level that a person can choose; raise Invalid for any other."""
    if level not in (ParticipationLevel.PARTICIPANT, ParticipationLevel.OBSERVER):
        raise Invalid(_("Choose participant or observer."), field="level")
    return ParticipationLevel(level)


def participation_facts(participation: Participation) -> dict[str, object]:
    organization = participation.organization
    return {
        "person": participation.person.uuid,
        "organization": organization.uuid if organization else None,
    }
