"""Saving and deleting drafts. Nothing is recorded: a draft is not a formal act."""

import json
import logging
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from common.constraints import name_of_constraint
from common.drafts.choices import (
    DRAFT_MAX_BYTES,
    FIELDS_MAX,
    PERSON_MAX_BYTES,
    PERSON_MAX_DRAFTS,
    SAVES_PER_MINUTE,
    SETTLED_SECONDS,
)
from common.drafts.models import Draft
from common.drafts.posted import PostedDraft
from common.errors import Invalid, WrongState
from common.http import throttling
from common.http.input_text import SECRET
from common.identifiers import new_uuid

logger = logging.getLogger(__name__)


def save_draft(
    *,
    person_uuid: UUID,
    uuid: UUID,
    page: str,
    form: str,
    fields: Mapping[str, Sequence[str]],
    label: str = "",
    tab: str = "",
    version: int = 0,
) -> Draft:
    """Save what the person has typed so far; return the draft, whose uuid can be a new one.

    `version` is the one from which the tab began. When another tab has saved the draft since then,
    the text becomes a new draft, so that both are kept. Fields with secrets are left out. Locks the
    draft. Raises Invalid for a draft that is too large, TooMany, and WrongState when the person's
    drafts are at their limit or the form was submitted a moment ago.
    """
    throttling.check("draft", person_uuid, SAVES_PER_MINUTE, 60)
    values = {name: list(texts) for name, texts in fields.items() if not SECRET.search(name)}
    size = _size_of(values)
    with transaction.atomic():
        draft = Draft.objects.select_for_update().filter(uuid=uuid).first()
        if draft is None and _is_settled(uuid):
            raise WrongState(_("This text has already been saved."))
        if draft is not None and not _continues(draft, person_uuid, tab, version):
            if draft.person_uuid == person_uuid and draft.fields == values:
                return draft
            draft, uuid = None, new_uuid()
        draft = draft or Draft(uuid=uuid, person_uuid=person_uuid, page=page, form=form, version=0)
        _check_limits(person_uuid, draft.uuid, size)
        draft.fields, draft.size, draft.label, draft.tab = values, size, label[:120], tab[:16]
        draft.version += 1
        draft.saved_at = timezone.now()
        draft.full_clean(exclude=["fields"], validate_unique=False)
        try:
            with transaction.atomic():
                draft.save()
        except IntegrityError as refusal:
            if name_of_constraint(refusal) != "drafts_draft_uuid_key":
                raise
            # Another request has created a draft with this id in the meantime: keep both.
            draft.pk, draft.uuid = None, new_uuid()
            draft.save()
    return draft


def save_posted(*, person_uuid: UUID, posted: PostedDraft) -> Draft:
    """Save what a form posted as a draft; raises like `save_draft`."""
    return save_draft(
        person_uuid=person_uuid,
        uuid=posted.uuid,
        page=posted.page,
        form=posted.form,
        fields=posted.fields,
        label=posted.label,
        tab=posted.tab,
        version=posted.version,
    )


def discard_draft(*, person_uuid: UUID, uuid: UUID) -> bool:
    """Delete a draft of this person; return whether there was one."""
    with transaction.atomic():
        deleted, _by_model = Draft.objects.filter(person_uuid=person_uuid, uuid=uuid).delete()
    return bool(deleted)


def settle_draft(*, person_uuid: UUID, uuid: UUID) -> None:
    """Delete the draft of a submitted form, and refuse a save of it that arrives late.

    Called after the action has been committed: a crash in between leaves an unneeded draft, which the
    person can discard, and never loses a text.
    """
    try:
        cache.set(_settled_key(uuid), 1, SETTLED_SECONDS)
    except RedisError:
        logger.warning("The cache does not answer: a late save can restore a deleted draft.")
    discard_draft(person_uuid=person_uuid, uuid=uuid)


def forget_drafts(*, person_uuid: UUID) -> None:
    """Delete all drafts of a person whose account is closed."""
    Draft.objects.filter(person_uuid=person_uuid).delete()


def sweep() -> int:
    """Delete the drafts that have not changed for 30 days; return how many."""
    return int(Draft.objects.expired().delete()[0])


def _continues(draft: Draft, person_uuid: UUID, tab: str, version: int) -> bool:
    """Whether the same tab saves again, or another tab that began from the latest version."""
    if draft.person_uuid != person_uuid:
        return False
    return draft.version == version or bool(tab and draft.tab == tab)


def _size_of(fields: Mapping[str, Sequence[str]]) -> int:
    if len(fields) > FIELDS_MAX:
        raise Invalid(_("This form has too many fields to save as a draft."))
    size = len(json.dumps(fields, ensure_ascii=False).encode(errors="replace"))
    if size > DRAFT_MAX_BYTES:
        raise Invalid(
            _("This text is too long to save as a draft. The limit is %(limit)d KB.")
            % {"limit": DRAFT_MAX_BYTES // 1024}
        )
    return size


def _check_limits(person_uuid: UUID, uuid: UUID, size: int) -> None:
    others = Draft.objects.filter(person_uuid=person_uuid).exclude(uuid=uuid)
    taken = others.aggregate(count=Count("pk"), bytes=Sum("size"))
    if taken["count"] >= PERSON_MAX_DRAFTS or (taken["bytes"] or 0) + size > PERSON_MAX_BYTES:
        raise WrongState(_("You have reached the limit for drafts. Discard some under “Drafts”."))


def _settled_key(uuid: UUID) -> str:
    return f"draft-settled:{uuid}"


def _is_settled(uuid: UUID) -> bool:
    try:
        return cache.get(_settled_key(uuid)) is not None
    except RedisError:
        return False
