from collections.abc import Iterable
from uuid import UUID

from workinggroups.groups.content import GroupContentQuerySet


class AttachmentQuerySet(GroupContentQuerySet):
    def present(self) -> "AttachmentQuerySet":
        """Those that were not removed."""
        return self.filter(removed_at__isnull=True)

    def of(self, kind: str, uuids: Iterable[UUID]) -> "AttachmentQuerySet":
        """What hangs on these things of one kind, in the order in which it was added."""
        return self.present().filter(kind=kind, thing_uuid__in=list(uuids)).order_by("pk")
