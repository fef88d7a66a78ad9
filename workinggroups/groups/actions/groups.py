"""Creating a group, changing what it is, ending it and opening it again.

forming ──first charter──▶ active
forming, active ──conclude──▶ concluded ──reopen──▶ active
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import Level, viewer_for
from common.addresses import actions as addresses
from common.errors import Conflict, Invalid, WrongState
from common.names import look_alike, same_name
from common.record.actions import record
from common.search import actions as search
from common.search.models import SearchEntry
from common.unseen import refuse_unseen
from common.vocabulary.models import FocusArea
from members.organizations.models import Organization
from members.people.models import Person
from notifications.actions import notify
from workinggroups.groups.actions.charter import adopt_charter, draft_charter
from workinggroups.groups.actions.guards import lock_group, require_running
from workinggroups.groups.actions.offices import give_office
from workinggroups.groups.actions.participation import seat_person
from workinggroups.groups.choices import (
    Admission,
    Content,
    GroupAct,
    GroupKind,
    GroupState,
    Listing,
    OfficeKind,
    ParticipationLevel,
    widens,
)
from workinggroups.groups.content import content_models
from workinggroups.groups.models import Group
from workinggroups.groups.notifications import GroupAccessChanged, GroupCreated
from workinggroups.groups.permissions import (
    can_choose_address,
    can_conclude_group,
    can_create_group,
    can_edit_group,
    can_widen_group,
)

SETTINGS = ("name", "purpose", "kind", "focus_area", "listing", "admission", "content")


def create_group(
    *,
    actor: Person,
    name: str,
    kind: str,
    purpose: str,
    focus_area: FocusArea,
    listing: str,
    admission: str,
    content: str,
    chair: Person,
    chair_organization: Organization | None,
    charter: str,
) -> Group:
    """The group exists, has its first chair and its first charter in force.

    Staff creates groups and names somebody else to the chair. Raises NotAllowed, and Invalid by
    field. Records the founding, the chair and the charter; tells the chair and the alliance.
    """
    can_create_group.require(viewer_for(actor.pk))
    if chair == actor:
        raise Invalid(_("Staff cannot name itself. Choose somebody else."), field="chair")
    _check_openness(listing, content)
    _check_name(actor, name)
    with transaction.atomic():
        group = _with_free_address(
            Group(
                name=name.strip(),
                kind=GroupKind(kind),
                purpose=purpose.strip(),
                focus_area=focus_area,
                listing=Listing(listing),
                admission=Admission(admission),
                content=Content(content),
            )
        )
        facts = {"listing": listing, "admission": admission, "content": content}
        record(actor, GroupAct.CREATED, group, facts=facts)
        seat_person(
            actor=actor,
            group=group,
            person=chair,
            organization=chair_organization,
            level=ParticipationLevel.PARTICIPANT,
            verb=GroupAct.ADDED,
        )
        give_office(actor=actor, group=group, person=chair, office=OfficeKind.CHAIR)
        draft = draft_charter(actor=actor, group=group, source=charter)
        adopt_charter(actor=actor, charter=draft)
        index(group)
        notify(GroupCreated(group=group.pk), cause=group.uuid, actor=actor, scope_uuid=group.uuid)
        group.refresh_from_db()
        return group


def edit_group(
    *,
    actor: Person,
    group: Group,
    version: int,
    name: str,
    kind: str,
    purpose: str,
    focus_area: FocusArea,
    listing: str,
    admission: str,
    content: str,
) -> Group:
    """The group is described and opened as said. What was written keeps its readers or loses some.

    Narrowing the content closes everything that the alliance could read so far, in all rooms, and
    so does hiding the group: a review for the alliance ends for whoever may not know of it any
    more. Widening concerns only what is written from now on. What was published stays public.
    Only a chair widens who may know of the group, join or read it. Tells the chairs of every change
    of these, and all members where more people will read. Raises NotAllowed, Invalid, WrongState for
    a concluded group, and Conflict where somebody changed the group since `version`.
    """
    _check_openness(listing, content)
    with transaction.atomic():
        group = lock_group(group)
        viewer = viewer_for(actor.pk)
        can_edit_group.require(viewer, group)
        require_running(group)
        if group.version != version:
            raise Conflict(_("Somebody changed these settings meanwhile. Look at them again."))
        if not same_name(name, group.name):
            _check_name(actor, name, besides=group)
        narrowed = group.content == Content.ALLIANCE and content == Content.MEMBERS
        hidden = not group.is_secret and listing == Listing.MEMBERS
        said = group.name, group.focus_area.name
        before = {"listing": group.listing, "admission": group.admission, "content": group.content}
        after = {"listing": listing, "admission": admission, "content": content}
        wider = [field for field in before if widens(field, before[field], after[field])]
        if wider and not can_widen_group(viewer, group):
            raise Invalid(can_widen_group.refusal(viewer, group), field=wider[0])
        group.name, group.purpose = name.strip(), purpose.strip()
        group.kind, group.focus_area = GroupKind(kind), focus_area
        group.listing, group.admission = Listing(listing), Admission(admission)
        group.content = Content(content)
        group.version += 1
        # Not the address or the uuid: the trigger that notes the change would then lock the row
        # against rows that point to it, such as a post that is written meanwhile.
        group.save(update_fields=[*SETTINGS, "version"])
        if narrowed or hidden:
            _close_content(group)
        index(group)
        for old, new in zip(said, (group.name, focus_area.name), strict=True):
            search.reword(group_id=group.pk, level=group.profile_level, before=old, after=new)
        changed = {
            f"{name}_{side}": values[name]
            for name in before
            if before[name] != after[name]
            for side, values in (("from", before), ("to", after))
        }
        entry = record(actor, GroupAct.EDITED, group, facts=changed)
        if changed:
            notify(
                GroupAccessChanged(
                    group=group.pk,
                    person=actor.pk,
                    all_members=int("content" in wider),
                    **changed,
                ),
                cause=entry.uuid,
                actor=actor,
                scope_uuid=group.uuid,
            )
    return group


def _check_name(actor: Person, name: str, *, besides: Group | None = None) -> None:
    """Raises Invalid for a name that cannot be read, or that looks like that of a group that the
    actor knows of.

    Of a group that the actor may not know of, nothing is said.
    """
    refuse_unseen(name=name)
    known = Group.objects.visible_to(viewer_for(actor.pk)).exclude(state=GroupState.CONCLUDED)
    if besides is not None:
        known = known.exclude(uuid=besides.uuid)
    for other in known.only("name"):
        if look_alike(name, other.name):
            words = _("This is, or looks like, the name of another group: %(name)s.")
            raise Invalid(words % {"name": other.name}, field="name")


def choose_address(*, actor: Person, group: Group, address: str) -> Group:
    """The group's pages are at the address that this text makes; former ones redirect.

    Its mails keep their List-Id. Raises NotAllowed, and Invalid for an address that is or was
    another's. Moves what search shows and writes the record. Choosing the present address changes
    nothing.
    """
    with transaction.atomic():
        group = lock_group(group)
        can_choose_address.require(viewer_for(actor.pk), group)
        former = group.slug
        slug = addresses.check_address(kind="group", chosen=address, object_uuid=group.uuid)
        if slug == former:
            return group
        before = group.get_absolute_url()
        group.first_slug = group.list_name
        group.slug = slug
        group.version += 1
        with addresses.refusing_taken(slug):
            group.save(update_fields=["slug", "first_slug", "version"])
        addresses.move_search_entries(before=before, after=group.get_absolute_url())
        # The address is the name: the record does not tell it of a group only its members know.
        facts = {} if group.is_secret else {"address_from": former, "address_to": slug}
        record(actor, GroupAct.ADDRESS_CHOSEN, group, facts=facts)
    return group


def conclude_group(*, actor: Person, group: Group) -> Group:
    """The group has ended: its pages stay readable and nothing in it changes any more."""
    return _change_state(
        actor=actor,
        group=group,
        allowed={GroupState.FORMING, GroupState.ACTIVE},
        to=GroupState.CONCLUDED,
        verb=GroupAct.CONCLUDED,
    )


def reopen_group(*, actor: Person, group: Group) -> Group:
    """A concluded group works again."""
    return _change_state(
        actor=actor,
        group=group,
        allowed={GroupState.CONCLUDED},
        to=GroupState.ACTIVE,
        verb=GroupAct.REOPENED,
    )


def _change_state(
    *, actor: Person, group: Group, allowed: set[GroupState], to: GroupState, verb: GroupAct
) -> Group:
    with transaction.atomic():
        group = lock_group(group)
        can_conclude_group.require(viewer_for(actor.pk), group)
        if group.state not in allowed:
            raise WrongState(
                _("The group is %(state)s already.") % {"state": group.get_state_display().lower()}
            )
        group.state = to
        group.concluded_at = timezone.now() if to == GroupState.CONCLUDED else None
        group.version += 1
        group.save(update_fields=["state", "concluded_at", "version"])
        entry = record(actor, verb, group)
        notify(
            GroupAccessChanged(group=group.pk, person=actor.pk, state_to=to.value),
            cause=entry.uuid,
            actor=actor,
            scope_uuid=group.uuid,
        )
    return group


def index(group: Group) -> None:
    """Search finds the group for those who may know of it."""
    search.store(group_entries(group))


def group_entries(group: Group) -> list[SearchEntry]:
    """Return the rows, unsaved, by which search finds the group."""
    return search.entries_of(
        kind="group",
        uuid=group.uuid,
        group_id=group.pk,
        level=group.profile_level,
        title=group.name,
        body=group.purpose,
        url=group.get_absolute_url(),
        at=group.created_at,
        about=[group.get_kind_display(), group.focus_area.name],
    )


def _close_content(group: Group) -> None:
    """What the alliance could read is for members now. Published things are public and stay so."""
    for model in content_models():
        model._default_manager.filter(group=group, level=Level.ALLIANCE).update(level=Level.MEMBERS)
    group.milestones.filter(level=Level.ALLIANCE).update(level=Level.MEMBERS)
    search.relevel(group_id=group.pk, before=Level.ALLIANCE, after=Level.MEMBERS)


def _check_openness(listing: str, content: str) -> None:
    if listing == Listing.MEMBERS and content != Content.MEMBERS:
        raise Invalid(
            _("A group only its members know of writes for its members only."), field="content"
        )


def _with_free_address(group: Group) -> Group:
    """Saves it under its name's address, or that with the first free number from 2."""

    def save(slug: str) -> None:
        group.slug = slug
        group.save()

    addresses.save_with_free_address(kind="group", name=group.name, save=save)
    return group
