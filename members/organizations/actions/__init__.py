"""What can happen to an organization, one file a subject.

Verbs with an `actor` ask whether that person may. Those without one (`create`, `begin`, `affiliate`,
`represent`) are steps of a larger act in a higher room, which has asked and names whom to record.
"""
