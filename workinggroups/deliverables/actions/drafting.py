"""A text and its files, until the revision is sealed."""

from django.core.files.base import File
from django.db import transaction
from django.db.models import Max
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
from workinggroups.groups.actions.guards import lock_group, require_running
from workinggroups.groups.models import Group


def create_deliverable(
    *, actor: Person, group: Group, title: str, kind: str, summary: str, licence: str
) -> Deliverable:
    """The group has a draft under its next number, with an empty first revision.

    Whoever begins it is its first editor and first author. Raises NotAllowed, and WrongState for a
    group that has concluded. Locks the group row, so numbers have no gaps.
    """
    refuse_unseen(title=title)
    with transaction.atomic():
        group = lock_group(group)
        viewer = viewer_for(actor.pk)
        can_create.require(viewer, group)
        require_running(group)
        numbers = Deliverable.objects.filter(group=group).aggregate(highest=Max("number"))
        deliverable = Deliverable.objects.create(
            group=group,
            level=group.content_level,
            number=(numbers["highest"] or 0) + 1,
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
    """Title, kind, summary and licence say this from now on; what is published keeps its own.

    Raises Conflict when somebody changed the deliverable since `version`, Invalid for another kind
    once an identifier carries its letter.
    """
    refuse_unseen(title=title)
    with transaction.atomic():
        deliverable = states.locked(deliverable)
        can_edit.require(viewer_for(actor.pk), deliverable, editor_ids(deliverable))
        if deliverable.version != version:
            raise Conflict(_("Somebody changed this deliverable meanwhile. Look at it again."))
        if deliverable.identifier and kind != deliverable.kind:
            raise Invalid(
                _("%(identifier)s carries the letter of its kind, which therefore stays.")
                % {"identifier": deliverable.identifier},
                "kind",
            )
        deliverable.title = title.strip()
        deliverable.kind = DeliverableKind(kind)
        deliverable.summary = summary.strip()
        deliverable.licence = licence
        _touch(deliverable, "title", "kind", "summary", "licence")
        indexing.index_deliverable(deliverable)
    return deliverable


def save_text(
    *, actor: Person, deliverable: Deliverable, version: int, source: str, changes: str = ""
) -> Revision:
    """The open revision has this text. `changes` says in a line what is new in it.

    Raises Conflict when somebody saved since `version` of the revision, so that neither text is
    lost: the caller shows both. Raises Invalid as `render` does.
    """
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    html = render(source, TextKind.DOCUMENT)
    with transaction.atomic():
        deliverable = states.locked(deliverable)
        can_edit.require(viewer_for(actor.pk), deliverable, editor_ids(deliverable))
        states.check(deliverable, "save_text")
        revision = _open_revision(deliverable)
        if revision.version != version:
            raise Conflict(_("Somebody saved this text while you wrote."))
        revision.source = source
        revision.set_html(html)
        revision.changes = changes.strip()
        revision.author = actor
        revision.edited_at = timezone.now()
        revision.version += 1
        revision.save(
            update_fields=["source", *HTML_FIELDS, "changes", "author", "edited_at", "version"]
        )
        _touch(deliverable)
        indexing.index_deliverable(deliverable)
    return revision


def add_file(*, actor: Person, deliverable: Deliverable, upload: "File[bytes]") -> RevisionFile:
    """The file belongs to the open revision, under its own name, and counts on the group's space.

    Raises Invalid for a second file of one name, too many files, and as `files.store` does.
    """
    can_edit.require(viewer_for(actor.pk), deliverable, editor_ids(deliverable))
    states.check(deliverable, "add_file")
    stored = store(upload=upload, owner_uuid=deliverable.group.uuid)
    try:
        with transaction.atomic():
            deliverable = states.locked(deliverable)
            can_edit.require(viewer_for(actor.pk), deliverable, editor_ids(deliverable))
            states.check(deliverable, "add_file")
            revision = _open_revision(deliverable)
            names = list(revision.files.values_list("name", flat=True))
            refuse_taken(stored.name, names, [checksums.TEXT_NAME])
            if len(names) >= REVISION_MAX_FILES:
                raise Invalid(
                    _("A revision has at most %(count)d files. Pack some into an archive.")
                    % {"count": REVISION_MAX_FILES},
                    "file",
                )
            added = RevisionFile.objects.create(
                revision=revision,
                stored=stored,
                name=stored.name,
                position=_next_position(revision),
            )
            _touch(deliverable)
            index_files([stored.pk])
    except BaseException:
        discard(stored=stored)
        raise
    return added


def remove_file(*, actor: Person, deliverable: Deliverable, name: str) -> None:
    """The open revision no longer has the file; sealed ones that have it keep it."""
    with transaction.atomic():
        deliverable = states.locked(deliverable)
        can_edit.require(viewer_for(actor.pk), deliverable, editor_ids(deliverable))
        states.check(deliverable, "remove_file")
        found = _open_revision(deliverable).files.filter(name=name).select_related("stored").first()
        if found is None:
            raise WrongState(_("This file was removed already."))
        stored = found.stored
        found.delete()
        if not RevisionFile.objects.filter(stored=stored).exists():
            discard(stored=stored)
        _touch(deliverable)
        index_files([stored.pk])


def seal(*, actor: Person, deliverable: Deliverable) -> Revision:
    """The open revision can never change again; its checksum covers the text and the files.

    Raises Invalid while there is neither text nor file.
    """
    with transaction.atomic():
        deliverable = states.locked(deliverable)
        can_edit.require(viewer_for(actor.pk), deliverable, editor_ids(deliverable))
        states.move(deliverable, "seal")
        revision = seal_open(actor=actor, deliverable=deliverable)
        deliverable.save(update_fields=["changed_at", "version"])
        indexing.index_deliverable(deliverable)
    return revision


def revise(*, actor: Person, deliverable: Deliverable) -> Revision:
    """A new revision is open, with the text and files of the last one to start from.

    Raises WrongState while one is open already.
    """
    with transaction.atomic():
        deliverable = states.locked(deliverable)
        can_edit.require(viewer_for(actor.pk), deliverable, editor_ids(deliverable))
        states.move(deliverable, "revise")
        revision = open_next(actor=actor, deliverable=deliverable)
        deliverable.save(update_fields=["state", "changed_at", "version"])
        indexing.index_deliverable(deliverable)
    return revision


def drop(*, actor: Person, deliverable: Deliverable) -> Deliverable:
    """The group no longer works on it; everything stays readable and it can be taken up again."""
    return _set_aside(actor, deliverable, "drop", DeliverableAct.DROPPED)


def resume(*, actor: Person, deliverable: Deliverable) -> Deliverable:
    """The group works on what it had dropped again, as a draft."""
    return _set_aside(actor, deliverable, "resume", DeliverableAct.RESUMED)


# --- parts that other verbs share; the caller holds the deliverable's lock ---------------------


def seal_open(*, actor: Person, deliverable: Deliverable) -> Revision:
    """The open revision is sealed and the record holds its checksum."""
    revision = _open_revision(deliverable)
    files = list(revision.files.select_related("stored"))
    if not revision.source.strip() and not files:
        raise Invalid(_("Write a text or add a file first: this revision is empty."))
    if any(name_key(file.name) == checksums.TEXT_NAME for file in files):
        raise Invalid(
            _("A file is called text.md, as the text is in the list of checksums. Rename it first.")
        )
    revision.sha256 = checksums.seal_of(revision.source, files)
    revision.sealed_at = timezone.now()
    revision.save(update_fields=["sha256", "sealed_at"])
    record(
        actor,
        RevisionAct.SEALED,
        revision,
        facts={
            "deliverable": deliverable.uuid,
            "number": revision.number,
            "sha256": revision.sha256,
        },
    )
    link(
        actor_uuid=actor.uuid,
        from_kind="revision",
        from_uuid=revision.uuid,
        relation="revision_of",
        to_kind="deliverable",
        to_uuid=deliverable.uuid,
    )
    return revision


def open_next(*, actor: Person, deliverable: Deliverable) -> Revision:
    """The next revision is open, copied from the last."""
    last = last_revision(deliverable)
    if not last.is_sealed:
        raise WrongState(
            _("Revision %(number)d is still open; go on writing there.") % {"number": last.number}
        )
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
        raise WrongState(
            _("Revision %(number)d is sealed. Begin a new revision to change it.")
            % {"number": revision.number}
        )
    return revision


def _next_position(revision: Revision) -> int:
    highest = revision.files.aggregate(highest=Max("position"))["highest"]
    return (highest or 0) + 1


def _touch(deliverable: Deliverable, *fields: str) -> None:
    deliverable.changed_at = timezone.now()
    deliverable.version += 1
    deliverable.save(update_fields=[*fields, "changed_at", "version"])


def _set_aside(
    actor: Person, deliverable: Deliverable, verb: str, act: DeliverableAct
) -> Deliverable:
    with transaction.atomic():
        deliverable = states.locked(deliverable)
        can_lead.require(viewer_for(actor.pk), deliverable)
        states.check(deliverable, verb)
        if deliverable.identifier:
            raise WrongState(str(states.WAY_OUT["drop"]))
        states.move(deliverable, verb)
        # A review that ran ends with it: its day, and its readers from outside the group.
        deliverable.level = deliverable.group.content_level
        deliverable.review_until = None
        deliverable.save(update_fields=["state", "level", "review_until", "changed_at", "version"])
        record(actor, act, deliverable)
        indexing.index_deliverable(deliverable)
    return deliverable
