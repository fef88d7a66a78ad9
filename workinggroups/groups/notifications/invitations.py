"""Invitation into a group: a notification, or a mail to an address without an account."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.access import Viewer, viewer_for
from common.mail.models import Message
from common.mail.registry import Mail
from common.mail.render import render_templates
from common.ui.date_format import moment_words
from members.people.models import Person
from notifications.choices import Category
from notifications.targets import ModelNotification
from notifications.types import NotificationContent
from workinggroups.groups.choices import ParticipationLevel
from workinggroups.groups.models import GroupInvitation
from workinggroups.groups.notifications.base import content_in
from workinggroups.groups.permissions import can_manage_people, is_running
from workinggroups.groups.queries import members_of

# The mail to an invited address that has no account.
INVITATION_MAIL = "group_invitation"


@dataclass(frozen=True, kw_only=True)
class GroupInvited(ModelNotification[GroupInvitation]):
    """For the invited person alone, while they can answer: the group may be a secret one."""

    name = "group_invited"
    label = gettext_lazy("You are invited to a group")
    category = Category.GROUPS
    mandatory = True
    target_field = "invitation"

    group: int
    invitation: int

    def recipients(self) -> QuerySet[Person]:
        """Return the person who has confirmed the invited address, while they can answer."""
        invitation = GroupInvitation.objects.open().filter(pk=self.invitation).first()
        people = Person.objects.active()
        if invitation is None:
            return people.none()
        owners = EmailAddress.objects.filter(email__iexact=invitation.address, verified=True)
        return people.filter(pk__in=owners.values("user")).exclude(
            pk__in=members_of(invitation.group_id).values("pk")
        )

    @classmethod
    def visible(cls, viewer: Viewer) -> QuerySet[GroupInvitation]:
        return GroupInvitation.objects.to_answer(viewer.person_id)

    def content(self, invitation: GroupInvitation, viewer: Viewer) -> NotificationContent:
        return content_in(
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
    """Return the sentence with inviter, group and level."""
    names = {"person": invitation.invited_by, "group": invitation.group}
    if invitation.level == ParticipationLevel.EXPERT:
        return _("%(person)s invites you to %(group)s as an expert") % names
    if invitation.level == ParticipationLevel.OBSERVER:
        return _("%(person)s invites you to %(group)s as an observer") % names
    return _("%(person)s invites you to take part in %(group)s") % names


def render_invitation(message: Message) -> Mail | None:
    """Render the mail to an address without an account.

    None where there is an account, whose owner gets `GroupInvited` (a suspended person gets
    nothing); where the invitation can no longer be answered; and where its inviter no longer decides
    who takes part, since a mail that waited must not name the group to an outsider in vain.
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
    if not (inviter.is_active and can_manage_people(viewer_for(inviter.pk), invitation.group)):
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
