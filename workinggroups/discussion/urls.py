from django.urls import path

from workinggroups.discussion import views

ROOM = "groups/<group_address:slug>/discussion/"
ONE = f"{ROOM}<int:number>/"
POST = f"{ONE}posts/<int:post>/"

urlpatterns = [
    path(ROOM, views.topic_list, name="topics"),
    path(f"{ROOM}start/", views.topic_start, name="topic-start"),
    path(ONE, views.topic, name="topic"),
    path(f"{ONE}lock/", views.topic_lock, name="topic-lock"),
    path(f"{ONE}unlock/", views.topic_unlock, name="topic-unlock"),
    path(f"{ONE}follow/", views.topic_follow, name="topic-follow"),
    path(f"{POST}edit/", views.post_edit, name="post-edit"),
    path(f"{POST}history/", views.post_history, name="post-history"),
    path(f"{POST}hide/", views.post_hide, name="post-hide"),
    path(f"{POST}show/", views.post_show, name="post-show"),
]
