"""The Dagster face of juesuan: assets, checks, partitions, resources, and the command line that runs them.

Thin: what an asset does is a call into `pipelines`. Nothing here knows how a figure is read or computed.
"""
