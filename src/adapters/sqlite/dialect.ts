/** How SQLite spells operations. Node's own driver has SQLite 3.45 or newer. */
import type { Dialect } from "../../core/language/dialect.ts";
import type { SchemaOperation } from "../../core/language/operation.ts";
import { type PlainPlace, plainForm } from "../../core/language/safe/plain-forms.ts";
import type { Statement } from "../../core/model/statement.ts";
import { splitStatements } from "../../core/sql/statements.ts";
import { backfillSql } from "./backfill-sql.ts";
import {
  alterTable,
  createConstraint,
  dropConstraint,
  renameConstraint,
} from "./ddl/alter-table.ts";
import { defaultValue } from "./ddl/column.ts";
import { createIndex, dropIndex, renameIndex } from "./ddl/index-definition.ts";
import { execute, refusesTransaction } from "./ddl/raw-sql.ts";
import { createTable, dropTable, renameColumn, renameTable } from "./ddl/table.ts";
import { createView, dropView } from "./ddl/view.ts";
import { createLockTable } from "./lock-row.ts";
import { probeSql } from "./probe.ts";
import { literal, quote, quoteNamed } from "./quote.ts";
import { alwaysValidated, noComments, refuse } from "./refuse.ts";

/** SQLite: DDL in transactions, one writer at a time, few ALTERs and a rebuild for the rest. */
export const sqliteDialect: Dialect = {
  name: "sqlite",
  syntax: "sqlite",
  rules: "sqlite",
  oneWriter: true,
  label: "SQLite",
  transactionalDdl: true,
  // There is no limit but that of a statement (https://www.sqlite.org/limits.html); PostgreSQL ends at 63.
  identifierLimit: { length: 1000, unit: "characters" },
  // Takes the write lock at once: a transaction that turns from reading to writing cannot wait for it.
  // https://www.sqlite.org/lang_transaction.html#deferred_immediate_and_exclusive_transactions
  begin: "BEGIN IMMEDIATE",
  commit: "COMMIT",
  rollback: "ROLLBACK",
  lockSettings: () => [],
  resetSettings: [],
  clearSession: [],
  // There is one dialect of it.
  servers: () => [sqliteDialect],
  compile,
  lockTable: () => createLockTable,
  safely: (form) => plainForm(form, place),
  catalog: () => import("./sqlite-catalog-access.ts").then((it) => it.sqliteCatalogAccess),
  tableColumnsSql: (tables) =>
    `SELECT NULL AS table_schema, t.name AS table_name, c.name AS column_name FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name IN (${tables.map(literal).join(", ")}) ORDER BY 2, c.cid`,
  // Its transactions begin with the write lock.
  holdRowsSql: () => "SELECT 1",
  primaryKeySql: ({ name }) =>
    `SELECT name FROM (SELECT name, pk FROM pragma_table_info(${literal(name)}) WHERE pk > 0 UNION ALL SELECT 'rowid', 1 WHERE NOT EXISTS (SELECT 1 FROM pragma_table_info(${literal(name)}) WHERE pk > 0)) ORDER BY pk`,
  refusesTransaction: (op) => op.kind === "execute" && refusesTransaction(op),
  splitStatements: (sql) => splitStatements(sql, "sqlite"),
  quote,
  quoteNamed,
  literal,
  probeSql,
  // Every statement that makes something runs in a transaction, so nothing is left half made.
  repair: () => [],
  backfill: backfillSql,
  operator: (sign) => sign,
  builtin: (name) => name,
  isOneOf: (expression, values) => `${expression} IN (${values.join(", ")})`,
  catalogOnly: "",
  allRows: "",
  castToText: (expression) => `CAST(${expression} AS TEXT)`,
  timeToText: (expression) => `CAST(${expression} AS TEXT)`,
  joinRows: (text) => `group_concat(${text}, ',')`,
  connectionId: "NULL",
  utcNow: "strftime('%Y-%m-%d %H:%M:%S', 'now')",
  // SQLite does not know when its transaction began.
  elapsedMs: "NULL",
};

const place: PlainPlace = {
  quote,
  concurrently: false,
  note: "SQLite has one writer at a time: others wait until the transaction ends",
  defaultSql: ({ default: value = null }) => defaultValue(value),
};

function compile(op: SchemaOperation): readonly Statement[] {
  switch (op.kind) {
    case "create_table":
      return createTable(op);
    case "drop_table":
      return dropTable(op);
    case "alter_table":
      return alterTable(op);
    case "rename_table":
      return renameTable(op);
    case "rename_column":
      return renameColumn(op);
    case "create_index":
      return createIndex(op);
    case "drop_index":
      return dropIndex(op);
    case "rename_index":
      return renameIndex(op);
    case "create_constraint":
      return createConstraint(op);
    case "drop_constraint":
      return dropConstraint(op);
    case "rename_constraint":
      return renameConstraint(op);
    case "validate_constraint":
      return refuse(`validate constraint ${op.name}`, alwaysValidated);
    case "create_view":
      return createView(op);
    case "drop_view":
      return dropView(op);
    case "comment":
      return refuse(
        `comment on ${op.on} ${[op.table.name, op.column].filter(Boolean).join(".")}`,
        noComments,
      );
    case "execute":
      return execute(op);
    case "execute_file":
      return refuse(`read the file ${op.path}`, "Read it first, and compile what is in it.");
    case "create_schema":
    case "drop_schema":
      return refuse(`have the schema ${op.name}`, "Use a database file for each schema.");
    case "create_extension":
    case "drop_extension":
    case "update_extension":
      return refuse(
        `have the extension ${op.name}`,
        "Leave it out, or load it where the app connects.",
      );
    case "create_enum":
    case "drop_enum":
    case "add_enum_value":
    case "rename_enum_value":
      return refuse(`have the enum ${op.enum.name}`, "Use a text column with a check constraint.");
    case "create_sequence":
    case "drop_sequence":
      return refuse(
        `have the sequence ${op.sequence.name}`,
        'Use a primary key of type "bigserial".',
      );
  }
}
