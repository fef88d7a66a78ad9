"""Addresses of groups. A group's home shows several apps, so it is in `alliance/portal/urls.py`."""

from django.urls import URLPattern, URLResolver, include, path

from workinggroups.groups.views import (
    action_items,
    charter,
    comments,
    directory,
    invitations,
    item_lists,
    people,
    settings,
    staff,
    taking_part,
    voters,
)

in_group: list[URLPattern] = [
    path("join/", taking_part.join, name="group-join"),
    path("join/withdraw/", taking_part.withdraw, name="group-withdraw-request"),
    path("leave/", taking_part.leave, name="group-leave"),
    path("people/", people.people, name="group-people"),
    path("people/add/", invitations.add, name="group-add-member"),
    path("people/hand-over/", people.hand_over, name="group-hand-over"),
    path("people/<uuid:uuid>/", people.member, name="group-member"),
    path("people/<uuid:uuid>/remove/", people.remove, name="group-remove-member"),
    path("people/<uuid:uuid>/appoint/", people.appoint, name="group-appoint"),
    path("people/<uuid:uuid>/release/", people.release, name="group-release"),
    path(
        "people/invitations/<uuid:uuid>/withdraw/",
        invitations.withdraw,
        name="group-invitation-withdraw",
    ),
    path("people/voters/<uuid:uuid>/", voters.edit_in_group, name="group-voters-edit"),
    path("people/voters/<uuid:uuid>/ask/", voters.ask, name="group-voters-ask"),
    path("requests/<uuid:uuid>/approve/", people.approve, name="group-approve-request"),
    path("requests/<uuid:uuid>/decline/", people.decline, name="group-decline-request"),
    path("charter/", charter.charter, name="group-charter"),
    path("charter/<int:number>/", charter.version, name="group-charter-version"),
    path("charter/draft/", charter.draft, name="group-charter-draft"),
    path("charter/draft/edit/", charter.edit, name="group-charter-edit"),
    path("address/", settings.address, name="group-address"),
    path("settings/", settings.settings, name="group-settings"),
    path("openings/", people.openings, name="group-openings"),
    path("milestones/", settings.milestones, name="group-milestones"),
    path("milestones/<uuid:uuid>/reach/", settings.reach_milestone, name="group-milestone-reach"),
    path("milestones/<uuid:uuid>/drop/", settings.drop, name="group-milestone-drop"),
    path("actions/", item_lists.group_items, name="group-actions"),
    path("actions/csv/", item_lists.group_items_csv, name="group-actions-csv"),
    path("actions/new/", action_items.new, name="action-new"),
    path("actions/<int:number>/", action_items.action_item, name="action-item"),
    path("actions/<int:number>/close/", action_items.close, name="action-close"),
    path("actions/<int:number>/drop/", action_items.drop, name="action-drop"),
    path("actions/<int:number>/reopen/", action_items.reopen, name="action-reopen"),
    path("actions/<int:number>/comments/", comments.add, name="action-comment"),
    path(
        "actions/<int:number>/comments/<int:comment_number>/edit/",
        comments.edit,
        name="action-comment-edit",
    ),
    path(
        "actions/<int:number>/comments/<int:comment_number>/history/",
        comments.history,
        name="action-comment-history",
    ),
    path(
        "actions/<int:number>/comments/<int:comment_number>/hide/",
        comments.hide,
        name="action-comment-hide",
    ),
    path(
        "actions/<int:number>/comments/<int:comment_number>/show/",
        comments.show,
        name="action-comment-show",
    ),
]

# Not below the group's address, which an invited person may not be able to see.
for_the_invited: list[URLPattern] = [
    path("<uuid:uuid>/", invitations.invitation, name="group-invitation"),
    path("<uuid:uuid>/decline/", invitations.decline, name="group-invitation-decline"),
]

of_organization: list[URLPattern] = [
    path("voters/", voters.of_organization, name="organization-voters"),
    path("voters/<uuid:uuid>/", voters.edit_for_organization, name="organization-voters-edit"),
]

for_staff: list[URLPattern] = [
    path("", staff.groups, name="staff-groups"),
    path("new/", staff.new, name="staff-group-new"),
    path("<uuid:uuid>/", staff.group, name="staff-group"),
    path("<uuid:uuid>/chair/", staff.chair, name="staff-group-chair"),
    path("<uuid:uuid>/conclude/", staff.conclude, name="staff-group-conclude"),
    path("<uuid:uuid>/reopen/", staff.reopen, name="staff-group-reopen"),
    path("<uuid:uuid>/break-glass/", staff.break_glass, name="staff-break-glass"),
    path("<uuid:uuid>/break-glass/end/", staff.end_break_glass, name="staff-break-glass-end"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("groups/", directory.groups, name="groups"),
    path("groups/<group_address:slug>/", include(in_group)),
    path("my/action-items/", item_lists.own_items, name="own-action-items"),
    path("my/action-items/csv/", item_lists.own_items_csv, name="own-action-items-csv"),
    path("group-invitations/", include(for_the_invited)),
    path("members/<organization_address:slug>/", include(of_organization)),
    # A voter may see the group's people or only the organization's page.
    path("voters/<uuid:uuid>/remove/", voters.remove, name="voter-remove"),
    path("staff/groups/", include(for_staff)),
]
