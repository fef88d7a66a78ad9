"""Queries about deliverables that several pages make."""

from uuid import UUID

from django.utils.translation import gettext as _

from common.access import Viewer
from common.comparisons.actions import compare_sealed
from common.text.rendered_diff import rendered_diff_html
from members.people.models import Person
from workinggroups.decisions.subjects import Named
from workinggroups.deliverables.choices import DeliverableState
from workinggroups.deliverables.models import Deliverable, DeliverableQuerySet, Revision
from workinggroups.groups.queries import GroupReader


def editor_ids(deliverable: Deliverable) -> set[int]:
    """Return the ids of the current editors."""
    return set(deliverable.editorships.current().values_list("person_id", flat=True))


def editors_of(deliverable: Deliverable) -> list[Person]:
    """Return the current editors, by name."""
    rows = deliverable.editorships.current().select_related("person")
    return sorted((row.person for row in rows), key=lambda person: (person.sort_name, person.pk))


def last_revision(deliverable: Deliverable) -> Revision:
    """Return the newest revision, open or sealed; every deliverable has one from the start."""
    return deliverable.revisions.latest("number")


def last_sealed(deliverable: Deliverable) -> Revision | None:
    return deliverable.revisions.sealed().order_by("-number").first()


def difference_of(older: Revision, newer: Revision) -> str | None:
    """Return what changed; of sealed revisions it is stored, and None until it has been made."""
    if older.is_sealed and newer.is_sealed:
        return compare_sealed(older, newer)
    return rendered_diff_html(older.html, newer.html)


def describe_revision(uuid: UUID, viewer: Viewer) -> Named | None:
    """Return title and address of the revision for decisions about it; None if hidden from the viewer."""
    revisions = Revision.objects.visible_to(viewer).select_related("deliverable__group")
    revision = revisions.filter(uuid=uuid).first()
    if revision is None:
        return None
    facts = {"title": revision.deliverable.title, "number": revision.number}
    return Named(_("%(title)s, revision %(number)d") % facts, revision.get_absolute_url())


def listed_deliverables(reader: GroupReader) -> DeliverableQuerySet:
    """Return the group's deliverables that the reader can read, without the dropped ones."""
    readable = Deliverable.objects.within(reader.group, reader.read_level)
    return readable.exclude(state=DeliverableState.DROPPED)
