"""From the grids of pages to logical tables: title, unit, continuation, header tree, rows, codes and values.

Words decide, from the catalogue; never position, number or file name. What a value means in yuan and subjects is
`pipelines.normalise`.
"""
