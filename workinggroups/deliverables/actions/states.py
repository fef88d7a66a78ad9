"""From which state each verb goes, and to which: the table of `actions` as data."""

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import WrongState
from workinggroups.deliverables.choices import DeliverableState as S
from workinggroups.deliverables.models import Deliverable

# Verb: the states it may start from, and the one it leads to (None: it stays).
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
    "approve": (frozenset({S.REVIEW}), S.APPROVED),
    "publish": (frozenset({S.APPROVED}), S.PUBLISHED),
    "withdraw": (frozenset({S.PUBLISHED}), S.WITHDRAWN),
    "drop": (frozenset({S.DRAFT, S.REVIEW, S.APPROVED}), S.DROPPED),
    "resume": (frozenset({S.DROPPED}), S.DRAFT),
}

WAY_OUT: dict[str, str | Promise] = {
    "save_text": gettext_lazy("Begin a new revision to change the text."),
    "add_file": gettext_lazy("Begin a new revision to change its files."),
    "remove_file": gettext_lazy("Begin a new revision to change its files."),
    "seal": gettext_lazy("Only the open revision of a draft is sealed."),
    "revise": gettext_lazy("While it is in review, the chairs ask for changes first."),
    "open_review": gettext_lazy("Only a draft is offered for review."),
    "add_comment": gettext_lazy("Comments are taken while it is in review."),
    "answer_comment": gettext_lazy("Comments are answered while it is in review."),
    "request_changes": gettext_lazy("Changes are asked for while it is in review."),
    "approve": gettext_lazy("Offer it for review first; what was reviewed can be approved."),
    "publish": gettext_lazy("It needs an approval of its last revision first."),
    "withdraw": gettext_lazy("Only what is published is withdrawn."),
    "drop": gettext_lazy("What was published is withdrawn, not dropped."),
    "resume": gettext_lazy("Only what was dropped is taken up again."),
}


def may_start(deliverable: Deliverable, verb: str) -> bool:
    """The verb starts from where the deliverable is."""
    return deliverable.state in MOVES[verb][0]


def check(deliverable: Deliverable, verb: str) -> None:
    """Raises WrongState, saying how it stands and the way out, unless the verb may start here."""
    if not may_start(deliverable, verb):
        raise WrongState(
            _("“%(title)s” stands at: %(state)s. %(way_out)s")
            % {
                "title": deliverable.title,
                "state": deliverable.get_state_display(),
                "way_out": WAY_OUT[verb],
            }
        )


def move(deliverable: Deliverable, verb: str) -> None:
    """The deliverable is where the verb leads, unsaved. The caller holds its lock."""
    check(deliverable, verb)
    target = MOVES[verb][1]
    if target:
        deliverable.state = target
    deliverable.changed_at = timezone.now()
    deliverable.version += 1


def locked(deliverable: Deliverable) -> Deliverable:
    """The deliverable as it stands now, locked until the transaction ends.

    Every action takes this lock first, so two verbs on one deliverable happen one after the other.
    """
    rows = Deliverable.objects.select_for_update(of=("self",), no_key=True)
    found: Deliverable = rows.select_related("group__focus_area").get(pk=deliverable.pk)
    return found
