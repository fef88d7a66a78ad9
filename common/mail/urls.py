from django.urls import path

from common.mail import views

urlpatterns = [
    path("mailbox/", views.mailbox_list, name="mailbox"),
    path("mailbox/<str:name>/", views.letter, name="mailbox_letter"),
]
