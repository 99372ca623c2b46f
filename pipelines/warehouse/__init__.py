"""The warehouse: SQL models, checks, the published DuckDB file and the dictionary of its columns."""
