"""Write a deliverable's text and keep its files, until the revision is sealed."""

from collections.abc import Iterable
from datetime import datetime

from django.core.files.base import File
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Conflict, Invalid, WrongState
from common.files.actions import discard, store
from common.files.naming import refuse_taken
from common.files.types import name_key
from common.links.actions import link
from common.record.actions import record
from common.search.files import index_files
from common.text.markdown import TextKind, render
from common.text.rendered import HTML_FIELDS, copied_html_fields, html_fields
from common.unseen import refuse_unseen
from members.people.models import Person
from workinggroups.deliverables import checksums
from workinggroups.deliverables.actions import indexing, states
from workinggroups.deliverables.actions.people import give_editorship, seat_organization_id
from workinggroups.deliverables.choices import (
    REVISION_MAX_FILES,
    DeliverableAct,
    DeliverableKind,
    RevisionAct,
)
from workinggroups.deliverables.models import Authorship, Deliverable, Revision, RevisionFile
from workinggroups.deliverables.permissions import can_create, can_edit, can_lead
from workinggroups.deliverables.queries import editor_ids, last_revision
from workinggroups.groups.actions.guards import lock_group
from workinggroups.groups.models import Group


def create_deliverable(
    *, actor: Person, group: Group, title: str, kind: str, summary: str, licence: str
) -> Deliverable:
    """Create a draft under the group's next number, with an empty first revision.

    The actor becomes its first editor and first author. Raises NotAllowed, and WrongState for a
    group that has concluded. Locks the group, so that numbers have no gaps.
    """
    refuse_unseen(title=title)
    with transaction.atomic():
        group = lock_group(group)
        viewer = viewer_for(actor.pk)
        can_create.require(viewer, group)
        deliverable = Deliverable.objects.create(
            group=group,
            level=group.content_level,
            number=Deliverable.objects.next_number(group),
            title=title.strip(),
            kind=DeliverableKind(kind),
            summary=summary.strip(),
            licence=licence,
            created_by=actor,
        )
        Revision.objects.create(
            deliverable=deliverable, number=1, source="", author=actor, **html_fields("")
        )
        give_editorship(deliverable, actor)
        Authorship.objects.create(
            deliverable=deliverable,
            person=actor,
            organization_id=seat_organization_id(viewer, group.pk),
            position=1,
        )
        facts = {"group": group.uuid, "number": deliverable.number}
        record(actor, DeliverableAct.CREATED, deliverable, facts=facts)
        indexing.index_deliverable(deliverable)
    return deliverable


def edit_details(
    *,
    actor: Person,
    deliverable: Deliverable,
    version: int,
    title: str,
    kind: str,
    summary: str,
    licence: str,
) -> Deliverable:
    """Change title, kind, summary and licence; publications keep their copies.

    Raises Conflict if the deliverable was changed since `version`, Invalid for another kind once
    the identifier has the letter of its kind.
    """
    refuse_unseen(title=title)
    with transaction.atomic():
        deliverable = states.lock(deliverable)
        can_edit.require(viewer_for(actor.pk), deliverable, editor_ids(deliverable))
        if deliverable.version != version:
            raise Conflict(_("Someone else has changed this deliverable. Check it and try again."))
        if deliverable.identifier and kind != deliverable.kind:
            message = _("You cannot change the type, because its letter is part of %(identifier)s.")
            raise Invalid(message % {"identifier": deliverable.identifier}, "kind")
        deliverable.title = title.strip()
        deliverable.kind = DeliverableKind(kind)
        deliverable.summary = summary.strip()
        deliverable.licence = licence
        states.touch(deliverable, "title", "kind", "summary", "licence")
        indexing.index_deliverable(deliverable)
    return deliverable


