from django.urls import path

from workinggroups.discussion import views

DISCUSSION = "groups/<group_address:slug>/discussion/"
TOPIC = f"{DISCUSSION}<int:number>/"
POST = f"{TOPIC}posts/<int:post_number>/"

urlpatterns = [
    path(DISCUSSION, views.topic_list, name="topics"),
    path(f"{DISCUSSION}start/", views.topic_start, name="topic-start"),
    path(TOPIC, views.topic, name="topic"),
    path(f"{TOPIC}lock/", views.topic_lock, name="topic-lock"),
    path(f"{TOPIC}unlock/", views.topic_unlock, name="topic-unlock"),
    path(f"{TOPIC}follow/", views.topic_follow, name="topic-follow"),
    path(f"{POST}edit/", views.post_edit, name="post-edit"),
    path(f"{POST}history/", views.post_history, name="post-history"),
    path(f"{POST}hide/", views.post_hide, name="post-hide"),
    path(f"{POST}show/", views.post_show, name="post-show"),
]
