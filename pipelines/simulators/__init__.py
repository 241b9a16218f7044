"""Two API servers that behave like Salesforce and NetSuite, filled with an embedded company.

Data flow: company -> one in-memory store per org (`org`) -> the wire (`salesforce`, `netsuite`).
They speak the real protocols, so the connectors cannot tell them from a live org: real credentials
replace the connection card and nothing else changes. Facts marked recalled in the docstrings were
not checked against a live org.

Run: `python -m pipelines.simulators`; in tests: `pipelines.simulators.server.running_servers`.
"""
