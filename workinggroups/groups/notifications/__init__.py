"""What this room announces, to whom, and what each reader is shown of it at that moment."""

from collections.abc import Iterable
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.access import Level, Viewer, viewer_for
from common.mail import actions as mail
from common.mail.models import Message
from common.mail.registry import Mail
from common.mail.registry import register as register_mail
from common.mail.render import render_templates
from common.web.clock import day_words, moment_words
from members.people.models import Person
from notifications.about import lines_about, lines_with_person
from notifications.actions import announce
from notifications.choices import Rhythm
from notifications.models import Event
from notifications.registry import Kind, Line, register, register_scope_names
from workinggroups.groups.choices import (
    Admission,
    Content,
    GroupState,
    Listing,
    OfficeKind,
    ParticipationLevel,
    RequestState,
)
from workinggroups.groups.models import (
    ActionItem,
    AdmissionRequest,
    BreakGlass,
    CharterVersion,
    Group,
    GroupInvitation,
)
from workinggroups.groups.permissions import can_see_people, is_running
from workinggroups.groups.queries import chairs_of, manages_people, members_of, readers_of

GROUP_CREATED = "group_created"
ADMISSION_REQUESTED = "admission_requested"
ADMISSION_DECIDED = "admission_decided"
MEMBER_ADDED = "member_added"
MEMBER_JOINED = "member_joined"
OFFICE_GIVEN = "office_given"
CHAIR_HANDED_OVER = "chair_handed_over"
CHARTER_ADOPTED = "charter_adopted"
ACTION_ITEM_ASSIGNED = "action_item_assigned"
ACTION_ITEM_DUE = "action_item_due"
BREAK_GLASS_OPENED = "break_glass_opened"
ACCESS_CHANGED = "group_access_changed"
MEMBER_LEFT = "member_left"
OFFICE_ENDED = "office_ended"
LEVEL_CHANGED = "level_changed"
GROUP_INVITED = "group_invited"
# The mail to an invited address that has no account.
INVITATION_MAIL = "group_invitation"


def tell(
    kind: str, group: Group, cause: UUID | str, *, actor: Person | None, **ref: int | str
) -> None:
    """One event about the group, once for its cause (a record's or row's uuid)."""
    announce(
        kind=kind,
        dedupe_key=f"{kind}:{cause}",
        ref={"group": group.pk, **ref},
        actor=actor,
        scope_uuid=group.uuid,
    )


# --- audiences: people who may read it, at the moment of telling ------------------------------------


def the_chairs(event: Event) -> QuerySet[Person]:
    return chairs_of(event.ref["group"])


def the_members(event: Event) -> QuerySet[Person]:
    return members_of(event.ref["group"])


def the_person(event: Event) -> QuerySet[Person]:
    """The one it is about, as long as that person may know of the group."""
    group = Group.objects.get(pk=event.ref["group"])
    return readers_of(group.pk, group.card_level).filter(pk=event.ref["person"])


def the_person_and_chairs(event: Event) -> QuerySet[Person]:
    return _the_person_and(event, the_chairs(event))


def the_person_and_those_who_answer(event: Event) -> QuerySet[Person]:
    """As `the_person_and_chairs`; all members where the event says that all are to know."""
    return _the_person_and(event, the_chairs_or_all(event))


def the_chairs_or_all(event: Event) -> QuerySet[Person]:
    """The chairs, or all members where the event says that all are to know."""
    return the_members(event) if event.ref.get("all_members") else the_chairs(event)


def _the_person_and(event: Event, others: QuerySet[Person]) -> QuerySet[Person]:
    group = Group.objects.get(pk=event.ref["group"])
    return readers_of(group.pk, group.card_level).filter(
        Q(pk=event.ref["person"]) | Q(pk__in=others.values("pk"))
    )


def those_who_see_the_card(event: Event) -> QuerySet[Person]:
    """The alliance, or the members of a secret group; never applicants and strangers."""
    group = Group.objects.get(pk=event.ref["group"])
    return readers_of(group.pk, max(group.card_level, Level.ALLIANCE))


def the_invited(event: Event) -> QuerySet[Person]:
    """Whoever has confirmed the invited address, while there is something to answer."""
    invitation = GroupInvitation.objects.open().filter(pk=event.ref["invitation"]).first()
    people = Person.objects.active()
    if invitation is None:
        return people.none()
    owners = EmailAddress.objects.filter(email__iexact=invitation.address, verified=True)
    return people.filter(pk__in=owners.values("user")).exclude(
        pk__in=members_of(invitation.group_id).values("pk")
    )


