/** How PostgreSQL spells operations. Pure: PGlite borrows it. */
import type { Dialect, Statement } from "../../core/dialect.ts";
import type { SchemaOperation } from "../../core/schema/operation.ts";
import { splitStatements } from "../../core/sql/statements.ts";
import { backfillSql } from "./backfill-sql.ts";
import {
  createConstraint,
  dropConstraint,
  renameConstraint,
  validateConstraint,
} from "./constraints.ts";
import { createIndex, dropIndex, renameIndex } from "./indexes.ts";
import { literal } from "./literal.ts";
import { transactionSettings } from "./lock-settings.ts";
import {
  addEnumValue,
  createEnum,
  createExtension,
  createSchema,
  createSequence,
  createView,
  dropEnum,
  dropExtension,
  dropSchema,
  dropSequence,
  dropView,
  renameEnumValue,
} from "./objects.ts";
import { primaryKeySql } from "./primary-key.ts";
import { probeSql, repair } from "./probe.ts";
import { execute, executeRefusesTransaction } from "./raw-sql.ts";
import { safely } from "./safe-forms/safely.ts";
import { identifierLimit, quote, quoteNamed } from "./sql-text.ts";
import {
  alterTable,
  comment,
  createTable,
  dropTable,
  renameColumn,
  renameTable,
} from "./tables.ts";

/** PostgreSQL 13 and newer; what only a newer one knows is refused by the server itself. */
export const postgresDialect: Dialect = {
  name: "postgres",
  label: "PostgreSQL",
  transactionalDdl: true,
  identifierLimit,
  begin: "BEGIN",
  commit: "COMMIT",
  rollback: "ROLLBACK",
  lockSettings: transactionSettings,
  // The role is the one setting that RESET ALL leaves. https://www.postgresql.org/docs/current/sql-reset.html
  resetSettings: ["RESET ROLE", "RESET ALL"],
  compile,
  safely: (form) => safely(form, {}),
  tableColumnsSql: (tables) =>
    `SELECT n.nspname::pg_catalog.text AS table_schema, c.relname::pg_catalog.text AS table_name, a.attname::pg_catalog.text AS column_name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) c.oid WHERE c.relkind IN ('r', 'p') AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped AND c.relname IN (${tables.map(literal).join(", ")}) ORDER BY 1, 2, a.attnum`,
  holdRowsSql: (table) => `LOCK TABLE ${quoteNamed(table)} IN SHARE MODE`,
  primaryKeySql,
  refusesTransaction,
  splitStatements: (sql) => splitStatements(sql, "postgres"),
  quote,
  quoteNamed,
  literal,
  probeSql,
  repair,
  castToText: (expression) => `CAST(${expression} AS text)`,
  joinRows: (text) => `string_agg(${text}, ',')`,
  connectionId: "pg_backend_pid()::text",
  utcNow: "(clock_timestamp() AT TIME ZONE 'UTC')",
  backfill: backfillSql,
  elapsedMs:
    "trunc(extract(epoch FROM clock_timestamp() - transaction_timestamp()) * 1000)::bigint",
};

/** The dialect of a server of this major version, which has shorter ways for some safe forms. */
export function postgresDialectOf(major: number | undefined): Dialect {
  return { ...postgresDialect, safely: (form) => safely(form, { major }) };
}

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
      return validateConstraint(op);
    case "create_schema":
      return createSchema(op);
    case "drop_schema":
      return dropSchema(op);
    case "create_extension":
      return createExtension(op);
    case "drop_extension":
      return dropExtension(op);
    case "create_enum":
      return createEnum(op);
    case "drop_enum":
      return dropEnum(op);
    case "add_enum_value":
      return addEnumValue(op);
    case "rename_enum_value":
      return renameEnumValue(op);
    case "create_sequence":
      return createSequence(op);
    case "drop_sequence":
      return dropSequence(op);
    case "create_view":
      return createView(op);
    case "drop_view":
      return dropView(op);
    case "comment":
      return comment(op);
    case "execute":
      return execute(op);
    case "execute_file":
      throw new Error(`the file ${op.path} must be read before it is compiled`);
  }
}

function refusesTransaction(op: SchemaOperation): boolean {
  switch (op.kind) {
    case "create_index":
    case "drop_index":
      return op.index.concurrently === true;
    case "execute":
      return executeRefusesTransaction(op);
    default:
      return false;
  }
}
