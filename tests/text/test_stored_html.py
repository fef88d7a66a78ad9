"""Stored HTML is derived: it names its renderer, and the seal stands over everything else."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from alliance.portal.actions import edit_site_text
from alliance.portal.models import SiteText
from common.text.markdown import RENDERER_VERSION
from common.text.registry import stored_texts
from common.text.rendered import HTML_FIELDS, RenderedText
from members.onboarding.actions import agreements
from members.people.models import Person
from tests import factories
from tests.factories import works
from tests.text.stored import make_old
from workinggroups.deliverables import actions as deliverables
from workinggroups.deliverables.actions.drafting import open_next
from workinggroups.deliverables.queries import last_revision
from workinggroups.discussion import actions as discussion
from workinggroups.groups.actions.charter import draft_charter, edit_charter
from workinggroups.groups.models import Group
from workinggroups.groups.rules import DEFAULT

# Another value of the same type that fits the column, by the name that PostgreSQL gives the type.
OTHER = {
    "bigint": "coalesce({0}, 0) + 1",
    "integer": "coalesce({0}, 0) + 1",
    "smallint": "coalesce({0}, 0) + 1",
    "boolean": "NOT coalesce({0}, false)",
    "uuid": "gen_random_uuid()",
    "text": "CASE left({0}, 1) WHEN 'x' THEN 'y' ELSE 'x' END || coalesce(substr({0}, 2), '')",
    "date": "coalesce({0}, current_date) + 1",
    "timestamp with time zone": "coalesce({0}, now()) + interval '1 day'",
    "jsonb": """'{{"other": 1}}'::jsonb""",
}
OTHER["character varying"] = OTHER["text"]
REFUSED = {"23000", "23001"}  # what our triggers raise; a constraint has another code


def columns(table: str) -> dict[str, str]:
    """The columns of the table as it is now, each with its type."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = %s",
            [table],
        )
        return dict(cursor.fetchall())


def update(row: RenderedText, column: str, value: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE {row._meta.db_table} SET "{column}" = {value} WHERE id = %s',
            [row.pk],
        )


@pytest.fixture
def fixed(chair: Person, group: Group) -> dict[str, RenderedText]:
    """One row of each kind whose words can never change."""
    return {
        "sealed revision": last_revision(works.in_review(chair, group)),
        "agreement in force": factories.agreement("membership"),
        "decision": works.decision(chair, group),
        "approved minutes": factories.notes(factories.past_meeting(group), author=chair),
    }


@pytest.mark.parametrize(
    ("name", "also_free"),
    [
        ("sealed revision", set()),
        ("agreement in force", set()),
        # A later decision changes its standing, and the group its readers.
        ("decision", {"state", "replaced_by_id", "level"}),
        ("approved minutes", set()),
    ],
)
def test_a_fixed_row_lets_its_html_change_and_no_other_column(
    fixed: dict[str, RenderedText], name: str, also_free: set[str]
) -> None:
    row = fixed[name]
    types = columns(row._meta.db_table)
    guarded = set(types) - set(HTML_FIELDS) - also_free

    codes = {}
    for column in guarded:
        with pytest.raises(DatabaseError) as refusal:
            update(row, column, OTHER[types[column]].format(f'"{column}"'))
        codes[column] = refusal.value.__cause__.pgcode  # type: ignore[union-attr]

    assert {column: code for column, code in codes.items() if code not in REFUSED} == {}
    for column in HTML_FIELDS:
        update(row, column, OTHER[types[column]].format(f'"{column}"'))


def test_a_column_that_is_added_later_is_refused_by_itself(fixed: dict[str, RenderedText]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for row in fixed.values():
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {row._meta.db_table} ADD COLUMN added_later integer")

        with pytest.raises(DatabaseError, match=r"refused|stays as it is"):
            update(row, "added_later", "1")


def test_every_model_with_html_names_its_renderer_and_is_rendered_again() -> None:
    with_html = {
        model
        for model in apps.get_models()
        if {"html", "source"} <= {field.name for field in model._meta.get_fields()}
    }

    assert {model for model in with_html if not issubclass(model, RenderedText)} == set()
    registered = [kind.model for kind in stored_texts()]
    assert len(registered) == len(set(registered))
    assert set(registered) == with_html


def test_what_is_saved_names_the_renderer_of_today(
    chair: Person, group: Group, staff: Person
) -> None:
    work = works.deliverable(chair, group)
    revision = last_revision(work)
    topic = discussion.start_topic(
        actor=chair, group=group, title="Data", source="Whence?", level=group.content_level
    )
    post = topic.posts.get()
    charter = draft_charter(actor=chair, group=group, source="One.")
    page = SiteText.objects.first()
    agreement = agreements.draft(actor=staff, kind="membership", title="", source="Be fair.")
    assert page is not None
    texts = [revision, post, charter, page, agreement]
    for text in texts:
        make_old(text, "<p>old</p>")

    deliverables.save_text(
        actor=chair, deliverable=work, version=revision.version, source="New words."
    )
    discussion.edit_post(actor=chair, post=post, version=1, source="New words.")
    edit_charter(
        actor=chair,
        charter=charter,
        source="New words.",
        rules=DEFAULT,
        expires_on=None,
        read_at=charter.edited_at.isoformat(),
    )
    edit_site_text(
        actor=staff, text=page, title=page.title, source="New words.", version=page.version
    )
    agreements.draft(actor=staff, kind="membership", title="", source="New words.")

    for text in texts:
        text.refresh_from_db()
    assert [(text.html.strip(), text.renderer_version) for text in texts] == [
        ("<p>New words.</p>", RENDERER_VERSION)
    ] * len(texts)


def test_a_copy_of_a_text_keeps_the_renderer_of_its_html(chair: Person, group: Group) -> None:
    work = works.in_review(chair, group)
    make_old(last_revision(work), "<p>old</p>")
    topic = discussion.start_topic(
        actor=chair, group=group, title="Data", source="Whence?", level=group.content_level
    )
    post = topic.posts.get()
    make_old(post, "<p>old</p>")

    copied = open_next(actor=chair, deliverable=work)
    discussion.edit_post(actor=chair, post=post, version=1, source="New words.")

    assert (copied.html, copied.renderer_version) == ("<p>old</p>", 0)
    before = post.edits.get()
    assert (before.html, before.renderer_version) == ("<p>old</p>", 0)