def the_owner(event: Event) -> QuerySet[Person]:
    """Whoever owns the item now and still reads it."""
    item = ActionItem.objects.open().filter(pk=event.ref["item"]).first()
    if item is None or item.owner_id is None:
        return Person.objects.active().none()
    return readers_of(item.group_id, item.level).filter(pk=item.owner_id)


# --- words: what one reader is shown of it --------------------------------------------------------


def line_in(
    group: Group,
    *,
    title: str,
    url: str = "",
    why: str = "",
    detail: str = "",
    thread_key: str = "",
    subject: str = "",
    question: str = "",
) -> Line:
    """A line about something in the group: without a `why` for whoever is in it."""
    return Line(
        title=title,
        url=url or group.get_absolute_url(),
        why=why or _("because you are in %(group)s") % {"group": group.name},
        detail=detail,
        group_name=group.name,
        group_slug=group.list_name,
        thread_key=thread_key,
        subject=subject,
        question=question,
    )


def groups_seen(viewer: Viewer) -> QuerySet[Group]:
    """The groups whose card the reader sees."""
    groups: QuerySet[Group] = Group.objects.visible_to(viewer)
    return groups


def requests_to_answer(viewer: Viewer) -> QuerySet[AdmissionRequest]:
    """For chairs, while the request waits: once answered it is nobody's task any more."""
    waiting: QuerySet[AdmissionRequest] = AdmissionRequest.objects.waiting()
    return waiting.filter(group__in=viewer.chaired_ids).select_related(
        "group", "person", "organization"
    )


def own_requests(viewer: Viewer) -> QuerySet[AdmissionRequest]:
    requests: QuerySet[AdmissionRequest] = AdmissionRequest.objects.filter(
        person=viewer.person_id, group__in=groups_seen(viewer)
    )
    return requests.select_related("group")


def invitations_to_answer(viewer: Viewer) -> QuerySet[GroupInvitation]:
    """For the invited alone, and only while they can be answered: the group may be a secret one."""
    invitations: QuerySet[GroupInvitation] = GroupInvitation.objects.to_answer(viewer.person_id)
    return invitations.select_related("group", "invited_by")


def own_open_items(viewer: Viewer) -> QuerySet[ActionItem]:
    items: QuerySet[ActionItem] = ActionItem.objects.visible_to(viewer).open()
    return items.filter(owner=viewer.person_id).select_related("group")


def openings_to_chairs(viewer: Viewer) -> QuerySet[BreakGlass]:
    opened: QuerySet[BreakGlass] = BreakGlass.objects.filter(group__in=viewer.chaired_ids)
    return opened.select_related("group", "person")


def _people_url(group: Group) -> str:
    return reverse("group-people", args=[group.slug])


def _created(group: Group, event: Event, viewer: Viewer) -> Line:
    return line_in(
        group,
        title=_("New group: %(group)s") % {"group": group},
        why=_("because you are in the alliance"),
        detail=group.purpose,
    )


def _requested(request: AdmissionRequest, event: Event, viewer: Viewer) -> Line:
    return line_in(
        request.group,
        title=_("%(person)s asks to join %(group)s")
        % {"person": request.person, "group": request.group},
        why=_("because you chair the group"),
        url=_people_url(request.group),
        detail=str(request.organization or ""),
    )


def _decided(request: AdmissionRequest, event: Event, viewer: Viewer) -> Line:
    title = (
        _("You are in %(group)s")
        if request.state == RequestState.APPROVED
        else _("%(group)s declined your request to join")
    )
    return line_in(
        request.group,
        title=title % {"group": request.group},
        why=_("because you asked to join"),
        detail=request.reason,
    )


def _joined(group: Group, event: Event, viewer: Viewer, person: Person) -> Line | None:
    if not can_see_people(viewer, group):
        return None
    return line_in(
        group,
        title=_("%(person)s joined %(group)s") % {"person": person, "group": group},
        why=_("because you chair the group"),
        url=_people_url(group),
    )


def _added(group: Group, event: Event, viewer: Viewer, person: Person) -> Line | None:
    """To the person it says "you", to the chairs who it was."""
    if person.pk == viewer.person_id:
        title = _("You were added to %(group)s") % {"group": group}
        why = _("because you take part in the group now")
    elif can_see_people(viewer, group):
        title = _("%(person)s was added to %(group)s") % {"person": person, "group": group}
        why = _chairing(viewer, group)
    else:
        return None
    return line_in(group, title=title, why=why, url=_people_url(group))


