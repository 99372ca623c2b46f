"""How fast juesuan reads, against stock camelot and against pdfium itself: `python -m bench`.

Nothing of the product imports this package.
"""
