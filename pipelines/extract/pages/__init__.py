"""From a PDF to pages: glyphs, rulings, ruled grids and lines, each with its place, and their cache.

What is printed, nothing more: a page reads the same whatever the catalogue says. What a grid is, is told in
`pipelines.extract.tables`.
"""
