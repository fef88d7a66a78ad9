"""Forms about groups. They check the input; actions decide what happens."""

from workinggroups.groups.forms.action_items import (
    ActionItemForm,
    ChangeActionItemForm,
    CommentForm,
    EditCommentForm,
    HideCommentForm,
    LeaveForm,
)
from workinggroups.groups.forms.groups import (
    BreakGlassForm,
    ConcludeForm,
    GroupForm,
    MilestoneForm,
    NewGroupForm,
)
from workinggroups.groups.forms.participation import (
    AcceptInvitationForm,
    AskToJoinForm,
    ChairForm,
    DeclineForm,
    InviteForm,
    JoinForm,
    LevelForm,
    OfficeForm,
    PersonForm,
)
