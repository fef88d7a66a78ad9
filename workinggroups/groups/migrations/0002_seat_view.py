"""The rule of having a seat in a group, once, as a view over participation and being inside.

A participation on behalf of an organization holds while the person is inside through that
organization; one without holds while the person is inside by itself; an invited expert's holds
while it can sign in. Staff are inside by office, which gives nobody a seat: it counts only
where a chair admitted them.

Being inside is grouped once and joined by equal keys, so that a large group is a hash join, and a
question about one person is pushed down to that person's rows. (Asked row by row, a group of three
thousand took minutes on tables without statistics.)
"""

from django.db import migrations

CREATE = """
CREATE VIEW groups_seat AS
SELECT 'p' || pa.id AS id, pa.person_id, pa.group_id, pa.organization_id, pa.level,
       CASE WHEN pa.level = 'expert' THEN false ELSE i.read_only END AS read_only,
       EXISTS (SELECT 1 FROM groups_office o
                WHERE o.person_id = pa.person_id AND o.group_id = pa.group_id
                  AND o.office IN ('chair', 'co_chair') AND o.during @> statement_timestamp()) AS is_chair
  FROM groups_participation pa
  JOIN people_person p ON p.id = pa.person_id AND p.is_active
  LEFT JOIN (
       SELECT person_id, COALESCE(organization_id, 0) AS behalf, bool_and(read_only) AS read_only
         FROM organizations_insider
        GROUP BY person_id, COALESCE(organization_id, 0)) i
    ON i.person_id = pa.person_id AND i.behalf = COALESCE(pa.organization_id, 0)
 WHERE pa.during @> statement_timestamp() AND (pa.level = 'expert' OR i.person_id IS NOT NULL)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("groups", "0001_initial"),
        ("organizations", "0002_insider_view"),
    ]
    operations = [migrations.RunSQL(CREATE, "DROP VIEW groups_seat")]
