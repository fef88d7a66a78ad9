"""URLs of applications, invitations, agreements, and the queue of staff."""

from django.urls import URLPattern, URLResolver, include, path

from members.onboarding.views import agreements, application, invitations, joining, queue

own_application: list[URLPattern] = [
    path("", application.application, name="application"),
    path("send/", application.send, name="application-send"),
    path("withdraw/", application.withdraw, name="application-withdraw"),
    path("<slug:code>/", application.step, name="application-step"),
]

of_organization: list[URLPattern] = [
    path("invitations/", invitations.organization_invitations, name="organization-invitations"),
    path("invitations/<uuid:uuid>/revoke/", invitations.revoke, name="invitation-revoke"),
    path("invitations/<uuid:uuid>/resend/", invitations.resend, name="invitation-resend"),
    path("agreements/", agreements.organization_agreements, name="organization-agreements"),
]

# What staff do with one application.
screened: list[URLPattern] = [
    path("", queue.application, name="staff-application"),
    path("take/", queue.begin_screening, name="staff-application-take"),
    path("owner/", queue.owner, name="staff-application-owner"),
    path("checks/<slug:code>/", queue.check, name="staff-application-check"),
    path("notes/", queue.note, name="staff-application-note"),
    path("compare/", queue.compare, name="staff-application-compare"),
    path("approve/", queue.approve, name="staff-application-approve"),
    path("reject/", queue.reject, name="staff-application-reject"),
]

staff_agreement: list[URLPattern] = [
    path("", agreements.staff_agreement, name="staff-agreement"),
    path("in-force/", agreements.put_in_force, name="staff-agreement-in-force"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("join/", joining.join, name="join"),
    path("join/start/", joining.start, name="join-start"),
    path("join/code/", joining.code, name="join-code"),
    path("join/applications/", joining.own_applications, name="applications"),
    path("join/<uuid:uuid>/", include(own_application)),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("invitations/<str:token>/code/", invitations.invitation_code, name="invitation-code"),
    path("members/<organization_address:slug>/", include(of_organization)),
    path("agreements/", agreements.agreement_list, name="agreements"),
    path("agreements/<slug:kind>/", agreements.agreement, name="agreement"),
    path(
        "agreements/<slug:kind>/<int:number>/",
        agreements.agreement_version,
        name="agreement-version",
    ),
    path("settings/agreements/", agreements.own_agreements, name="own-agreements"),
    path("staff/applications/", queue.applications_queue, name="staff-applications"),
    path("staff/applications/<slug:number>/", include(screened)),
    path("staff/agreements/", agreements.staff_agreements, name="staff-agreements"),
    path("staff/agreements/<slug:kind>/", include(staff_agreement)),
]