def _invited(invitation: GroupInvitation, event: Event, viewer: Viewer) -> Line:
    return line_in(
        invitation.group,
        title=invitation_title(invitation),
        why=_("because %(address)s is your address") % {"address": invitation.address},
        url=invitation.get_absolute_url(),
        detail=_("Accept or decline until %(moment)s. Purpose of the group: %(purpose)s")
        % {
            "moment": moment_words(invitation.expires_at, viewer.zone),
            "purpose": invitation.group.purpose,
        },
    )


def invitation_title(invitation: GroupInvitation) -> str:
    """Who invites into what, and as what."""
    words = {"person": invitation.invited_by, "group": invitation.group}
    if invitation.level == ParticipationLevel.EXPERT:
        return _("%(person)s invites you to %(group)s as an expert") % words
    if invitation.level == ParticipationLevel.OBSERVER:
        return _("%(person)s invites you to %(group)s as an observer") % words
    return _("%(person)s invites you to take part in %(group)s") % words


def _chairing(viewer: Viewer, group: Group) -> str:
    if group.pk in viewer.chaired_ids:
        return _("because you chair the group")
    return _("because you take part in the group")


def _left(group: Group, event: Event, viewer: Viewer, person: Person) -> Line | None:
    if not can_see_people(viewer, group):
        return None
    return line_in(
        group,
        title=_("%(person)s no longer takes part in %(group)s")
        % {"person": person, "group": group},
        why=_("because you chair the group"),
        url=_people_url(group),
    )


# What the record says of a change, and the setting it names.
ACCESS = {
    "listing": (gettext_lazy("Who may know of it: %(value)s"), Listing),
    "admission": (gettext_lazy("How people join: %(value)s"), Admission),
    "content": (gettext_lazy("Who reads what is new: %(value)s"), Content),
    "state": (gettext_lazy("State: %(value)s"), GroupState),
}


def _access(group: Group, event: Event, viewer: Viewer, person: Person) -> Line | None:
    """To members only: what a group was before is not said to others."""
    if not viewer.is_member(group.pk):
        return None
    changes = [
        str(words) % {"value": choices(event.ref[f"{name}_to"]).label}
        for name, (words, choices) in ACCESS.items()
        if f"{name}_to" in event.ref
    ]
    return line_in(
        group,
        title=_("%(person)s changed who can know, join or read %(group)s")
        % {"person": person, "group": group},
        why=_chairing(viewer, group),
        detail=". ".join(changes),
    )


def _given(group: Group, event: Event, viewer: Viewer, person: Person) -> Line | None:
    office = OfficeKind(event.ref["office"]).label.lower()
    if person.pk != viewer.person_id:
        if group.pk not in viewer.chaired_ids:
            return None
        return line_in(
            group,
            title=_("%(person)s is %(office)s of %(group)s now")
            % {"person": person, "office": office, "group": group},
            why=_("because you chair the group"),
            url=_people_url(group),
        )
    return line_in(
        group,
        title=_("You are %(office)s of %(group)s now") % {"office": office, "group": group},
        why=_("because the office was given to you"),
    )


def _ended(group: Group, event: Event, viewer: Viewer, person: Person) -> Line | None:
    words = {"person": person, "office": OfficeKind(event.ref["office"]).label.lower()}
    return _of_a_place(
        group,
        viewer,
        person,
        to_them=_("You are no longer %(office)s of %(group)s") % {**words, "group": group},
        to_chairs=_("%(person)s is no longer %(office)s of %(group)s") % {**words, "group": group},
    )


def _level(group: Group, event: Event, viewer: Viewer, person: Person) -> Line | None:
    words = {"person": person, "group": group}
    if event.ref["level"] == ParticipationLevel.OBSERVER:
        to_them = _("You are now an observer in %(group)s")
        to_chairs = _("%(person)s is now an observer in %(group)s")
        detail = _("You still read everything in the group, and can no longer write there.")
    else:
        to_them = _("You are now a participant in %(group)s")
        to_chairs = _("%(person)s is now a participant in %(group)s")
        detail = _("You can now also write in the group.")
    return _of_a_place(
        group,
        viewer,
        person,
        to_them=to_them % words,
        to_chairs=to_chairs % words,
        detail=detail,
    )


