"""The pages of deliverables."""

from workinggroups.deliverables.views.drafting import (
    create,
    details,
    drop,
    files,
    remove,
    resume,
    revise,
    seal,
    text,
)
from workinggroups.deliverables.views.people import authors, people, release
from workinggroups.deliverables.views.publishing import publish
from workinggroups.deliverables.views.reading import (
    deliverable,
    deliverables,
    download,
    figure,
    revision,
)
from workinggroups.deliverables.views.reviewing import (
    answer,
    approve,
    comment,
    open_review,
    request_changes,
    settled,
    withdraw_comment,
)

__all__ = [
    "answer",
    "approve",
    "authors",
    "comment",
    "create",
    "deliverable",
    "deliverables",
    "details",
    "download",
    "drop",
    "figure",
    "files",
    "open_review",
    "people",
    "publish",
    "release",
    "remove",
    "request_changes",
    "resume",
    "revise",
    "revision",
    "seal",
    "settled",
    "text",
    "withdraw_comment",
]
