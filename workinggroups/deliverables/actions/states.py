"""What an action begins and ends with: the table of states, the lock of the deliverable, the save.

A publication can be withdrawn in any state of its deliverable, whose state changes only if it is
published. A deliverable with a publication cannot be dropped.
"""

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import WrongState
from workinggroups.deliverables.choices import DeliverableState as S
from workinggroups.deliverables.models import Deliverable

# Verb: the states in which it is allowed, and the one it leads to (None: no change).
MOVES: dict[str, tuple[frozenset[S], S | None]] = {
    "save_text": (frozenset({S.DRAFT}), None),
    "add_file": (frozenset({S.DRAFT}), None),
    "remove_file": (frozenset({S.DRAFT}), None),
    "seal": (frozenset({S.DRAFT}), None),
    "revise": (frozenset({S.DRAFT, S.APPROVED, S.PUBLISHED, S.WITHDRAWN}), S.DRAFT),
    "open_review": (frozenset({S.DRAFT}), S.REVIEW),
    "add_comment": (frozenset({S.REVIEW}), None),
    "answer_comment": (frozenset({S.REVIEW}), None),
    "request_changes": (frozenset({S.REVIEW}), S.DRAFT),
    "end_review": (frozenset({S.REVIEW}), S.DRAFT),
    "approve": (frozenset({S.REVIEW}), S.APPROVED),
    "reject": (frozenset({S.REVIEW}), None),
    "publish": (frozenset({S.APPROVED}), S.PUBLISHED),
    "withdraw": (frozenset({S.PUBLISHED}), S.WITHDRAWN),
    "drop": (frozenset({S.DRAFT, S.REVIEW, S.APPROVED}), S.DROPPED),
    "resume": (frozenset({S.DROPPED}), S.DRAFT),
}

WAY_OUT: dict[str, str | Promise] = {
    "save_text": gettext_lazy("Start a new revision to change the text."),
    "add_file": gettext_lazy("Start a new revision to change its files."),
    "remove_file": gettext_lazy("Start a new revision to change its files."),
    "seal": gettext_lazy("You can only seal the open revision of a draft."),
    "revise": gettext_lazy("If it is in review, the chairs must request changes first."),
    "open_review": gettext_lazy("You can only open a review of a draft."),
    "add_comment": gettext_lazy("You can only comment while it is in review."),
    "answer_comment": gettext_lazy("You can only answer comments while it is in review."),
    "request_changes": gettext_lazy("You can only request changes while it is in review."),
    "end_review": gettext_lazy("You can only end a review that is open."),
    "approve": gettext_lazy("Open a review first. You can only approve what has been reviewed."),
    "reject": gettext_lazy("Open a review first. You can only decide on what has been reviewed."),
    "publish": gettext_lazy("Its last revision must be approved first."),
    "withdraw": gettext_lazy("You can only withdraw what is published."),
    "drop": gettext_lazy(
        "You cannot drop a deliverable that has been published. Withdraw the publication instead."
    ),
    "resume": gettext_lazy("You can only resume a deliverable that was dropped."),
}


def may_start(deliverable: Deliverable, verb: str) -> bool:
    """Return whether the verb is allowed in the deliverable's state."""
    return deliverable.state in MOVES[verb][0]


def check(deliverable: Deliverable, verb: str) -> None:
    """Raise WrongState, with the state and what to do instead, unless the verb is allowed."""
    if not may_start(deliverable, verb):
        raise WrongState(
            _("The status of “%(title)s” is “%(state)s”. %(way_out)s")
            % {
                "title": deliverable.title,
                "state": deliverable.get_state_display(),
                "way_out": WAY_OUT[verb],
            }
        )


def move(deliverable: Deliverable, verb: str) -> None:
    """Set the state the verb leads to; `touch` saves it. The caller holds the deliverable's lock."""
    check(deliverable, verb)
    deliverable.state = MOVES[verb][1] or deliverable.state


def touch(deliverable: Deliverable, *fields: str) -> None:
    """Save these fields with a new version."""
    deliverable.changed_at = timezone.now()
    deliverable.version += 1
    deliverable.save(update_fields=[*fields, "changed_at", "version"])


def lock(deliverable: Deliverable) -> Deliverable:
    """Lock the row until the transaction ends; return it as it is now.

    Every action takes this lock first, so that actions on one deliverable run one after another.
    """
    rows = Deliverable.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("group__focus_area").get(pk=deliverable.pk)
