"""Every change of decisions and ballots, by subject. Other apps call them from here."""

from workinggroups.decisions.actions.decisions import (
    build_decision,
    decision_entries,
    decision_facts,
    index_decision,
    record_decision,
)
