"""The work itself, in plain Python: from published PDFs to a DuckDB warehouse.

Nothing below this package imports dagster; `assets/` is the orchestrator's face and calls in here.
Data flows one way: collect -> extract -> normalise -> warehouse.
"""
