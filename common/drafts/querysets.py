from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from common.drafts.choices import KEPT_FOR

if TYPE_CHECKING:
    from common.drafts.models import Draft


class DraftQuerySet(QuerySet["Draft"]):
    def of(self, person_uuid: UUID | None) -> Self:
        """The drafts of one person; nobody else may read them, and there is no exception."""
        if person_uuid is None:
            return self.none()
        return self.filter(person_uuid=person_uuid, saved_at__gt=timezone.now() - KEPT_FOR)

    def of_form(self, page: str, form: str) -> Self:
        return self.filter(page=page, form=form)

    def latest_first(self) -> Self:
        return self.order_by("-saved_at", "-pk")

    def expired(self) -> Self:
        return self.filter(saved_at__lte=timezone.now() - KEPT_FOR)
