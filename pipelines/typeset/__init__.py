"""Typesets the sample documents of raw/samples, and the random budgets of the tests.

From figures kept as CSV and a small YAML file per document it makes PDFs that look like the budgets and final
accounts departments publish: `spec` says what a document holds, `grid` turns header trees and rows into cells,
`render` places them on pages, `fonts` finds the typeface. Nothing here knows what a figure means, and the rest of the
pipelines never import it: reportlab is a development dependency only.
"""
