"""Drafts in the export of a person's data."""

from uuid import UUID

from common.drafts.models import Draft


def export_drafts(person_uuid: UUID) -> list[dict[str, object]]:
    """Return all drafts of the person as plain data."""
    return [
        {
            "page": draft.page,
            "form": draft.form,
            "saved_at": draft.saved_at.isoformat(),
            "fields": draft.fields,
        }
        for draft in Draft.objects.filter(person_uuid=person_uuid).latest_first()
    ]
