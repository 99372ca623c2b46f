"""Printed figures → what they mean → facts keyed by department, year and subject.

Works on polars frames, the catalogue and the curated lists only: no PDF is opened here, nothing is published here.
"""

from pipelines.normalise.build import normalise
from pipelines.normalise.corrections import load_corrections
from pipelines.normalise.reference import Reference, load_reference

__all__ = ["Reference", "load_corrections", "load_reference", "normalise"]
