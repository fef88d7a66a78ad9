from django.urls import path

from workinggroups.deliverables import views

BASE = "groups/<group_address:slug>/deliverables/"
ONE = f"{BASE}<int:number>/"
REVISION = f"{ONE}revisions/<int:revision>/"
COMMENT = f"{ONE}comments/<uuid:uuid>/"

urlpatterns = [
    path(BASE, views.deliverables, name="deliverables"),
    path(f"{BASE}new/", views.create, name="deliverable-new"),
    path(ONE, views.deliverable, name="deliverable"),
    path(f"{ONE}details/", views.details, name="deliverable-details"),
    path(f"{ONE}people/", views.people, name="deliverable-people"),
    path(f"{ONE}people/<uuid:uuid>/release/", views.release, name="deliverable-release"),
    path(f"{ONE}authors/", views.authors, name="deliverable-authors"),
    path(f"{ONE}text/", views.text, name="deliverable-text"),
    path(f"{ONE}files/", views.files, name="deliverable-files"),
    path(f"{ONE}files/<str:name>/remove/", views.remove, name="deliverable-file-remove"),
    path(f"{ONE}seal/", views.seal, name="deliverable-seal"),
    path(f"{ONE}revise/", views.revise, name="deliverable-revise"),
    path(f"{ONE}drop/", views.drop, name="deliverable-drop"),
    path(f"{ONE}resume/", views.resume, name="deliverable-resume"),
    path(f"{ONE}review/", views.open_review, name="deliverable-review"),
    path(f"{ONE}changes/", views.request_changes, name="deliverable-changes"),
    path(f"{ONE}approve/", views.approve, name="deliverable-approve"),
    path(f"{ONE}publish/", views.publish, name="deliverable-publish"),
    path(REVISION, views.revision, name="revision"),
    path(f"{REVISION}files/<str:name>", views.download, name="revision-file"),
    path(f"{REVISION}figures/<str:name>", views.figure, name="revision-figure"),
    path(f"{ONE}comments/", views.comment, name="deliverable-comment"),
    path(f"{COMMENT}answer/", views.answer, name="comment-answer"),
    path(f"{COMMENT}settled/", views.settled, name="comment-settled"),
    path(f"{COMMENT}withdraw/", views.withdraw_comment, name="comment-withdraw"),
]
