"""Who answers for the assets."""

OWNERS = ["team:juesuan"]
