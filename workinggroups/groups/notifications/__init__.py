"""Notifications about groups, by subject. Other apps import the classes from here."""

from common.mail.registry import register as register_mail
from notifications.registry import register, register_scope_names
from workinggroups.groups.notifications.action_items import (
    ActionItemAssigned,
    ActionItemsHandedOver,
)
from workinggroups.groups.notifications.base import content_in, notify_in
from workinggroups.groups.notifications.comments import ActionItemCommented
from workinggroups.groups.notifications.due_items import ActionItemDue
from workinggroups.groups.notifications.groups import (
    BreakGlassOpened,
    CharterAdopted,
    GroupAccessChanged,
    GroupCreated,
    names_of_groups,
)
from workinggroups.groups.notifications.invitations import (
    INVITATION_MAIL,
    GroupInvited,
    invitation_title,
    render_invitation,
)
from workinggroups.groups.notifications.offices import ChairHandedOver, OfficeEnded, OfficeGiven
from workinggroups.groups.notifications.participation import (
    AdmissionDecided,
    AdmissionRequested,
    LevelChanged,
    MemberAdded,
    MemberJoined,
    MemberLeft,
)
from workinggroups.groups.notifications.voters import VoterAsked, VoterEnded, VoterNamed


def register_notifications() -> None:
    register(
        GroupCreated,
        GroupAccessChanged,
        AdmissionRequested,
        AdmissionDecided,
        MemberJoined,
        MemberAdded,
        MemberLeft,
        LevelChanged,
        GroupInvited,
        OfficeGiven,
        OfficeEnded,
        ChairHandedOver,
        VoterNamed,
        VoterEnded,
        VoterAsked,
        CharterAdopted,
        ActionItemAssigned,
        ActionItemDue,
        ActionItemsHandedOver,
        ActionItemCommented,
        BreakGlassOpened,
    )
    register_scope_names(names_of_groups)
    register_mail(INVITATION_MAIL, render_invitation)