def _of_a_place(
    group: Group, viewer: Viewer, person: Person, *, to_them: str, to_chairs: str, detail: str = ""
) -> Line | None:
    """What changed of somebody's place: said to them, with the detail, and to the present chairs."""
    if person.pk == viewer.person_id:
        return line_in(group, title=to_them, detail=detail)
    if group.pk not in viewer.chaired_ids:
        return None
    return line_in(
        group, title=to_chairs, why=_("because you chair the group"), url=_people_url(group)
    )


def _handed_over(group: Group, event: Event, viewer: Viewer, person: Person) -> Line:
    return line_in(
        group,
        title=_("%(person)s chairs %(group)s now") % {"person": person, "group": group},
        why=_("because you take part in the group"),
        url=_people_url(group),
    )


def _adopted(group: Group, event: Event, viewer: Viewer) -> Line:
    return line_in(
        group,
        title=_("%(group)s adopted version %(number)s of its charter")
        % {"group": group, "number": event.ref["number"]},
        why=_("because you take part in the group"),
        url=reverse("group-charter", args=[group.slug]),
    )


ITEM_TITLES = {
    ACTION_ITEM_ASSIGNED: gettext_lazy("Yours to do: %(text)s"),
    ACTION_ITEM_DUE: gettext_lazy("Due soon: %(text)s"),
}


def _item(item: ActionItem, event: Event, viewer: Viewer) -> Line:
    due = item.due_on and _("due %(day)s") % {"day": day_words(item.due_on, weekday=True)}
    return line_in(
        item.group,
        title=str(ITEM_TITLES[event.kind]) % {"text": item.text},
        url=reverse("action-item", args=[item.group.slug, item.number]),
        why=_("because it is yours"),
        detail=due or "",
        thread_key=f"action_item:{item.uuid}",
        subject=item.text,
    )


def _opened(opening: BreakGlass, event: Event, viewer: Viewer) -> Line:
    return line_in(
        opening.group,
        title=_("%(person)s of staff opened %(group)s")
        % {"person": opening.person, "group": opening.group},
        why=_("because you chair the group"),
        url=reverse("group-openings", args=[opening.group.slug]),
        detail=opening.reason,
    )


def names_of_groups(scopes: Iterable[UUID], viewer: Viewer) -> dict[UUID, str]:
    """The names of the groups among these scopes whose card the viewer sees."""
    seen = groups_seen(viewer).filter(uuid__in=list(scopes))
    return dict(seen.values_list("uuid", "name"))


# --- announcing ------------------------------------------------------------------------------------


def charter_adopted(*, charter: CharterVersion, actor: Person) -> None:
    tell(CHARTER_ADOPTED, charter.group, charter.uuid, actor=actor, number=charter.number)


def invited(*, invitation: GroupInvitation) -> None:
    """Tell the owner of the address; where it has no account, by a mail of its own.

    Both are put down for every address, and which of the two has a reader is asked by the worker:
    the request that invites costs and answers the same.
    """
    tell(
        GROUP_INVITED,
        invitation.group,
        invitation.uuid,
        actor=invitation.invited_by,
        invitation=invitation.pk,
    )
    mail.queue(
        dedupe_key=f"{INVITATION_MAIL}:{invitation.uuid}",
        to_address=invitation.address,
        kind=INVITATION_MAIL,
        ref={"invitation": invitation.pk},
    )


def render_invitation(message: Message) -> Mail | None:
    """The mail to an address without an account; None where there is one, or nothing to answer.

    Somebody with an account is mailed as of everything else that concerns them; a suspended person
    is not mailed at all. Nor does a mail that waited name the group to an outsider for somebody who
    no longer decides who takes part: nobody could accept.
    """
    invitation = (
        GroupInvitation.objects.open()
        .select_related("group", "invited_by")
        .filter(pk=message.ref["invitation"])
        .first()
    )
    if invitation is None or not is_running(invitation.group):
        return None
    inviter = invitation.invited_by
    if not (inviter.is_active and manages_people(viewer_for(inviter.pk), invitation.group)):
        return None
    if EmailAddress.objects.filter(email__iexact=invitation.address, verified=True).exists():
        return None
    path = invitation.get_absolute_url()
    return render_templates(
        INVITATION_MAIL,
        {
            "title": invitation_title(invitation),
            "group": invitation.group,
            "inviter": invitation.invited_by,
            "address": invitation.address,
            "until": moment_words(invitation.expires_at, "UTC"),
            "url": settings.SITE_URL + path,
            "sign_up_url": f"{settings.SITE_URL}{reverse('account_signup')}?next={path}",
        },
    )


