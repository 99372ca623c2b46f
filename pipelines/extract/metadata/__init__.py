"""What a document is: whose account, of which year, kind and scope. Nothing here reads figures."""

from pipelines.collect.links import LinkFacts
from pipelines.extract.metadata.model import DocumentMetadata
from pipelines.extract.metadata.reading import read_metadata

__all__ = ["DocumentMetadata", "LinkFacts", "read_metadata"]
