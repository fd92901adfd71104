/** How DuckDB spells what migrations do. */
import {
  type Column,
  type ColumnChange,
  type Constraint,
  defineDialect,
  type ForeignKey,
  standardLiteral as literal,
  type Named,
  type OperationOf,
  standardQuote as quote,
  type SchemaOperation,
  type Statement,
  UnsupportedOperation,
} from "slipway/adapter";

export const duckdbDialect = defineDialect({
  name: "duckdb",
  label: "DuckDB",
  syntax: "postgres",
  transactionalDdl: true,
  compile,
  tableColumnsSql: (tables) =>
    `SELECT schema_name AS table_schema, table_name, column_name FROM duckdb_columns() WHERE NOT internal AND table_name IN (${tables.map(literal).join(", ")}) ORDER BY 1, 2, column_index`,
  primaryKeySql: ({ name, prefix = "main" }) =>
    `SELECT unnest(constraint_column_names) AS name FROM duckdb_constraints() WHERE table_name = ${literal(name)} AND schema_name = ${literal(prefix)} AND constraint_type = 'PRIMARY KEY'`,
  joinRows: (text) => `string_agg(${text}, ',')`,
  utcNow: "CAST(now() AT TIME ZONE 'UTC' AS TIMESTAMP)",
});

const { quoteNamed } = duckdbDialect;

function compile(op: SchemaOperation): readonly Statement[] {
  return sqlsOf(op).map((sql) => ({ sql, policy: { kind: "plain" } }));
}

function sqlsOf(op: SchemaOperation): readonly string[] {
  switch (op.kind) {
    case "create_table":
      return createTable(op);
    case "drop_table":
      return [`DROP TABLE ${ifExists(op)}${quoteNamed(op.table)}${cascade(op)}`];
    case "alter_table":
      return op.changes.flatMap((change) => alterTable(op.table, change));
    case "rename_table":
      return [`ALTER TABLE ${quoteNamed(op.table)} RENAME TO ${quote(op.to)}`];
    case "rename_column":
      return [
        `ALTER TABLE ${quoteNamed(op.table)} RENAME COLUMN ${quote(op.column)} TO ${quote(op.to)}`,
      ];
    case "create_index":
      return [createIndex(op)];
    case "drop_index":
      return [
        `DROP INDEX ${ifExists(op)}${quoteNamed({ ...op.index.table, name: op.index.name })}`,
      ];
    case "create_constraint":
      if (op.constraint.kind !== "primary_key")
        throw refusal(`add constraint ${op.constraint.name} to a table that is there`, newOne);
      return [`ALTER TABLE ${quoteNamed(op.table)} ADD ${keyOf(op.constraint)}`];
    case "create_schema":
      return [`CREATE SCHEMA ${ifNotExists(op)}${quote(op.name)}`];
    case "drop_schema":
      return [`DROP SCHEMA ${ifExists(op)}${quote(op.name)}${cascade(op)}`];
    case "create_view":
      return [createView(op)];
    case "drop_view":
      return [`DROP VIEW ${ifExists(op)}${quoteNamed(op.view)}`];
    case "execute":
      return [op.sql];
    case "execute_file":
      throw new Error(`the file ${op.path} must be read before it is compiled`);
    case "comment":
    case "create_enum":
    case "drop_enum":
    case "create_sequence":
    case "drop_sequence":
    case "create_extension":
    case "drop_extension":
    case "update_extension":
    case "add_enum_value":
    case "rename_enum_value":
    case "rename_index":
    case "drop_constraint":
    case "rename_constraint":
    case "validate_constraint":
      throw refusal(op.kind.replaceAll("_", " "), newOne);
  }
}

const newOne = "Make a new one, or for a constraint a new table, and copy what is in the old one.";

function refuseOptions<Of extends object>(what: string, of: Of, options: readonly (keyof Of)[]) {
  for (const option of options)
    if (of[option] !== undefined)
      throw refusal(`give ${what} ${String(option)}`, `Leave ${String(option)} out.`);
}

function refusal(what: string, hint: string): UnsupportedOperation {
  return new UnsupportedOperation(what, { hint });
}

function createTable(op: OperationOf<"create_table">): readonly string[] {
  const { table, definition } = op;
  const { columns, constraints, modifiers = "" } = definition;
  refuseOptions(`table ${table.name}`, definition, ["engine", "options", "comment"]);
  const keys = columns.filter(({ primaryKey }) => primaryKey).map(({ name }) => name);
  const parts = [
    ...columns.map((column) => columnOf(table, column)),
    ...(keys.length === 0 ? [] : [`PRIMARY KEY (${names(keys)})`]),
    ...columns.flatMap(({ name, references }) => foreignKeyOf(name, references)),
    ...constraints.map(constraintOf),
  ];
  return [
    ...columns
      .filter(isSerial)
      .map((column) => `CREATE SEQUENCE IF NOT EXISTS ${serialOf(table, column)}`),
    `CREATE ${modifiers} TABLE ${ifNotExists(op)}${quoteNamed(table)} (${parts.join(", ")})`,
  ];
}

