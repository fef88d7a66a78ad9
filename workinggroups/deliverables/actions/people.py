"""Choose the editors and authors of a deliverable."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.access import Viewer, viewer_for
from common.errors import Invalid, WrongState
from common.record.actions import record
from common.times import ended, since
from members.people.models import Person
from workinggroups.deliverables.actions import states
from workinggroups.deliverables.choices import AUTHORS_MAX, EDITORS_MAX, DeliverableAct
from workinggroups.deliverables.models import Authorship, Deliverable, Editorship
from workinggroups.deliverables.permissions import can_edit, can_lead, can_release_editor
from workinggroups.deliverables.queries import editor_ids
from workinggroups.groups.models import Seat
from workinggroups.groups.queries import members_of


def name_editor(*, actor: Person, deliverable: Deliverable, person: Person) -> Editorship:
    """Make the person an editor of the deliverable.

    Raises Invalid for a person whose seat does not let them write, WrongState for an editor.
    """
    with transaction.atomic():
        deliverable = states.lock(deliverable)
        can_lead.require(viewer_for(actor.pk), deliverable)
        if not viewer_for(person.pk).may_write(deliverable.group_id):
            raise Invalid(_("Only participants of the group can be editors."), "person")
        editors = editor_ids(deliverable)
        if person.pk in editors:
            raise WrongState(_("%(person)s is already an editor.") % {"person": person})
        if len(editors) >= EDITORS_MAX:
            message = _("A deliverable can have at most %(count)d editors. Remove one first.")
            raise Invalid(message % {"count": EDITORS_MAX}, "person")
        editorship = give_editorship(deliverable, person)
        record(actor, DeliverableAct.EDITOR_NAMED, deliverable, facts={"person": person.uuid})
    return editorship


def release_editor(*, actor: Person, deliverable: Deliverable, person: Person) -> None:
    """Release the editor; what they wrote and their authorship stay."""
    with transaction.atomic():
        deliverable = states.lock(deliverable)
        can_release_editor.require(viewer_for(actor.pk), deliverable, person)
        current = Editorship.objects.current().filter(deliverable=deliverable, person=person)
        editorship = current.first()
        if editorship is None:
            raise WrongState(_("%(person)s is not an editor.") % {"person": person})
        editorship.during = ended(editorship.during)
        editorship.save(update_fields=["during"])
        record(actor, DeliverableAct.EDITOR_RELEASED, deliverable, facts={"person": person.uuid})


def name_authors(
    *, actor: Person, deliverable: Deliverable, people: Sequence[Person]
) -> list[Authorship]:
    """Name these people as the authors, in this order, each for the organization of their seat.

    Raises Invalid for an empty list, a person named twice, or one who is neither in the group nor
    an author already: credit stays when a seat ends. Published versions keep their authors.
    """
    chosen = [person.pk for person in people]
    if not chosen:
        raise Invalid(_("A deliverable needs at least one author."), "authors")
    if len(set(chosen)) != len(chosen):
        raise Invalid(_("Name each author only once."), "authors")
    if len(chosen) > AUTHORS_MAX:
        message = _("A deliverable can have at most %(count)d authors.")
        raise Invalid(message % {"count": AUTHORS_MAX}, "authors")
    with transaction.atomic():
        deliverable = states.lock(deliverable)
        can_edit.require(viewer_for(actor.pk), deliverable, editor_ids(deliverable))
        former = dict(deliverable.authorships.values_list("person_id", "organization_id"))
        seated = members_of(deliverable.group_id).filter(pk__in=chosen)
        members = set(seated.values_list("pk", flat=True))
        non_members = [person for person in people if person.pk not in members | former.keys()]
        if non_members:
            message = _("%(person)s is not in this group.") % {"person": non_members[0]}
            raise Invalid(message, "authors")
        organizations = {**former, **seat_organizations(deliverable.group_id, chosen)}
        Authorship.objects.filter(deliverable=deliverable).delete()
        authorships = Authorship.objects.bulk_create(
            Authorship(
                deliverable=deliverable,
                person_id=pk,
                organization_id=organizations.get(pk),
                position=position,
            )
            for position, pk in enumerate(chosen, start=1)
        )
        states.touch(deliverable)
        facts = {"people": [person.uuid for person in people]}
        record(actor, DeliverableAct.AUTHORS_NAMED, deliverable, facts=facts)
    return authorships


def give_editorship(
    deliverable: Deliverable, person: Person, start: datetime | None = None
) -> Editorship:
    return Editorship.objects.create(deliverable=deliverable, person=person, during=since(start))


def seat_organization_id(viewer: Viewer, group_id: int) -> int | None:
    """Return the organization for which the viewer takes part in the group now."""
    seat = viewer.seats.get(group_id)
    return seat.organization_id if seat else None


def seat_organizations(group_id: int, person_ids: Sequence[int]) -> dict[int, int | None]:
    """Return the organization by person, as far as they have a seat in the group now."""
    seats = Seat.objects.filter(group_id=group_id, person_id__in=person_ids)
    return dict(seats.values_list("person_id", "organization_id"))
