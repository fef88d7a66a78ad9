"""Every change of a deliverable; `states.py` has the states that each leads from and to."""

from workinggroups.deliverables.actions.approval import approve, reject
from workinggroups.deliverables.actions.drafting import (
    add_file,
    create_deliverable,
    drop,
    edit_details,
    remove_file,
    resume,
    revise,
    save_text,
    seal,
)
from workinggroups.deliverables.actions.people import name_authors, name_editor, release_editor
from workinggroups.deliverables.actions.publishing import publish, withdraw
from workinggroups.deliverables.actions.reviewing import (
    add_comment,
    answer_comment,
    open_review,
    request_changes,
    say_settled,
    withdraw_comment,
)

__all__ = [
    "add_comment",
    "add_file",
    "answer_comment",
    "approve",
    "create_deliverable",
    "drop",
    "edit_details",
    "name_authors",
    "name_editor",
    "open_review",
    "publish",
    "reject",
    "release_editor",
    "remove_file",
    "request_changes",
    "resume",
    "revise",
    "save_text",
    "say_settled",
    "seal",
    "withdraw",
    "withdraw_comment",
]
