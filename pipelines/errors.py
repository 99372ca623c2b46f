"""The errors juesuan raises for people: each message names what is wrong, where, and what to do.

Only errors that end a command belong here. A bad document is never an error: it is a row in `prov.document`
with a status and a reason.
"""

from __future__ import annotations


class JuesuanError(Exception):
    """Base of all errors whose message is meant for a person; the command line prints it without a traceback."""


class UsageError(JuesuanError):
    """The command was given something it cannot work with: the command line exits with 2."""


class BuildError(JuesuanError):
    """A build could not be finished; the published warehouse is as it was."""


class CorrectionError(BuildError):
    """A correction of `raw/corrections` cannot be read, or no longer fits the figure it is for."""
