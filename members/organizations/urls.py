"""Routes of the public member list, of each organization, and of staff's pages about them."""

from django.urls import URLPattern, path

from members.organizations.views import member_list, organization, staff

urlpatterns: list[URLPattern] = [
    path("members/", member_list.member_list, name="members"),
    path("members/csv/", member_list.members_csv, name="members-csv"),
    path("members/<organization_address:slug>/", organization.organization, name="organization"),
    path(
        "members/<organization_address:slug>/people/",
        organization.people,
        name="organization-people",
    ),
    path(
        "members/<organization_address:slug>/people/<uuid:uuid>/end/",
        organization.end_affiliation,
        name="organization-end-affiliation",
    ),
    path(
        "members/<organization_address:slug>/representatives/",
        organization.appoint,
        name="organization-appoint",
    ),
    path(
        "members/<organization_address:slug>/representatives/<uuid:uuid>/end/",
        organization.dismiss,
        name="organization-dismiss",
    ),
    path(
        "members/<organization_address:slug>/address/", staff.address, name="organization-address"
    ),
    path(
        "members/<organization_address:slug>/legal-name/",
        staff.legal_name,
        name="organization-legal-name",
    ),
    path("members/<organization_address:slug>/edit/", organization.edit, name="organization-edit"),
    path(
        "members/<organization_address:slug>/membership/",
        staff.membership,
        name="organization-membership",
    ),
    path(
        "members/<organization_address:slug>/relations/",
        staff.relations,
        name="organization-relations",
    ),
    path(
        "members/<organization_address:slug>/relations/<uuid:uuid>/end/",
        staff.end_relation,
        name="organization-end-relation",
    ),
    path("staff/organizations/", staff.organizations, name="staff-organizations"),
    path("staff/import/", staff.import_members, name="staff-import"),
    path("staff/import/confirm/", staff.import_confirm, name="staff-import-confirm"),
]
