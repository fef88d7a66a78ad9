"""Which entries of deliverables a grant of a revision finds."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from common.search.granted import Granted
from workinggroups.deliverables.models import Revision, RevisionFile


def granted_deliverables(granted: Granted) -> QuerySet[Revision, UUID]:
    """Return the deliverables of granted revisions that are the newest: the index has the text of the
    newest one, which readers of an older one must not find."""
    newer = Revision.objects.filter(
        deliverable=OuterRef("deliverable"), number__gt=OuterRef("number")
    )
    newest = Revision.objects.filter(~Exists(newer), uuid__in=granted.get("revision", ()))
    return newest.order_by().values_list("deliverable__uuid", flat=True)


def granted_files(granted: Granted) -> QuerySet[RevisionFile, UUID]:
    files = RevisionFile.objects.filter(revision__uuid__in=granted.get("revision", ()))
    return files.order_by().values_list("stored_id", flat=True)
