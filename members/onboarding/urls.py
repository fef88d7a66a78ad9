"""URLs of applications, invitations, agreements, and the queue of staff."""

from django.urls import URLPattern, path

from members.onboarding.views import agreements, application, invitations, joining, queue

applying: list[URLPattern] = [
    path("join/", joining.join, name="join"),
    path("join/start/", joining.start, name="join-start"),
    path("join/code/", joining.code, name="join-code"),
    path("join/applications/", joining.own_applications, name="applications"),
    path("join/<uuid:uuid>/", application.application, name="application"),
    path("join/<uuid:uuid>/send/", application.send, name="application-send"),
    path("join/<uuid:uuid>/withdraw/", application.withdraw, name="application-withdraw"),
    path("join/<uuid:uuid>/<slug:code>/", application.step, name="application-step"),
]

invited: list[URLPattern] = [
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("invitations/<str:token>/code/", invitations.invitation_code, name="invitation-code"),
    path(
        "members/<organization_address:slug>/invitations/",
        invitations.organization_invitations,
        name="organization-invitations",
    ),
    path(
        "members/<organization_address:slug>/invitations/<uuid:uuid>/revoke/",
        invitations.revoke,
        name="invitation-revoke",
    ),
    path(
        "members/<organization_address:slug>/invitations/<uuid:uuid>/resend/",
        invitations.resend,
        name="invitation-resend",
    ),
]

texts: list[URLPattern] = [
    path("agreements/", agreements.agreement_list, name="agreements"),
    path("agreements/<slug:kind>/", agreements.agreement, name="agreement"),
    path(
        "agreements/<slug:kind>/<int:number>/",
        agreements.agreement_version,
        name="agreement-version",
    ),
    path("settings/agreements/", agreements.own_agreements, name="own-agreements"),
    path(
        "members/<organization_address:slug>/agreements/",
        agreements.organization_agreements,
        name="organization-agreements",
    ),
]

staff: list[URLPattern] = [
    path("staff/applications/", queue.applications_queue, name="staff-applications"),
    path("staff/applications/<slug:number>/", queue.application, name="staff-application"),
    path(
        "staff/applications/<slug:number>/take/",
        queue.begin_screening,
        name="staff-application-take",
    ),
    path("staff/applications/<slug:number>/owner/", queue.owner, name="staff-application-owner"),
    path(
        "staff/applications/<slug:number>/checks/<slug:code>/",
        queue.check,
        name="staff-application-check",
    ),
    path("staff/applications/<slug:number>/notes/", queue.note, name="staff-application-note"),
    path(
        "staff/applications/<slug:number>/compare/",
        queue.compare,
        name="staff-application-compare",
    ),
    path(
        "staff/applications/<slug:number>/approve/",
        queue.approve,
        name="staff-application-approve",
    ),
    path(
        "staff/applications/<slug:number>/reject/",
        queue.reject,
        name="staff-application-reject",
    ),
    path("staff/agreements/", agreements.staff_agreements, name="staff-agreements"),
    path("staff/agreements/<slug:kind>/", agreements.staff_agreement, name="staff-agreement"),
    path(
        "staff/agreements/<slug:kind>/in-force/",
        agreements.put_in_force,
        name="staff-agreement-in-force",
    ),
]

urlpatterns: list[URLPattern] = [*applying, *invited, *texts, *staff]
