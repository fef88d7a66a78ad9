"""Routes of the public member list, of each organization, and of staff's pages about them."""

from django.urls import URLPattern, path

from members.organizations.views import member_list, organization, staff

ORGANIZATION = "members/<organization_address:slug>/"

urlpatterns: list[URLPattern] = [
    path("members/", member_list.member_list, name="members"),
    path("members/csv/", member_list.members_csv, name="members-csv"),
    path(ORGANIZATION, organization.organization, name="organization"),
    path(f"{ORGANIZATION}people/", organization.people, name="organization-people"),
    path(
        f"{ORGANIZATION}people/<uuid:uuid>/end/",
        organization.end_affiliation,
        name="organization-end-affiliation",
    ),
    path(f"{ORGANIZATION}representatives/", organization.appoint, name="organization-appoint"),
    path(
        f"{ORGANIZATION}representatives/<uuid:uuid>/end/",
        organization.dismiss,
        name="organization-dismiss",
    ),
    path(f"{ORGANIZATION}address/", staff.address, name="organization-address"),
    path(f"{ORGANIZATION}legal-name/", staff.legal_name, name="organization-legal-name"),
    path(f"{ORGANIZATION}edit/", organization.edit, name="organization-edit"),
    path(f"{ORGANIZATION}membership/", staff.membership, name="organization-membership"),
    path(f"{ORGANIZATION}relations/", staff.relations, name="organization-relations"),
    path(
        f"{ORGANIZATION}relations/<uuid:uuid>/end/",
        staff.end_relation,
        name="organization-end-relation",
    ),
    path("staff/organizations/", staff.organizations, name="staff-organizations"),
    path("staff/import/", staff.import_members, name="staff-import"),
    path("staff/import/confirm/", staff.import_confirm, name="staff-import-confirm"),
]