def register_kinds() -> None:
    register_mail(INVITATION_MAIL, render_invitation)
    register_scope_names(names_of_groups)
    chairing = gettext_lazy("Groups you chair")
    taking_part = gettext_lazy("Your groups")
    item_lines = lines_about("item", own_open_items, _item)
    register(
        Kind(
            name=GROUP_CREATED,
            label=gettext_lazy("A new group begins"),
            topic=gettext_lazy("The alliance"),
            audience=those_who_see_the_card,
            lines=lines_about("group", groups_seen, _created),
            default_rhythm=Rhythm.DIGEST,
        ),
        Kind(
            name=ADMISSION_REQUESTED,
            label=gettext_lazy("Somebody asks to join"),
            topic=chairing,
            audience=the_chairs,
            lines=lines_about("request", requests_to_answer, _requested),
        ),
        Kind(
            name=MEMBER_JOINED,
            label=gettext_lazy("Somebody joins"),
            topic=chairing,
            audience=the_chairs,
            lines=lines_with_person("group", groups_seen, _joined),
            default_rhythm=Rhythm.DIGEST,
        ),
        Kind(
            name=BREAK_GLASS_OPENED,
            label=gettext_lazy("Staff opens your group"),
            topic=chairing,
            audience=the_chairs,
            lines=lines_about("opening", openings_to_chairs, _opened),
            mandatory=True,
        ),
        Kind(
            name=ACCESS_CHANGED,
            label=gettext_lazy("Who can know, join or read your group changes"),
            topic=taking_part,
            audience=the_chairs_or_all,
            lines=lines_with_person("group", groups_seen, _access),
            mandatory=True,
        ),
        Kind(
            name=MEMBER_LEFT,
            label=gettext_lazy("Somebody leaves or is removed"),
            topic=chairing,
            audience=the_chairs,
            lines=lines_with_person("group", groups_seen, _left),
            default_rhythm=Rhythm.DIGEST,
        ),
        Kind(
            name=ADMISSION_DECIDED,
            label=gettext_lazy("Your request to join is answered"),
            topic=taking_part,
            audience=the_person,
            lines=lines_about("request", own_requests, _decided),
            mandatory=True,
        ),
        Kind(
            name=GROUP_INVITED,
            label=gettext_lazy("You are invited into a group"),
            topic=taking_part,
            audience=the_invited,
            lines=lines_about("invitation", invitations_to_answer, _invited),
            mandatory=True,
        ),
        Kind(
            name=MEMBER_ADDED,
            label=gettext_lazy("Somebody is added"),
            topic=taking_part,
            audience=the_person_and_those_who_answer,
            lines=lines_with_person("group", groups_seen, _added),
        ),
        Kind(
            name=OFFICE_GIVEN,
            label=gettext_lazy("You are given an office"),
            topic=taking_part,
            audience=the_person_and_chairs,
            lines=lines_with_person("group", groups_seen, _given),
            mandatory=True,
        ),
        Kind(
            name=OFFICE_ENDED,
            label=gettext_lazy("An office ends"),
            topic=taking_part,
            audience=the_person_and_chairs,
            lines=lines_with_person("group", groups_seen, _ended),
            mandatory=True,
        ),
        Kind(
            name=LEVEL_CHANGED,
            label=gettext_lazy("A participant becomes an observer, or the other way round"),
            topic=taking_part,
            audience=the_person_and_chairs,
            lines=lines_with_person("group", groups_seen, _level),
            mandatory=True,
        ),
        Kind(
            name=CHAIR_HANDED_OVER,
            label=gettext_lazy("The chair changes"),
            topic=taking_part,
            audience=the_members,
            lines=lines_with_person("group", groups_seen, _handed_over),
        ),
        Kind(
            name=CHARTER_ADOPTED,
            label=gettext_lazy("The charter is adopted"),
            topic=taking_part,
            audience=the_members,
            lines=lines_about("group", groups_seen, _adopted),
        ),
        Kind(
            name=ACTION_ITEM_ASSIGNED,
            label=gettext_lazy("An action item is yours"),
            topic=taking_part,
            audience=the_owner,
            lines=item_lines,
        ),
        Kind(
            name=ACTION_ITEM_DUE,
            label=gettext_lazy("An action item is due"),
            topic=taking_part,
            audience=the_owner,
            lines=item_lines,
        ),
    )
