"""Creating a group, changing its settings and its address.   forming ──first charter──▶ active"""

from django.db import transaction
from django.utils.translation import gettext as _

from common.access import Level, viewer_for
from common.addresses import actions as addresses
from common.errors import Conflict, Invalid
from common.names import look_alike, same_name
from common.record.actions import record
from common.search import actions as search
from common.search.models import SearchEntry
from common.unseen import refuse_unseen
from common.vocabulary.models import FocusArea
from members.organizations.models import Organization
from members.people.models import Person
from workinggroups.groups.actions.charter import adopt_charter, draft_charter
from workinggroups.groups.actions.guards import lock_group
from workinggroups.groups.actions.offices import give_office
from workinggroups.groups.actions.seats import seat_person
from workinggroups.groups.choices import (
    Admission,
    Content,
    GroupAct,
    GroupKind,
    Listing,
    OfficeKind,
    ParticipationLevel,
    widens,
)
from workinggroups.groups.content import content_models
from workinggroups.groups.models import Group
from workinggroups.groups.notifications import GroupAccessChanged, GroupCreated, notify_in
from workinggroups.groups.permissions import (
    can_choose_address,
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
    """Create a group with its first chair and its first charter in force.

    For staff, who appoint another person as chair. Raises NotAllowed, and Invalid by field. Records
    the group, the chair and the charter; notifies the chair and the alliance.
    """
    can_create_group.require(viewer_for(actor.pk))
    if chair == actor:
        raise Invalid(
            _("You cannot appoint yourself as chair. Choose someone else."), field="chair"
        )
    _check_openness(listing, content)
    _check_name(actor, name)
    with transaction.atomic():
        group = Group(
            name=name.strip(),
            kind=GroupKind(kind),
            purpose=purpose.strip(),
            focus_area=focus_area,
            listing=Listing(listing),
            admission=Admission(admission),
            content=Content(content),
        )
        _save_at_free_address(group)
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
        notify_in(group, actor, GroupCreated(group=group.pk), cause=group.uuid)
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
    """Change the group's settings.

    Restricting `content` to members, or hiding the group, also closes what the alliance could read
    so far, in all apps: a review for the alliance ends for people who no longer see the group.
    Opening it concerns only what is written from now on. Publications stay public. Only a chair
    lets more people see, join or read the group. Notifies the chairs of each such change, and all
    members where more people will read. Raises NotAllowed, Invalid, WrongState for a concluded
    group, and Conflict where the group was changed since `version`.
    """
    _check_openness(listing, content)
    with transaction.atomic():
        group = lock_group(group)
        viewer = viewer_for(actor.pk)
        can_edit_group.require(viewer, group)
        if group.version != version:
            raise Conflict(
                _("Someone else changed these settings. Reload the page and check them.")
            )
        if not same_name(name, group.name):
            _check_name(actor, name, besides=group)
        is_narrowed = group.content == Content.ALLIANCE and content == Content.MEMBERS
        is_hidden = not group.is_secret and listing == Listing.MEMBERS
        indexed_words = group.name, group.focus_area.name
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
        # against rows that point to it, such as a post written at the same moment.
        group.save(update_fields=[*SETTINGS, "version"])
        if is_narrowed or is_hidden:
            _close_content(group)
        index(group)
        for old, new in zip(indexed_words, (group.name, focus_area.name), strict=True):
            search.reword(group_id=group.pk, level=group.profile_level, before=old, after=new)
        changed = {
            f"{name}_{side}": values[name]
            for name in before
            if before[name] != after[name]
            for side, values in (("from", before), ("to", after))
        }
        entry = record(actor, GroupAct.EDITED, group, facts=changed)
        if changed:
            notification = GroupAccessChanged(
                group=group.pk, person=actor.pk, all_members=int("content" in wider), **changed
            )
            notify_in(group, actor, notification, cause=entry.uuid)
    return group


def _check_name(actor: Person, name: str, *, besides: Group | None = None) -> None:
    """Raise Invalid for a name with unreadable characters, or one that looks like that of a group
    which the actor can see: a refusal must not give away a hidden group."""
    refuse_unseen(name=name)
    known = Group.objects.visible_to(viewer_for(actor.pk)).running()
    if besides is not None:
        known = known.exclude(uuid=besides.uuid)
    for other in known.only("name"):
        if look_alike(name, other.name):
            message = _("This name is the same as, or looks like, another group's: %(name)s.")
            raise Invalid(message % {"name": other.name}, field="name")


def choose_address(*, actor: Person, group: Group, address: str) -> Group:
    """Move the group's pages to the address made of this text; former addresses redirect.

    Mails keep their List-Id; search entries move too. Raises NotAllowed, and Invalid for an address
    that another group has or had. Choosing the present address changes nothing.
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
        # The address is made of the name, which the record must not show of a hidden group.
        facts = {} if group.is_secret else {"address_from": former, "address_to": slug}
        record(actor, GroupAct.ADDRESS_CHOSEN, group, facts=facts)
    return group


def index(group: Group) -> None:
    """Index the group for search, at the level of its profile."""
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
    """Restrict everything of the group that the alliance could read to its members."""
    for model in content_models():
        model._default_manager.filter(group=group, level=Level.ALLIANCE).update(level=Level.MEMBERS)
    group.milestones.filter(level=Level.ALLIANCE).update(level=Level.MEMBERS)
    search.relevel(group_id=group.pk, before=Level.ALLIANCE, after=Level.MEMBERS)


def _check_openness(listing: str, content: str) -> None:
    if listing == Listing.MEMBERS and content != Content.MEMBERS:
        raise Invalid(
            _("If only members can see the group, only members can read its work."), field="content"
        )


def _save_at_free_address(group: Group) -> None:
    """Save the group at the address made of its name, with the first free number from 2 if taken."""

    def save(slug: str) -> None:
        group.slug = slug
        group.save()

    addresses.save_with_free_address(kind="group", name=group.name, save=save)
