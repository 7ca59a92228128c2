"""What a table is: columns with a type, a rule and a description, and the Arrow and SQL forms made from them."""

from dataclasses import dataclass, field
from typing import Literal

import pyarrow as pa

Type = Literal["text", "integer", "number", "boolean", "date", "timestamp"]

ARROW: dict[Type, pa.DataType] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
}
SQL: dict[Type, str] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMPTZ",
}


@dataclass(frozen=True)
class Column:
    """One column and the rules its values keep.

    `vocabulary` names a vocabulary of data/reference/vocabulary.yaml, `references` a table whose key the value must
    be, `minimum` and `maximum` bound a number or the length of a text, `pattern` is a regular expression for the whole
    text.
    """

    name: str
    type: Type
    description: str
    required: bool = False
    vocabulary: str | None = None
    references: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None


@dataclass(frozen=True)
class Table:
    """One table. The first column is its key: text, unique, and stable across releases."""

    name: str
    description: str
    columns: tuple[Column, ...]
    metadata: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> Column:
        return self.columns[0]

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema, with the descriptions as field metadata."""
        fields = [
            pa.field(c.name, ARROW[c.type], nullable=not c.required, metadata={"description": c.description})
            for c in self.columns
        ]
        return pa.schema(fields, metadata={"description": self.description} | self.metadata)

    def ddl(self) -> str:
        """CREATE TABLE with the key, the null rules and a COMMENT ON for the table and each column."""
        lines = [f'  "{c.name}" {SQL[c.type]}{" NOT NULL" if c.required else ""}' for c in self.columns]
        lines.append(f'  PRIMARY KEY ("{self.key.name}")')
        statements = [f'CREATE TABLE "{self.name}" (\n' + ",\n".join(lines) + "\n)"]
        statements.append(f'COMMENT ON TABLE "{self.name}" IS {literal(self.description)}')
        statements += [f'COMMENT ON COLUMN "{self.name}"."{c.name}" IS {literal(c.description)}' for c in self.columns]
        return ";\n".join(statements) + ";"


def literal(text: str) -> str:
    """The text as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"
