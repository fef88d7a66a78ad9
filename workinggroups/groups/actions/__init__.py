"""Every change of a group, by subject. Other apps call them from here."""

from workinggroups.groups.actions.action_items import (
    change_action_item,
    close_action_item,
    create_action_item,
    drop_action_item,
    reopen_action_item,
)
from workinggroups.groups.actions.admission import (
    approve_request,
    ask_to_join,
    decline_request,
    withdraw_request,
)
from workinggroups.groups.actions.break_glass import break_glass, end_break_glass
from workinggroups.groups.actions.charter import (
    adopt_charter,
    draft_charter,
    edit_charter,
    hold_charters,
)
from workinggroups.groups.actions.comments import (
    add_comment,
    edit_comment,
    hide_comment,
    show_comment,
)
from workinggroups.groups.actions.concluding import conclude_group, reopen_group
from workinggroups.groups.actions.groups import (
    choose_address,
    create_group,
    edit_group,
)
from workinggroups.groups.actions.invitations import (
    accept_invitation,
    decline_invitation,
    invite,
    withdraw_invitation,
)
from workinggroups.groups.actions.milestones import add_milestone, drop_milestone, reach_milestone
from workinggroups.groups.actions.offices import appoint, hand_over, release, set_chair
from workinggroups.groups.actions.participation import (
    add_member,
    change_level,
    join,
    leave,
    remove_member,
)
from workinggroups.groups.actions.reminders import remind_of_due_items
from workinggroups.groups.actions.voters import (
    ask_for_voter,
    end_lapsed_voters,
    name_voters,
    remove_voter,
)
