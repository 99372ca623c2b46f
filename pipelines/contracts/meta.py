"""Schema `meta`: builds and column lineage."""

from __future__ import annotations

from pipelines.contracts.contract import Column, Contract

BUILD = Contract(
    "meta", "build", "构建", "One row: the build that made this file.",
    (
        Column("build_id", "text", "构建编号", "Time (UTC) and inputs digest.", key=True),
        Column("built_at", "timestamp", "构建时间", "Time of the build, UTC."),
        Column("contract_version", "text", "契约版本", "Version of the published tables."),
        Column("juesuan_version", "text", "程序版本", "Version of juesuan."),
        Column("inputs_digest", "text", "输入摘要", "Digest of all the published tables and models."),
        Column("documents", "int", "文件数", "Registered files.", minimum=0),
        Column("figures", "bigint", "数字个数", "Printed figures.", minimum=0),
    ),
)  # fmt: skip

COLUMN_LINEAGE = Contract(
    "meta", "column_lineage", "字段血缘", "One row per column of a mart or view and column it is computed from.",
    (
        Column("schema", "text", "模式", "Schema of the computed column.", key=True),
        Column("table", "text", "表", "Its table.", key=True),
        Column("column", "text", "字段", "The computed column.", key=True),
        Column("source_schema", "text", "来源模式", "Schema of the column it comes from.", key=True),
        Column("source_table", "text", "来源表", "Table it comes from.", key=True),
        Column("source_column", "text", "来源字段", "Column it comes from.", key=True),
    ),
)  # fmt: skip
