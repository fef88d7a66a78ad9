"""Questions about deliverables that several pages ask."""

from common.comparisons.actions import compare_sealed
from common.text.rendered_diff import rendered_diff_html
from members.people.models import Person
from workinggroups.deliverables.choices import DeliverableState
from workinggroups.deliverables.models import (
    Deliverable,
    DeliverableQuerySet,
    Editorship,
    Revision,
)
from workinggroups.groups.queries import GroupReader


def editor_ids(deliverable: Deliverable) -> set[int]:
    """Who edits it now."""
    return set(
        Editorship.objects.current()
        .filter(deliverable=deliverable)
        .values_list("person_id", flat=True)
    )


def editors_of(deliverable: Deliverable) -> list[Person]:
    """Who edits it now, by name."""
    rows = Editorship.objects.current().filter(deliverable=deliverable).select_related("person")
    return sorted((row.person for row in rows), key=lambda person: (person.sort_name, person.pk))


def last_revision(deliverable: Deliverable) -> Revision:
    """The newest text, open or sealed. Every deliverable has one from its first day."""
    return Revision.objects.filter(deliverable=deliverable).latest("number")


def last_sealed(deliverable: Deliverable) -> Revision | None:
    return Revision.objects.sealed().filter(deliverable=deliverable).order_by("-number").first()


def difference_of(older: Revision, newer: Revision) -> str | None:
    """What changed: of sealed texts as it is stored, None while that is made."""
    if older.is_sealed and newer.is_sealed:
        return compare_sealed(older, newer)
    return rendered_diff_html(older.html, newer.html)


def on_the_list(reader: GroupReader) -> DeliverableQuerySet:
    """What a group makes or made that its reader may read, but for what was dropped."""
    return Deliverable.objects.within(reader.group, reader.read_level).exclude(
        state=DeliverableState.DROPPED
    )
