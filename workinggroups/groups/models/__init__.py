"""The working group, its charter, its people, its milestones and its action items."""

from workinggroups.groups.models.action_items import ActionItem, ActionItemEdit, ActionItemOwner
from workinggroups.groups.models.admission import AdmissionRequest, GroupInvitation
from workinggroups.groups.models.break_glass import BreakGlass, BreakGlassRead
from workinggroups.groups.models.charters import CharterVersion
from workinggroups.groups.models.comments import ActionItemComment, ActionItemCommentEdit
from workinggroups.groups.models.groups import Group
from workinggroups.groups.models.milestones import Milestone
from workinggroups.groups.models.participation import Office, Participation, Seat
from workinggroups.groups.models.voters import VoterRequest, VotingRepresentative
