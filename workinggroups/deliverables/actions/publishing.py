"""Publish an approved revision, and withdraw a publication."""

import re
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.constraints import refused_by
from common.errors import Invalid, WrongState
from common.links.actions import link
from common.record.actions import record
from members.people.models import Person
from notifications.actions import notify
from workinggroups.decisions.models import Decision
from workinggroups.deliverables.actions import indexing, states
from workinggroups.deliverables.actions.people import seat_organizations
from workinggroups.deliverables.actions.reviewing import subject_of
from workinggroups.deliverables.choices import DeliverableState, PublicationAct
from workinggroups.deliverables.models import Authorship, Deliverable, Publication, Revision, Series
from workinggroups.deliverables.notifications import (
    PublicationNotification,
    PublicationReleased,
    PublicationWithdrawn,
)
from workinggroups.deliverables.permissions import can_lead, can_withdraw
from workinggroups.deliverables.queries import last_revision

ONE_PUBLICATION = (
    "deliverables_publication_revision_id_key",
    "publication_once",
    "publication_one_latest",
    "deliverables_deliverable_identifier_key",
)
NUMBER = re.compile(r"\d{1,4}\.\d{1,4}(\.\d{1,4})?", re.ASCII)


def publish(
    *, actor: Person, deliverable: Deliverable, number: str, changes: str = ""
) -> Publication:
    """Publish the last revision as version `number`, with copies of all that a citation needs.

    The first version gives the work its identifier (AS-7); a later one supersedes the one before,
    and `changes` says in one line what is new in it. Notifies the group and the contributors.

    Raises WrongState unless a decision of the group in force approves exactly the last revision: the
    same id and SHA-256. Raises Invalid for a number that is malformed or not above the last. Locks
    the deliverable, so that it is published once.
    """
    # The constraints are the last guard: one publication a revision, one number a work.
    published = WrongState(
        _("Someone else has just published this deliverable. Check the published version.")
    )
    with refused_by(*ONE_PUBLICATION, error=published):
        deliverable = states.lock(deliverable)
        can_lead.require(viewer_for(actor.pk), deliverable)
        states.move(deliverable, "publish")
        revision = last_revision(deliverable)
        approval = standing_approval(deliverable, revision)
        before = deliverable.publications.filter(is_latest=True).first()
        _check_number(number, before)
        if before:
            before.is_latest = False
            before.save(update_fields=["is_latest"])
        if not deliverable.identifier:
            deliverable.identifier = _next_identifier(deliverable.kind)
        publication = build_publication(
            actor=actor,
            deliverable=deliverable,
            revision=revision,
            approval=approval,
            number=number,
            changes=changes,
            authorships=_authorships(deliverable),
        )
        publication.save(force_insert=True)
        states.touch(deliverable, "state", "identifier")
        facts = publication_facts(publication)
        record(actor, PublicationAct.PUBLISHED, publication, facts=facts)
        _link(actor, publication, before)
        indexing.index_deliverable(deliverable)
        indexing.index_publication(publication)
        _notify(PublicationReleased, publication, actor)
    return publication


def withdraw(*, actor: Person, publication: Publication, reason: str) -> Publication:
    """Make the version a tombstone that gives the reason: still cited, no longer served.

    Raises Invalid without a reason, WrongState if it was withdrawn before.
    """
    if not reason.strip():
        raise Invalid(_("Give a reason. It stays on the page permanently."), "reason")
    with transaction.atomic():
        deliverable = states.lock(publication.deliverable)
        can_withdraw.require(viewer_for(actor.pk), deliverable)
        publication = Publication.objects.select_related("revision").get(pk=publication.pk)
        if publication.is_withdrawn:
            raise WrongState(_("This version has already been withdrawn."))
        publication.withdrawn_at = timezone.now()
        publication.withdrawn_by = actor
        publication.withdrawn_reason = reason.strip()
        publication.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
        publication.deliverable = deliverable
        if publication.is_latest and deliverable.state == DeliverableState.PUBLISHED:
            states.move(deliverable, "withdraw")
            states.touch(deliverable, "state")
        facts = {"identifier": publication.identifier, "number": publication.number}
        record(actor, PublicationAct.WITHDRAWN, publication, facts=facts)
        indexing.index_deliverable(deliverable)
        indexing.index_publication(publication)
        _notify(PublicationWithdrawn, publication, actor)
    return publication


def _notify(type_: type[PublicationNotification], publication: Publication, actor: Person) -> None:
    group = publication.deliverable.group
    notification = type_(group=group.pk, publication=publication.pk)
    notify(notification, cause=publication.uuid, actor=actor, scope_uuid=group.uuid)