def save_text(
    *, actor: Person, deliverable: Deliverable, version: int, source: str, changes: str = ""
) -> Revision:
    """Save the text of the open revision; `changes` says in one line what is new.

    Raises Conflict if the revision was saved since `version`; the caller shows both texts, so that
    neither is lost. Raises Invalid as `render` does.
    """
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    html = render(source, TextKind.DOCUMENT)
    with transaction.atomic():
        deliverable = states.lock(deliverable)
        can_edit.require(viewer_for(actor.pk), deliverable, editor_ids(deliverable))
        states.check(deliverable, "save_text")
        revision = _open_revision(deliverable)
        if revision.version != version:
            raise Conflict(_("Someone else saved this text while you were writing."))
        revision.source = source
        revision.set_html(html)
        revision.changes = changes.strip()
        revision.author = actor
        revision.edited_at = timezone.now()
        revision.version += 1
        revision.save(
            update_fields=["source", *HTML_FIELDS, "changes", "author", "edited_at", "version"]
        )
        states.touch(deliverable)
        indexing.index_deliverable(deliverable)
    return revision


def add_file(*, actor: Person, deliverable: Deliverable, upload: "File[bytes]") -> RevisionFile:
    """Add a file to the open revision, under its own name; it counts towards the group's space.

    Raises Invalid for a name that is taken, for too many files, and as `files.store` does.
    """
    can_edit.require(viewer_for(actor.pk), deliverable, editor_ids(deliverable))
    states.check(deliverable, "add_file")
    stored = store(upload=upload, owner_uuid=deliverable.group.uuid)
    try:
        with transaction.atomic():
            deliverable = states.lock(deliverable)
            can_edit.require(viewer_for(actor.pk), deliverable, editor_ids(deliverable))
            states.check(deliverable, "add_file")
            revision = _open_revision(deliverable)
            names = list(revision.files.values_list("name", flat=True))
            refuse_taken(stored.name, names, [checksums.TEXT_NAME])
            if len(names) >= REVISION_MAX_FILES:
                raise Invalid(
                    _("A revision can have at most %(count)d files. Put some into an archive.")
                    % {"count": REVISION_MAX_FILES},
                    "file",
                )
            last = revision.files.aggregate(last=Max("position"))["last"] or 0
            added = RevisionFile.objects.create(
                revision=revision, stored=stored, name=stored.name, position=last + 1
            )
            states.touch(deliverable)
            index_files([stored.pk])
    except BaseException:
        discard(stored=stored)
        raise
    return added


def remove_file(*, actor: Person, deliverable: Deliverable, name: str) -> None:
    """Remove the file from the open revision; sealed revisions keep it."""
    with transaction.atomic():
        deliverable = states.lock(deliverable)
        can_edit.require(viewer_for(actor.pk), deliverable, editor_ids(deliverable))
        states.check(deliverable, "remove_file")
        files = _open_revision(deliverable).files.select_related("stored")
        file = files.filter(name=name).first()
        if file is None:
            raise WrongState(_("This file has already been removed."))
        stored = file.stored
        file.delete()
        if not RevisionFile.objects.filter(stored=stored).exists():
            discard(stored=stored)
        states.touch(deliverable)
        index_files([stored.pk])


def seal(*, actor: Person, deliverable: Deliverable) -> Revision:
    """Seal the open revision, which can then never change; its checksum covers text and files.

    Raises Invalid if it has neither text nor file.
    """
    with transaction.atomic():
        deliverable = states.lock(deliverable)
        can_edit.require(viewer_for(actor.pk), deliverable, editor_ids(deliverable))
        states.move(deliverable, "seal")
        revision = seal_open(actor=actor, deliverable=deliverable)
        states.touch(deliverable)
        indexing.index_deliverable(deliverable)
    return revision


def revise(*, actor: Person, deliverable: Deliverable) -> Revision:
    """Open a new revision that starts from the text and files of the last one.

    Raises WrongState if a revision is open already.
    """
    with transaction.atomic():
        deliverable = states.lock(deliverable)
        can_edit.require(viewer_for(actor.pk), deliverable, editor_ids(deliverable))
        states.move(deliverable, "revise")
        revision = open_next(actor=actor, deliverable=deliverable)
        states.touch(deliverable, "state")
        indexing.index_deliverable(deliverable)
    return revision


def drop(*, actor: Person, deliverable: Deliverable) -> Deliverable:
    """Drop the deliverable: it stays readable, and the group can resume it."""
    return _set_aside(actor, deliverable, "drop", DeliverableAct.DROPPED)


