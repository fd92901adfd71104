/** How MySQL and MariaDB spell operations. */
import type { Dialect } from "../../core/language/dialect.ts";
import type { SchemaOperation } from "../../core/language/operation.ts";
import { type PlainPlace, plainForm } from "../../core/language/safe/plain-forms.ts";
import type { Statement } from "../../core/model/statement.ts";
import { splitStatements } from "../../core/sql/statements.ts";
import { anyServer, nameless } from "./any-server.ts";
import { backfillSql } from "./backfill-sql.ts";
import { alterTable } from "./ddl/alter-table.ts";
import {
  createConstraint,
  dropConstraint,
  renameConstraint,
  validateConstraint,
} from "./ddl/constraints.ts";
import { createIndex, dropIndex, renameIndex } from "./ddl/indexes.ts";
import {
  createSchema,
  createSequence,
  createView,
  dropSchema,
  dropSequence,
  dropView,
} from "./ddl/objects.ts";
import { execute } from "./ddl/raw-sql.ts";
import { comment, createTable, dropTable, renameColumn, renameTable } from "./ddl/tables.ts";
import { literal } from "./literal.ts";
import { grants, lockTable } from "./own-tables.ts";
import { primaryKeySql, probeSql } from "./probe.ts";
import { refuse } from "./refuse.ts";
import { assumedServer, labelOf, type MysqlServer } from "./server.ts";
import { quote, quoteNamed } from "./sql-text.ts";

/** The dialect of one server: what differs is asked of its version. */
export function mysqlDialect(server: MysqlServer): Dialect {
  return {
    name: "mysql",
    syntax: "mysql",
    rules: "mysql",
    endSql: ({ pid }) => `KILL ${pid};`,
    label: labelOf(server),
    // Every DDL statement commits. https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html
    transactionalDdl: false,
    // https://dev.mysql.com/doc/refman/8.4/en/identifier-length.html
    identifierLimit: { length: 64, unit: "characters" },
    begin: "START TRANSACTION",
    commit: "COMMIT",
    rollback: "ROLLBACK",
    lockSettings: () => [],
    resetSettings: resetSettings(server),
    clearSession: resetSettings(server),
    servers: () => [
      nameless({ ...mysqlDialect(assumedServer), compile: (op) => compile(op, anyServer) }),
    ],
    compile: (op) => compile(op, server),
    lockTable,
    grants,
    safely: (form) => plainForm(form, place),
    catalog: () => import("./mysql-catalog-access.ts").then((it) => it.mysqlCatalogAccess),
    tableColumnsSql: (tables) =>
      `SELECT NULL AS table_schema, table_name AS table_name, column_name AS column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name IN (${tables.map(literal).join(", ")}) ORDER BY 2, ordinal_position`,
    // Locks the gaps too, so nobody can add a row.
    holdRowsSql: (table) => `SELECT 1 FROM ${quoteNamed(table)} FOR UPDATE`,
    primaryKeySql,
    refusesTransaction: () => false,
    splitStatements: (sql) => splitStatements(sql, "mysql"),
    quote,
    quoteNamed,
    literal,
    probeSql: (probe) => probeSql(probe, server),
    // InnoDB takes back by itself the work of a statement that was cut off.
    // https://dev.mysql.com/doc/refman/8.4/en/atomic-ddl.html
    repair: () => [],
    backfill: server.galera === true ? { ...backfillSql, leasesClaims: true } : backfillSql,
    // With `sql_mode=ORACLE` a % is no sign of arithmetic.
    operator: (sign) => (sign === "%" ? "MOD" : sign),
    builtin: (name) => name,
    isOneOf: (expression, values) => `${expression} IN (${values.join(", ")})`,
    catalogOnly: "",
    allRows: "",
    exactCollation: "utf8mb4_bin",
    castToText: (expression) => `CAST(${expression} AS CHAR)`,
    timeToText: (expression) => `CAST(${expression} AS CHAR)`,
    connectionId: "CAST(CONNECTION_ID() AS CHAR)",
    utcNow: "UTC_TIMESTAMP()",
    // The server does not tell when its transaction began.
    elapsedMs: "NULL",
  };
}

const place: PlainPlace = {
  quote,
  concurrently: true,
  note: "the server does it beside readers and writers, or else stops writers until it is done",
  defaultSql: () => "DEFAULT",
};

/** There is no RESET ALL: these are what migrations set. */
function resetSettings({ sqlMode }: MysqlServer): readonly string[] {
  const mode = sqlMode === undefined ? "DEFAULT" : literal(sqlMode);
  return [`SET SESSION sql_mode = ${mode}, foreign_key_checks = DEFAULT, unique_checks = DEFAULT`];
}

function compile(op: SchemaOperation, server: MysqlServer): readonly Statement[] {
  switch (op.kind) {
    case "create_table":
      return createTable(op, server);
    case "drop_table":
      return dropTable(op);
    case "alter_table":
      return alterTable(op, server);
    case "rename_table":
      return renameTable(op);
    case "rename_column":
      return renameColumn(op, server);
    case "create_index":
      return createIndex(op, server);
    case "drop_index":
      return dropIndex(op, server);
    case "rename_index":
      return renameIndex(op, server);
    case "create_constraint":
      return createConstraint(op, server);
    case "drop_constraint":
      return dropConstraint(op, server);
    case "rename_constraint":
      return renameConstraint(op);
    case "validate_constraint":
      return validateConstraint(op, server);
    case "create_schema":
      return createSchema(op);
    case "drop_schema":
      return dropSchema(op);
    case "create_extension":
    case "drop_extension":
    case "update_extension":
      return refuse(`have the extension ${op.name}`, "Leave it out.");
    case "create_enum":
    case "drop_enum":
    case "add_enum_value":
    case "rename_enum_value":
      return refuse(
        `have the enum ${op.enum.name}`,
        "Give the column the type itself: t.column(\"mood\", \"enum('sad', 'happy')\").",
      );
    case "create_sequence":
      return createSequence(op, server);
    case "drop_sequence":
      return dropSequence(op, server);
    case "create_view":
      return createView(op);
    case "drop_view":
      return dropView(op);
    case "comment":
      return comment(op, server);
    case "execute":
      return execute(op);
    case "execute_file":
      throw new Error(`the file ${op.path} must be read before it is compiled`);
  }
}
