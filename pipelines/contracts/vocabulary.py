"""The values that coded columns may take. Chinese and English labels of the axes are in the catalogue."""

from __future__ import annotations

KINDS = ("budget", "final")
SCOPES = ("department", "unit", "head")
PARTS = ("whole", "narrative", "tables", "performance", "image")
STAGES = ("initial_budget", "adjusted_budget", "execution", "final")
FUND_SOURCES = ("all", "fiscal", "gpb", "gov_fund", "soc", "special_account", "other")
NATURES = (
    "total", "basic", "basic_personnel", "basic_public", "project", "reserve", "operating", "to_superior",
    "to_affiliated",
)  # fmt: skip
AMOUNT_KINDS = ("level", "delta")
METRIC_KINDS = ("count", "pct_change", "share", "exec_rate")
WORD_KINDS = ("comparison", "named_part", "title")
STATEMENT_KINDS = AMOUNT_KINDS + METRIC_KINDS + WORD_KINDS
STATEMENT_PARTS = ("number", "sentence")
SOURCE_KINDS = ("table", "text")
VALUE_STATES = ("number", "zero", "blank", "dash", "declared_empty", "unreadable", "word")
TABLE_STATES = ("read", "declared_empty", "blank")
CODE_SYSTEMS = ("functional", "department_economic", "government_economic")
UNIT_KINDS = ("money", "count", "percent", "score")
READ_STATUSES = (
    "read", "no_figures", "template", "unrelated", "image_only", "not_pdf", "empty_file", "broken", "encrypted",
    "over_limits", "failed", "withdrawn",
)  # fmt: skip
OUTCOMES = ("read", "read_partly", "rejected", "conflict", "withdrawn")
VERDICTS = ("exact", "rounding", "minor", "fail", "not_applicable", "unevaluable")
WHOSE_ERROR = ("publisher", "parser", "unclear")
CORRECTION_STATES = ("applied", "document_absent")
