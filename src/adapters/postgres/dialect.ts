/** How PostgreSQL spells operations. Pure: PGlite borrows it. */
import { noBackfill } from "../../core/language/define-dialect.ts";
import type { Dialect } from "../../core/language/dialect.ts";
import type { SchemaOperation } from "../../core/language/operation.ts";
import type { SafeForm } from "../../core/language/safe/safe-form.ts";
import { withoutLanguage } from "../../core/language/without-language.ts";
import type { Statement } from "../../core/model/statement.ts";
import { splitStatements } from "../../core/sql/statements.ts";
import { backfillSql, rowSecurity } from "./backfill-sql.ts";
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
  updateExtension,
} from "./objects.ts";
import { builtin, catalogOnly, operator } from "./own-names.ts";
import { compileOwn } from "./own-table-sql.ts";
import { grants, lockTable } from "./own-tables.ts";
import { primaryKeySql } from "./primary-key.ts";
import { leftoversSql, probeSql, repair } from "./probe.ts";
import { execute, executeRefusesTransaction } from "./raw-sql.ts";
import { safely } from "./safe-forms/safely.ts";
import { safetySql } from "./safety-sql.ts";
import { shieldSql } from "./shield-sql.ts";
import { identifierLimit, quote, quoteNamed } from "./sql-text.ts";
import {
  alterTable,
  comment,
  createTable,
  dropTable,
  renameColumn,
  renameTable,
} from "./tables.ts";
import { workMark } from "./work-mark.ts";

// RESET ALL keeps the role and the session's user.
// https://www.postgresql.org/docs/current/sql-set-session-authorization.html
const resetSettings: readonly string[] = ["RESET SESSION AUTHORIZATION", "RESET ROLE", "RESET ALL"];

/**
 * DISCARD ALL, which refuses a transaction, in its parts. First run the pending checks of the
 * migration's own constraints, which would keep its temporary tables.
 * https://www.postgresql.org/docs/current/sql-discard.html
 */
const clearSession: readonly string[] = [
  "SET CONSTRAINTS ALL IMMEDIATE",
  ...resetSettings,
  "CLOSE ALL",
  "DEALLOCATE ALL",
  "UNLISTEN *",
  "SELECT pg_catalog.pg_advisory_unlock_all()",
  "DISCARD TEMP",
];

/** Is there in a built release only, when all of its migrations were compiled before. */
declare const slipwayPlanned: true | undefined;

/** Is there in a built release only, when none of its migrations is a backfill. */
declare const slipwayWithoutBackfills: true | undefined;

/** Is there in a built release only, when the rules have found nothing in its migrations. */
declare const slipwayWithoutFindings: true | undefined;

/** The same, when none of its migrations does what lasts as long as there are rows. */
declare const slipwayWithoutHeavy: true | undefined;

const language = { compile, safely: (form: SafeForm) => safely(form, {}), refusesTransaction };

/** PostgreSQL 13 and newer; what only a newer one knows is refused by the server itself. */
export const postgresDialect: Dialect = {
  name: "postgres",
  syntax: "postgres",
  rules: "postgres",
  defaultSchema: "public",
  manyAtOnce: true,
  label: "PostgreSQL",
  transactionalDdl: true,
  identifierLimit,
  begin: "BEGIN",
  commit: "COMMIT",
  rollback: "ROLLBACK",
  showAllRows: rowSecurity("refuse"),
  lockSettings: transactionSettings,
  resetSettings,
  clearSession,
  shieldSql,
  servers: () => [undefined, 13, 14, 15, 16, 17, 18].map(postgresDialectOf),
  compileOwn,
  ...(typeof slipwayPlanned === "undefined" ? language : withoutLanguage),
  lockTable,
  grants,
  catalog: () => import("./catalog/postgres-catalog.ts").then((it) => it.postgresCatalog),
  tenants: () => import("./tenant-sql.ts").then((it) => it.tenantSql),
  tableColumnsSql: (tables) =>
    `SELECT n.nspname::pg_catalog.text AS table_schema, c.relname::pg_catalog.text AS table_name, a.attname::pg_catalog.text AS column_name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) c.oid WHERE c.relkind OPERATOR(pg_catalog.=) ANY (ARRAY['r', 'p']::pg_catalog."char"[]) AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped AND c.relname OPERATOR(pg_catalog.=) ANY (ARRAY[${tables.map(literal).join(", ")}]::pg_catalog.name[]) ORDER BY 1, 2, a.attnum`,
  holdRowsSql: (table) => `LOCK TABLE ${quoteNamed(table)} IN SHARE MODE`,
  primaryKeySql,
  splitStatements: (sql) => splitStatements(sql, "postgres"),
  quote,
  quoteNamed,
  literal,
  probeSql,
  repair,
  leftoversSql,
  operator,
  builtin,
  isOneOf: (expression, values) =>
    `${expression} ${operator("=")} ANY (ARRAY[${values.join(", ")}])`,
  catalogOnly,
  // https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-ROW-SECURITY
  allRows: "SET LOCAL row_security = off;\n",
  ownTypes: (sql) => sql.replace(/(?<=" )(?:text|jsonb)\b/g, builtin),
  castToText: (expression) => `CAST(${expression} AS ${builtin("text")})`,
  timeToText,
  wallClock: {
    toText: (column) =>
      timeToText(`CAST(${column} AS ${builtin("timestamptz")}) AT TIME ZONE 'UTC'`),
    literal: (at) => `CAST(${literal(at)} AS ${builtin("timestamptz")})`,
  },
  joinRows: (text) => `pg_catalog.string_agg(${text}, ',')`,
  isTableThere: (table) => `pg_catalog.to_regclass(${literal(quoteNamed(table))}) IS NOT NULL`,
  connectionId: "pg_catalog.pg_backend_pid()::pg_catalog.text",
  workMark,
  endSql: ({ pid, prepared }) =>
    prepared === undefined
      ? `SELECT pg_terminate_backend(${pid});`
      : `ROLLBACK PREPARED ${literal(prepared)};`,
  utcNow: "(pg_catalog.clock_timestamp() AT TIME ZONE 'UTC')",
  backfill: typeof slipwayWithoutBackfills === "undefined" ? backfillSql() : noBackfill,
  ...(typeof slipwayWithoutFindings === "undefined" || typeof slipwayWithoutHeavy === "undefined"
    ? { safety: safetySql() }
    : {}),
  elapsedMs: `pg_catalog.trunc(extract(epoch FROM pg_catalog.clock_timestamp() ${operator("-")} pg_catalog.transaction_timestamp()) ${operator("*")} 1000)::bigint`,
};

/** The dialect of a server of this major version, which has shorter ways for some safe forms. */
export function postgresDialectOf(major: number | undefined): Dialect {
  const known = major === undefined ? {} : { serverMajor: major };
  // One expression: after a return the bundler would still follow the names in the code.
  return typeof slipwayPlanned === "undefined"
    ? { ...postgresDialect, ...known, safely: (form) => safely(form, { major }) }
    : postgresDialect;
}

function timeToText(expression: string): string {
  return `pg_catalog.to_char(${expression}, 'YYYY-MM-DD HH24:MI:SS.US')`;
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
    case "update_extension":
      return updateExtension(op);
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
