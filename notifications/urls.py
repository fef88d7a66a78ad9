from django.urls import path

from notifications import views

urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.read_all, name="inbox-read-all"),
    path("inbox/<uuid:event_uuid>/", views.open_notification, name="inbox-open"),
    path("settings/notices/", views.settings, name="notices-settings"),
    path("notices/stop/<str:token>/", views.stop, name="notices-stop"),
]
