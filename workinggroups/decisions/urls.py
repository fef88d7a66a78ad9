from django.urls import path

from workinggroups.decisions.views import decisions as views

BASE = "groups/<group_address:slug>/decisions/"

urlpatterns = [
    path(BASE, views.register, name="decisions"),
    path(f"{BASE}new/", views.record, name="decision-new"),
    path(f"{BASE}<int:number>/", views.decision, name="decision"),
    path(f"{BASE}<int:number>/meetings/", views.decision_meetings, name="decision-meetings"),
    path(f"{BASE}<int:number>/supersede/", views.supersede, name="decision-supersede"),
    path(f"{BASE}<int:number>/rescind/", views.rescind, name="decision-rescind"),
]
