"""What the official tables, measures and statements are, as YAML that a budget analyst can extend.

One loader module beside each YAML file; no rules in Python.
"""
