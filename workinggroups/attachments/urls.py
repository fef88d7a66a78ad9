from django.urls import path

from workinggroups.attachments import views

PLACE = "groups/<group_address:slug>/attachments/<slug:kind>/<uuid:uuid>/"

urlpatterns = [
    path(PLACE, views.attachments, name="attachments"),
    path(f"{PLACE}files/<str:name>", views.download, name="attachment-file"),
    path(f"{PLACE}figures/<str:name>", views.figure, name="attachment-figure"),
    path(f"{PLACE}files/<str:name>/remove/", views.remove, name="attachment-remove"),
]
