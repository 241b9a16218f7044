"""Closing a period: readiness, an immutable snapshot, what changed since, and making it again.

`readiness` asks the gates, `command` closes, `snapshot` writes the folder of a close, `register`
keeps the list of closes, `verify` proves that nothing was touched, `diff` compares the closed
numbers with those of today, `replay` builds them again, `known` answers what was known when.
`show` prints all of it. Comparisons are SQL, in `sql/`.
"""
