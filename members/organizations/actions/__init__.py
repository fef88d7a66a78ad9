"""What can happen to an organization, one file per subject.

Actions with an `actor` check that person's permission. Those with `by` (`create`, `begin`,
`affiliate`, `represent`) are steps of a larger action of an upper app, which has checked it; the
record names `by`.
"""
