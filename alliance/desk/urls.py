from django.urls import path

from alliance.desk.views import my_work, overview, site_texts

urlpatterns = [
    path("my/", my_work.my_work, name="my-work"),
    path("pages/<slug:slug>/", site_texts.site_text, name="site-text"),
    path("staff/", overview.overview, name="staff"),
    path("staff/mail/", overview.mail_log, name="staff-mail"),
    path("staff/mail/<uuid:uuid>/", overview.mail_retry, name="staff-mail-retry"),
    path("staff/texts/", site_texts.site_texts, name="staff-texts"),
    path("staff/texts/<slug:slug>/", site_texts.edit, name="staff-text"),
]
