"""Routes of pages that belong to no app or to several."""

from django.conf import settings
from django.urls import URLPattern, path

from alliance.portal.views import (
    appearance,
    audit_log,
    components,
    files,
    group,
    my_work,
    overview,
    pages,
    people,
    provenance,
    search,
    text_changes,
)
from catalogue.urls import VERSION, WORK
from catalogue.views.publications import publication

urlpatterns: list[URLPattern] = [
    path("", pages.home, name="home"),
    path("appearance/", appearance.appearance, name="appearance"),
    path("developers/", pages.api_page, name="developers"),
    path("groups/<group_address:slug>/", group.group, name="group"),
    path(
        "groups/<group_address:slug>/meetings/<meeting_address:address>/",
        group.meeting,
        name="meeting",
    ),
    path(WORK, publication, name="publication"),
    path(VERSION, publication, name="publication-version"),
    path("people/<uuid:uuid>/", people.person, name="person"),
    path("directory/", people.directory, name="directory"),
    path("my/", my_work.my_work, name="my-work"),
    path("pages/<slug:slug>/", pages.site_text, name="site-text"),
    path("record/", audit_log.record, name="record"),
    path("record/own/", audit_log.own_acts, name="own-acts"),
    path("staff/record/", audit_log.all_acts, name="staff-record"),
    path("staff/record/export/", audit_log.export_acts, name="staff-record-export"),
    path("search/", search.search, name="search"),
    path("why/decision/<uuid:uuid>/", provenance.of_decision, name="why-decision"),
    path("why/deliverable/<uuid:uuid>/", provenance.of_deliverable, name="why-deliverable"),
    path("why/publication/<uuid:uuid>/", provenance.of_publication, name="why-publication"),
    path("staff/", overview.overview, name="staff"),
    path("staff/files/", files.failed_files, name="staff-files"),
    path("staff/files/pdf/", files.pdf_files, name="staff-pdf-files"),
    path("staff/files/retry/", files.file_retry_all, name="staff-files-retry-all"),
    path("staff/files/<uuid:uuid>/", files.file_retry, name="staff-file-retry"),
    path("staff/mail/", overview.mail_log, name="staff-mail"),
    path("staff/mail/release/", overview.mail_release, name="staff-mail-release"),
    path("staff/mail/retry/", overview.mail_retry_all, name="staff-mail-retry-all"),
    path("staff/mail/<uuid:uuid>/", overview.mail_retry, name="staff-mail-retry"),
    path("text-changes/", text_changes.text_changes, name="text-changes"),
    path("text-changes/<uuid:uuid>/", text_changes.text_change, name="text-change"),
    path("text-changes/<uuid:uuid>/seen/", text_changes.text_change_seen, name="text-change-seen"),
    path("staff/texts/", pages.site_texts, name="staff-texts"),
    path("staff/texts/<slug:slug>/", pages.edit, name="staff-text"),
]
if settings.DEVELOPMENT or settings.TESTING:
    # The page that shows every component, for work on the theme.
    urlpatterns.append(path("components/", components.components, name="components"))
