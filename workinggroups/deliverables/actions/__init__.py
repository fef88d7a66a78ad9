"""Every change of a deliverable, with the states it leads from and to.

    create_deliverable   —                                        → draft
    save_text            draft                                    = an open revision
    add_file             draft                                    = an open revision
    remove_file          draft                                    = an open revision
    seal                 draft                                    = the revision is sealed
    revise               draft, approved, published, withdrawn    → draft, with a new revision
    open_review          draft                                    → review, the revision sealed
    add_comment          review                                   =
    answer_comment       review                                   =
    request_changes      review                                   → draft, with a new revision
    approve              review                                   → approved, by a decision
    publish              approved                                 → published
    withdraw             published                                → withdrawn
    drop                 draft, review, approved, never published → dropped
    resume               dropped                                  → draft

`states.py` has the same table as data. A publication can be withdrawn in any state of its
deliverable, whose state changes only if it is published.
"""

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
    approve,
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
