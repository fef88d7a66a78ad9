"""What a person's own pages and export show of their drafts."""

from typing import Any
from uuid import UUID

from common.drafts.models import Draft


def export_drafts(person_uuid: UUID) -> list[dict[str, Any]]:
    """Every draft of the person as plain data."""
    return [
        {
            "page": draft.page,
            "form": draft.form,
            "saved_at": draft.saved_at.isoformat(),
            "fields": draft.fields,
        }
        for draft in Draft.objects.filter(person_uuid=person_uuid).latest_first()
    ]