def standing_approval(deliverable: Deliverable, revision: Revision) -> Decision:
    """Return the decision in force that approves exactly this text; WrongState says what is missing."""
    if not revision.is_sealed:
        message = _("Revision %(number)d is still open. Seal it and get it approved first.")
        raise WrongState(message % {"number": revision.number})
    decisions = Decision.objects.filter(group_id=deliverable.group_id).latest_first()
    approval = decisions.standing().on(subject_of(revision)).first()
    if approval is not None:
        return approval
    former = decisions.about("revision", revision.uuid).first()
    if former is None:
        message = _("No decision approves revision %(number)d. Record the approval first.")
        raise WrongState(message % {"number": revision.number})
    if former.is_rejected:
        message = _("D-%(decision)d rejected revision %(number)d. Get a revision approved first.")
        raise WrongState(message % {"decision": former.number, "number": revision.number})
    if former.subject_sha256 != revision.sha256:
        raise WrongState(
            _(
                "D-%(decision)d approved a different text: its checksum does not match this revision."
            )
            % {"decision": former.number}
        )
    message = _("D-%(decision)d is no longer in force. Start a new revision and get it approved.")
    raise WrongState(message % {"decision": former.number})


def _check_number(number: str, before: Publication | None) -> None:
    if not NUMBER.fullmatch(number):
        raise Invalid(_("Enter two or three numbers separated by dots, such as 1.0."), "number")
    if before and _parts(number) <= _parts(before.number):
        message = _("Version %(before)s is already published. Enter a higher number.")
        raise Invalid(message % {"before": before.number}, "number")


def _parts(number: str) -> tuple[int, ...]:
    """Return three numbers to compare: 1.2 and 1.2.0 are the same version."""
    parts = [int(part) for part in number.split(".")]
    return tuple(parts + [0] * (3 - len(parts)))


def _next_identifier(kind: str) -> str:
    """Return the next identifier of the kind; locks its row, so that none is given twice."""
    Series.objects.get_or_create(kind=kind)
    series = Series.objects.select_for_update().get(kind=kind)
    series.last += 1
    series.save(update_fields=["last"])
    return str(series)


def build_publication(
    *,
    actor: Person,
    deliverable: Deliverable,
    revision: Revision,
    approval: Decision,
    number: str,
    changes: str,
    authorships: Iterable[Authorship],
) -> Publication:
    """Return the publication, unsaved, with copies of all that a citation needs; bulk loads use it.

    It does not name a group that only its members can see. Authors are named with the organization
    that they have on this day.
    """
    group = deliverable.group
    return Publication(
        deliverable=deliverable,
        revision=revision,
        approval=approval,
        identifier=deliverable.identifier or "",
        number=number,
        title=deliverable.title,
        kind=deliverable.kind,
        summary=deliverable.summary,
        changes=changes.strip(),
        licence=deliverable.licence,
        focus_area_slug=group.focus_area.slug,
        group_name="" if group.is_secret else group.name,
        group_slug="" if group.is_secret else group.slug,
        authors=[
            {
                "uuid": str(item.person.uuid),
                "name": item.person.name,
                "organization": item.organization.name if item.organization else "",
            }
            for item in authorships
        ],
        sha256=revision.sha256,
        published_by=actor,
    )


def publication_facts(publication: Publication) -> dict[str, object]:
    """Return what the record says of a publication."""
    return {
        "identifier": publication.identifier,
        "number": publication.number,
        "licence": publication.licence,
        "revision": publication.revision.uuid,
        "sha256": publication.sha256,
        "decision": publication.approval.uuid,
    }


def _authorships(deliverable: Deliverable) -> list[Authorship]:
    """Return the authors in order, and save for each the organization of their seat.

    An author who left the group keeps the organization that they had.
    """
    authorships = list(deliverable.authorships.select_related("person", "organization"))
    seats = seat_organizations(deliverable.group_id, [item.person_id for item in authorships])
    for item in authorships:
        if item.person_id in seats and item.organization_id != seats[item.person_id]:
            item.organization_id = seats[item.person_id]
            item.save(update_fields=["organization"])
    return authorships


def _link(actor: Person, publication: Publication, before: Publication | None) -> None:
    source = ("publication", publication.uuid)
    targets = {
        "publishes": ("revision", publication.revision.uuid),
        "rests_on": ("decision", publication.approval.uuid),
    }
    if before:
        targets["supersedes"] = ("publication", before.uuid)
    for relation, target in targets.items():
        link(actor_uuid=actor.uuid, source=source, relation=relation, target=target)
