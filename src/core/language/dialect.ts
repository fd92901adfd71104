/** The pure half of a database: how it spells operations. Text in, text out. */

import type { LockPolicy } from "../model/lock-policy.ts";
import type { Named } from "../model/named.ts";
import type { CatalogProbe } from "../model/probe.ts";
import type { SqlStatement, Statement, StatementPolicy } from "../model/statement.ts";
import type { BackfillSql } from "./backfill-sql.ts";
import type { IdentifierLimit } from "./names.ts";
import type { SchemaOperation } from "./operation.ts";
import type { SafeForm } from "./safe/safe-form.ts";
import type { SafePart } from "./safe/safe-part.ts";

export interface Dialect {
  readonly name: "postgres" | "mysql" | "sqlite";
  /** For messages: `PostgreSQL`. */
  readonly label: string;
  /** Whether DDL can be rolled back. */
  readonly transactionalDdl: boolean;
  readonly identifierLimit: IdentifierLimit;
  readonly begin: string;
  readonly commit: string;
  readonly rollback: string;
  /** Makes the database refuse, for one transaction, a statement from which policies hide rows. Default: they hide none. */
  readonly showAllRows?: string;
  /** What holds a transaction to the lock policy, from its beginning to its end. Empty where that is not of a transaction. */
  lockSettings(kind: StatementPolicy["kind"], policy: LockPolicy): readonly Statement[];
  /** What gives a connection back the settings it began with. Empty where SQL cannot. */
  readonly resetSettings: readonly string[];
  /** The same at the end of a migration, with all else that it leaves on a connection. Empty where SQL cannot. */
  readonly clearSession: readonly string[];

  /** @throws {UnsupportedOperation} when this database cannot do it. */
  compile(op: SchemaOperation): readonly Statement[];
  /**
   * The parts of a safe form, in order, as they are on this server.
   *
   * @throws {UnsupportedOperation} when this database cannot do it without stopping others
   */
  safely(form: SafeForm): readonly SafePart[];
  /** A query for the columns of the tables of these names, in any schema: `table_schema`, `table_name`, `column_name`. */
  tableColumnsSql(tables: readonly string[]): string;
  /** What keeps others from writing to a table until the transaction ends, and lets them read. */
  holdRowsSql(table: Named): string;
  /** A query for the columns of a table's primary key in order, as `name`; no rows when it has none. */
  primaryKeySql(table: Named): string;
  /** Whether the database refuses `op` inside a transaction. */
  refusesTransaction(op: SchemaOperation): boolean;
  /** Cuts the text of an SQL file where this database would. */
  splitStatements(sql: string): readonly SqlStatement[];
  /** `name` as a quoted identifier. */
  quote(name: string): string;
  /** A table with its prefix, quoted. */
  quoteNamed(named: Named): string;
  /** A value as a literal, safe to stand in SQL text. */
  literal(value: unknown): string;
  /** A query that answers a probe: one row, one column `state` that is `present`, `absent`, `broken` or `validated`. */
  probeSql(probe: CatalogProbe): string;
  /** What clears away the broken remains of a statement, before it runs again. */
  repair(probe: CatalogProbe): readonly Statement[];
  /**
   * A comparison or a sum of ours, which no operator of somebody else's schema can stand in for. Binds tighter than
   * `AND`, and may bind tighter than other operators: what it stands between goes into parentheses.
   */
  operator(sign: "=" | "<>" | "<" | "<=" | ">" | "+" | "-" | "*" | "%"): string;
  /** A built-in function, which no function of somebody else's schema can stand in for. */
  builtin(name: string): string;
  /** Whether an expression is one of some values: `IN` looks for its operator in every schema of the path. */
  isOneOf(expression: string, values: readonly string[]): string;
  /** Begins a query of ours on the catalog that is sent alone, and looks at nothing else. Empty where no path is. */
  readonly catalogOnly: string;
  /** Begins a text that reads a table of ours, so that the server refuses it where a policy would hide rows. */
  readonly allRows: string;
  /** The SQL that gives `expression` as text: `CAST(version AS TEXT)`. */
  castToText(expression: string): string;
  /** A definition of a table of ours, with types that nobody can put others in place of. Default: as it is. */
  ownTypes?(sql: string): string;
  /** The SQL that gives a time without a zone as `2026-01-31 23:59:59`, whatever the session says of dates. */
  timeToText(expression: string): string;
  /** The SQL that gives a text of every row as one, with commas between. Default: the database would cut it off. */
  joinRows?(text: string): string;
  /** The statement that makes the table of the migration lock beside a history. Default: there is none. */
  lockTable?(history: Named): string;
  /** Who may do what with Slipway's own tables, as statements. Default: the database knows no users. */
  grants?(users: Users, tables: GrantedTables): readonly Grant[];
  /** What backfills ask. */
  readonly backfill: BackfillSql;
  /** The SQL of the server's name for this connection, as text, or `NULL` where it has none. */
  readonly connectionId: string;
  /** The SQL of the present time in UTC, as a timestamp without a zone. */
  readonly utcNow: string;
  /** The SQL of the whole milliseconds since the transaction began, or `NULL` where the database cannot tell. */
  readonly elapsedMs: string;
}

/** The three users of a production database: who runs migrations, who serves, who looks. */
export type Users = { readonly migrator: string; readonly app: string; readonly reader: string };

/** All tables of Slipway's, and those of them that an app reads when it starts. */
export type GrantedTables = {
  readonly all: readonly Named[];
  readonly histories: readonly Named[];
};

/** A statement, and whom it is for. */
export type Grant = { readonly words: string; readonly sql: string };

/** Says that a database cannot do an operation, and what to do instead. */
export class UnsupportedOperation extends Error {
  override readonly name = "UnsupportedOperation";
  /** Completes "PostgreSQL cannot …". */
  readonly operation: string;
  readonly hint: string;

  constructor(operation: string, options: { readonly hint: string }) {
    super(operation);
    this.operation = operation;
    this.hint = options.hint;
  }
}
