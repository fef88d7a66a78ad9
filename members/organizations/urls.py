"""Routes of the public member list, of each organization, and of staff's pages about them."""

from django.urls import URLPattern, URLResolver, include, path

from members.organizations.views import member_list, organization, staff

one_organization: list[URLPattern] = [
    path("", organization.organization, name="organization"),
    path("people/", organization.people, name="organization-people"),
    path(
        "people/<uuid:uuid>/end/", organization.end_affiliation, name="organization-end-affiliation"
    ),
    path("representatives/", organization.appoint, name="organization-appoint"),
    path("representatives/<uuid:uuid>/end/", organization.dismiss, name="organization-dismiss"),
    path("address/", staff.address, name="organization-address"),
    path("legal-name/", staff.legal_name, name="organization-legal-name"),
    path("edit/", organization.edit, name="organization-edit"),
    path("membership/", staff.membership, name="organization-membership"),
    path("relations/", staff.relations, name="organization-relations"),
    path("relations/<uuid:uuid>/end/", staff.end_relation, name="organization-end-relation"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("members/", member_list.member_list, name="members"),
    path("members/csv/", member_list.members_csv, name="members-csv"),
    path("members/<organization_address:slug>/", include(one_organization)),
    path("staff/organizations/", staff.organizations, name="staff-organizations"),
    path("staff/import/", staff.import_members, name="staff-import"),
    path("staff/import/confirm/", staff.import_confirm, name="staff-import-confirm"),
]
