from django.urls import path

from workinggroups.deliverables.views import drafting, people, publishing, reading, reviewing

BASE = "groups/<group_address:slug>/deliverables/"
ONE = f"{BASE}<int:number>/"
REVISION = f"{ONE}revisions/<int:revision>/"
COMMENT = f"{ONE}comments/<uuid:uuid>/"

urlpatterns = [
    path(BASE, reading.deliverables, name="deliverables"),
    path(f"{BASE}new/", drafting.create, name="deliverable-new"),
    path(ONE, reading.deliverable, name="deliverable"),
    path(f"{ONE}meetings/", reading.deliverable_meetings, name="deliverable-meetings"),
    path(f"{ONE}details/", drafting.details, name="deliverable-details"),
    path(f"{ONE}people/", people.people, name="deliverable-people"),
    path(f"{ONE}people/<uuid:uuid>/release/", people.release, name="deliverable-release"),
    path(f"{ONE}authors/", people.authors, name="deliverable-authors"),
    path(f"{ONE}text/", drafting.text, name="deliverable-text"),
    path(f"{ONE}files/", drafting.files, name="deliverable-files"),
    path(f"{ONE}files/<str:name>/remove/", drafting.remove, name="deliverable-file-remove"),
    path(f"{ONE}seal/", drafting.seal, name="deliverable-seal"),
    path(f"{ONE}revise/", drafting.revise, name="deliverable-revise"),
    path(f"{ONE}drop/", drafting.drop, name="deliverable-drop"),
    path(f"{ONE}resume/", drafting.resume, name="deliverable-resume"),
    path(f"{ONE}review/", reviewing.open_review, name="deliverable-review"),
    path(f"{ONE}changes/", reviewing.request_changes, name="deliverable-changes"),
    path(f"{ONE}approve/", reviewing.approve, name="deliverable-approve"),
    path(f"{ONE}publish/", publishing.publish, name="deliverable-publish"),
    path(REVISION, reading.revision, name="revision"),
    path(f"{REVISION}files/<str:name>", reading.download, name="revision-file"),
    path(f"{REVISION}figures/<str:name>", reading.figure, name="revision-figure"),
    path(f"{ONE}comments/", reviewing.comment, name="deliverable-comment"),
    path(f"{COMMENT}answer/", reviewing.answer, name="comment-answer"),
    path(f"{COMMENT}settled/", reviewing.settled, name="comment-settled"),
    path(f"{COMMENT}withdraw/", reviewing.withdraw_comment, name="comment-withdraw"),
]
