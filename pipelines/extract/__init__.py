"""From the bytes of a PDF to what is printed on its pages, each value with its box.

Says what is printed and where; what a figure means in yuan, subjects and departments is `pipelines.normalise`.
"""
