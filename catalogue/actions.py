"""Add, edit and retire the works published elsewhere.

add_entry      —       → listed
edit_entry     listed  =
retire_entry   listed  → retired
"""

from datetime import date
from typing import NotRequired, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalogue.choices import ExternalWorkAct
from catalogue.models import ExternalWork
from catalogue.permissions import can_curate
from common.access import Level, viewer_for
from common.constraints import refused_by
from common.days import today_in
from common.errors import Conflict, Invalid, WrongState
from common.record.actions import record
from common.search.actions import entries_of, remove, store
from common.unseen import refuse_unseen
from common.vocabulary.models import FocusArea
from members.people.models import Person


class WorkDetails(TypedDict):
    """What the catalogue says of a work; without `licence`, that none is stated."""

    title: str
    summary: str
    url: str
    kind: str
    focus_area: FocusArea
    publisher: str
    licence: NotRequired[str]
    published_on: date


FIELDS = tuple(WorkDetails.__annotations__)


def add_entry(*, actor: Person, **details: Unpack[WorkDetails]) -> ExternalWork:
    """List the work in the public catalogue, as published elsewhere.

    Raises NotAllowed, and Invalid for an address that is listed already or a day that is in the
    future by the actor's calendar.
    """
    can_curate.require(viewer_for(actor.pk))
    refuse_unseen(title=details["title"], publisher=details["publisher"])
    _check_day(actor, details["published_on"])
    with refused_by("outside_entry_listed_once", error=_listed_already()):
        entry = ExternalWork.objects.create(added_by=actor, **details)
        record(actor, ExternalWorkAct.ADDED, entry)
        _index(entry)
    return entry


def edit_entry(
    *, actor: Person, entry: ExternalWork, version: int, **details: Unpack[WorkDetails]
) -> ExternalWork:
    """Change the entry. Raises Conflict if it was changed since `version`, Invalid as `add_entry`."""
    can_curate.require(viewer_for(actor.pk))
    refuse_unseen(title=details["title"], publisher=details["publisher"])
    with refused_by("outside_entry_listed_once", error=_listed_already()):
        entry = _listed(entry)
        if entry.version != version:
            raise Conflict(_("Someone else has changed this entry. Check it and try again."))
        if details["published_on"] != entry.published_on:
            _check_day(actor, details["published_on"])
        for name, value in {"licence": "", **details}.items():
            setattr(entry, name, value)
        entry.version += 1
        entry.save(update_fields=[*FIELDS, "version"])
        record(actor, ExternalWorkAct.EDITED, entry)
        _index(entry)
    return entry


def retire_entry(*, actor: Person, entry: ExternalWork) -> ExternalWork:
    """Take the entry out of the catalogue and the search index."""
    can_curate.require(viewer_for(actor.pk))
    with transaction.atomic():
        entry = _listed(entry)
        entry.retired_at = timezone.now()
        entry.version += 1
        entry.save(update_fields=["retired_at", "version"])
        remove(kind="outside_entry", uuid=entry.uuid)
        record(actor, ExternalWorkAct.RETIRED, entry)
    return entry


def _check_day(actor: Person, published_on: date) -> None:
    if published_on > today_in(actor.zone):
        raise Invalid(
            _("This day is in the future. Add the work once it is published."), "published_on"
        )


def _listed(entry: ExternalWork) -> ExternalWork:
    entry = ExternalWork.objects.select_for_update().get(pk=entry.pk)
    if entry.retired_at:
        raise WrongState(_("This entry was removed. Add the work again."))
    return entry


def _index(entry: ExternalWork) -> None:
    store(
        entries_of(
            kind="outside_entry",
            uuid=entry.uuid,
            title=entry.title,
            body=entry.summary,
            url=entry.get_absolute_url(),
            level=Level.PUBLIC,
            at=entry.added_at,
            day=entry.published_on,
            about=[entry.get_kind_display(), entry.focus_area.name, entry.publisher],
        )
    )


def _listed_already() -> Invalid:
    return Invalid(_("This address is already in the catalogue."), "url")
