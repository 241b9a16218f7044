"""Proofs that take too long for every test run: mutants of the rules, many seeds, month-ends."""
