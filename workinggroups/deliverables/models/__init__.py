"""Deliverables, their revisions and review comments, and publications."""

from workinggroups.deliverables.models.comments import ReviewComment
from workinggroups.deliverables.models.deliverables import (
    Authorship,
    Deliverable,
    DeliverableQuerySet,
    Editorship,
)
from workinggroups.deliverables.models.publications import Publication, Series
from workinggroups.deliverables.models.revisions import Revision, RevisionFile
