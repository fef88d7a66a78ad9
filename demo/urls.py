from django.urls import path

from demo import views

urlpatterns = [path("dev/sign-in/", views.sign_in, name="development_sign_in")]