def drop_all(*, actor: Person, deliverables: QuerySet[Deliverable]) -> int:
    """Drop these deliverables, whose group concludes; return how many there were."""
    locked = [states.lock(each) for each in deliverables.order_by("pk")]
    dropped = [each for each in locked if states.may_start(each, "drop") and not each.identifier]
    for deliverable in dropped:
        _save_aside(actor, deliverable, "drop", DeliverableAct.DROPPED)
    return len(dropped)


def resume(*, actor: Person, deliverable: Deliverable) -> Deliverable:
    """Make a dropped deliverable a draft again."""
    return _set_aside(actor, deliverable, "resume", DeliverableAct.RESUMED)


def seal_open(*, actor: Person, deliverable: Deliverable) -> Revision:
    """Seal the open revision and record its checksum; the caller holds the deliverable's lock."""
    revision = _open_revision(deliverable)
    files = list(revision.files.select_related("stored"))
    if not revision.source.strip() and not files:
        raise Invalid(_("This revision is empty. Write a text or add a file first."))
    if any(name_key(file.name) == checksums.TEXT_NAME for file in files):
        raise Invalid(
            _(
                "The list of checksums uses the name text.md for the text. Remove the file with that "
                "name and add it under another one."
            )
        )
    set_seal(revision, files, timezone.now())
    revision.save(update_fields=["sha256", "sealed_at"])
    record(actor, RevisionAct.SEALED, revision, facts=seal_facts(deliverable, revision))
    link(
        actor_uuid=actor.uuid,
        source=("revision", revision.uuid),
        relation="revision_of",
        target=("deliverable", deliverable.uuid),
    )
    return revision


def set_seal(revision: Revision, files: Iterable[RevisionFile], at: datetime) -> None:
    """Set the checksum and moment of the seal, unsaved; bulk loads use it."""
    revision.sha256 = checksums.seal_of(revision.source, files)
    revision.sealed_at = at


def seal_facts(deliverable: Deliverable, revision: Revision) -> dict[str, object]:
    """Return what the record says of a sealed revision."""
    return {"deliverable": deliverable.uuid, "number": revision.number, "sha256": revision.sha256}


def open_next(*, actor: Person, deliverable: Deliverable) -> Revision:
    """Open the next revision as a copy of the last; the caller holds the deliverable's lock."""
    last = last_revision(deliverable)
    if not last.is_sealed:
        message = _("Revision %(number)d is still open. Continue editing that one.")
        raise WrongState(message % {"number": last.number})
    revision = Revision.objects.create(
        deliverable=deliverable,
        number=last.number + 1,
        source=last.source,
        **copied_html_fields(last),
        author=actor,
    )
    RevisionFile.objects.bulk_create(
        RevisionFile(
            revision=revision, stored_id=file.stored_id, name=file.name, position=file.position
        )
        for file in last.files.all()
    )
    return revision


def _open_revision(deliverable: Deliverable) -> Revision:
    revision = last_revision(deliverable)
    if revision.is_sealed:
        message = _("Revision %(number)d is sealed. Start a new revision to change it.")
        raise WrongState(message % {"number": revision.number})
    return revision


def _set_aside(
    actor: Person, deliverable: Deliverable, verb: str, act: DeliverableAct
) -> Deliverable:
    with transaction.atomic():
        deliverable = states.lock(deliverable)
        can_lead.require(viewer_for(actor.pk), deliverable)
        states.check(deliverable, verb)
        if deliverable.identifier:
            raise WrongState(str(states.WAY_OUT["drop"]))
        _save_aside(actor, deliverable, verb, act)
    return deliverable


def _save_aside(actor: Person, deliverable: Deliverable, verb: str, act: DeliverableAct) -> None:
    """Drop or resume the deliverable; the caller holds its lock.

    A running review ends: its last day, and the access of readers outside the group.
    """
    states.move(deliverable, verb)
    deliverable.level = deliverable.group.content_level
    deliverable.review_until = None
    states.touch(deliverable, "state", "level", "review_until")
    record(actor, act, deliverable)
    indexing.index_deliverable(deliverable)
