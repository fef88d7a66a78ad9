"""The rule of having a seat in a group, once, as a view over participation and being inside.

A participation on behalf of an organization holds while the person is inside through that
organization; one without holds while the person is inside by itself; an invited expert's holds
while it can sign in. Staff are inside by office, which gives nobody a seat: it counts only
where a chair admitted them.
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
  LEFT JOIN LATERAL (
       SELECT bool_and(x.read_only) AS read_only, count(*) AS ways
         FROM organizations_insider x
        WHERE x.person_id = pa.person_id
          AND x.organization_id IS NOT DISTINCT FROM pa.organization_id) i ON true
 WHERE pa.during @> statement_timestamp() AND (pa.level = 'expert' OR i.ways > 0)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("groups", "0001_initial"),
        ("organizations", "0002_insider_view"),
    ]
    operations = [migrations.RunSQL(CREATE, "DROP VIEW groups_seat")]
