"""How documents are divided into partitions: by where they were listed, never one per PDF.

An event log entry costs about as much as reading a document, and the fiscal year is known only after reading.
"""

from __future__ import annotations

import dagster as dg

UNLISTED = "unlisted"
"""Documents registered from a folder on disk rather than from a portal's listing."""

listings = dg.StaticPartitionsDefinition([UNLISTED])