function alterTable(table: Named, change: ColumnChange): readonly string[] {
  const alter = (what: string) => `ALTER TABLE ${quoteNamed(table)} ${what}`;
  const alterColumn = (name: string, what: string) => [alter(`ALTER ${quote(name)} ${what}`)];
  switch (change.kind) {
    case "add_column": {
      const { column } = change;
      if (column.primaryKey || column.references !== undefined || isSerial(column))
        throw refusal(`add the key or reference ${column.name} to a table that is there`, newOne);
      const { null: mayBeNull, ...loose } = column;
      const must = mayBeNull === false ? alterColumn(column.name, "SET NOT NULL") : [];
      const may = change.ifNotExists ? "IF NOT EXISTS " : "";
      return [alter(`ADD COLUMN ${may}${columnOf(table, loose)}`), ...must];
    }
    case "remove_column":
      return [alter(`DROP COLUMN ${ifExists(change)}${quote(change.name)}${cascade(change)}`)];
    case "set_default":
      return alterColumn(change.name, `SET DEFAULT ${literal(change.default)}`);
    case "drop_default":
      return alterColumn(change.name, "DROP DEFAULT");
    case "set_not_null":
      return alterColumn(change.name, "SET NOT NULL");
    case "drop_not_null":
      return alterColumn(change.name, "DROP NOT NULL");
    case "set_type": {
      const { name, using } = change.to;
      const how = using === undefined ? "" : ` USING ${using}`;
      return alterColumn(name, `SET DATA TYPE ${typeOf(change.to)}${how}`);
    }
    case "modify_column":
      throw refusal(`modify column ${change.column.name}`, "Use setType, setDefault, setNotNull.");
  }
}

function columnOf(table: Named, column: Column): string {
  const { name, collation, generated, default: value } = column;
  refuseOptions(`column ${name}`, column, ["comment", "after", "fields"]);
  const serial = isSerial(column) ? `nextval(${literal(serialOf(table, column))})` : undefined;
  const given = serial ?? (value === undefined ? undefined : literal(value));
  return [
    quote(name),
    typeOf(column),
    ...(collation === undefined ? [] : [`COLLATE ${collation}`]),
    ...(generated === undefined ? [] : [`GENERATED ${generated}`]),
    ...(given === undefined ? [] : [`DEFAULT ${given}`]),
    ...(column.null === false ? ["NOT NULL"] : []),
  ].join(" ");
}

/** DuckDB has no serial types: a sequence beside the table counts. */
function isSerial({ type }: Column): boolean {
  return ["id", "identity", "serial", "bigserial"].includes(type);
}

function serialOf(table: Named, { name }: Column): string {
  return quoteNamed({ ...table, name: `${table.name}_${name}_seq` });
}

const types: { readonly [type: string]: string } = {
  ...{ id: "BIGINT", identity: "BIGINT", bigserial: "BIGINT", serial: "INTEGER" },
  ...{ binary: "BLOB", duration: "INTERVAL", float: "DOUBLE", map: "JSON", string: "VARCHAR" },
  ...{ naive_datetime: "TIMESTAMP", naive_datetime_usec: "TIMESTAMP", text: "VARCHAR" },
  ...{ utc_datetime: "TIMESTAMP", utc_datetime_usec: "TIMESTAMP", time_usec: "TIME" },
};

function typeOf({ type, precision, scale }: Pick<Column, "type" | "precision" | "scale">): string {
  const digits = precision === undefined ? "" : `(${precision}, ${scale ?? 0})`;
  return (types[type] ?? type) + (type === "decimal" ? digits : "");
}

function foreignKeyOf(column: string, key: ForeignKey | undefined): readonly string[] {
  if (key === undefined) return [];
  const pairs = { [column]: key.column, ...key.with };
  const references = { table: key.table, columns: Object.values(pairs) };
  return [constraintOf({ ...key, kind: "foreign_key", columns: Object.keys(pairs), references })];
}

function constraintOf(constraint: Constraint): string {
  const { name } = constraint;
  switch (constraint.kind) {
    case "check":
      return `CONSTRAINT ${quote(name)} CHECK (${constraint.expression})`;
    case "unique":
    case "primary_key":
      return keyOf(constraint);
    case "foreign_key": {
      const { columns, references } = constraint;
      refuseOptions(`foreign key ${name}`, constraint, ["onDelete", "onUpdate"]);
      return `CONSTRAINT ${quote(name)} FOREIGN KEY (${names(columns)}) REFERENCES ${quoteNamed(references.table)} (${names(references.columns)})`;
    }
    case "exclude":
      throw refusal(`have the exclusion constraint ${name}`, "Check it in the application.");
  }
}

function keyOf({ kind, columns }: Extract<Constraint, { kind: "unique" | "primary_key" }>): string {
  return `${kind === "unique" ? "UNIQUE" : "PRIMARY KEY"} (${names(columns)})`;
}

function createIndex(op: OperationOf<"create_index">): string {
  const { name, table, columns, unique } = op.index;
  refuseOptions(`index ${name}`, op.index, ["where", "using", "include", "concurrently"]);
  const parts = columns.map(({ column, expression }) =>
    column === undefined ? `(${expression})` : quote(column),
  );
  return `CREATE ${unique ? "UNIQUE " : ""}INDEX ${ifNotExists(op)}${quote(name)} ON ${quoteNamed(table)} (${parts.join(", ")})`;
}

function createView({ view, definition, ...op }: OperationOf<"create_view">): string {
  refuseOptions(`view ${view.name}`, op, ["materialized"]);
  const columns = definition.columns === undefined ? "" : ` (${names(definition.columns)})`;
  return `CREATE ${op.orReplace ? "OR REPLACE " : ""}VIEW ${quoteNamed(view)}${columns} AS ${definition.as}`;
}

const names = (columns: readonly string[]) => columns.map(quote).join(", ");

type If = { readonly ifExists?: boolean | undefined; readonly ifNotExists?: boolean | undefined };
const ifExists = (op: If) => (op.ifExists ? "IF EXISTS " : "");
const ifNotExists = (op: If) => (op.ifNotExists ? "IF NOT EXISTS " : "");
const cascade = (op: { readonly cascade?: boolean | undefined }) => (op.cascade ? " CASCADE" : "");
