"""Printed figures → what they mean → facts keyed by department, year and subject.

Works on polars frames and the catalogue only: no PDF is opened here, nothing is published here. `normalise` in
`pipelines.normalise.build` is the way in.
"""
