"""From the bytes of a PDF to what is printed on its pages, each value with its box.

`pages` reads glyphs and grids, `tables` and `statements` what they print, `metadata` what the document is;
`document` puts them together, `batch` runs it over many documents in `workers`. What a figure means in yuan, subjects
and departments is `pipelines.normalise`.
"""
