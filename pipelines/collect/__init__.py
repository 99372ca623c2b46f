"""The archive of documents and what is known of each from outside its pages.

Gets documents in and keeps them; what stands on their pages is `pipelines.extract`.
"""
