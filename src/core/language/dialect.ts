/** The pure half of a database: how it spells operations. Text in, text out. */

import type { CatalogAccess } from "../catalog/catalog-access.ts";
import type { Blocker } from "../model/blocker.ts";
import type { LockPolicy } from "../model/lock-policy.ts";
import type { Named } from "../model/named.ts";
import type { CatalogProbe, Rebuilt } from "../model/probe.ts";
import type { SqlStatement, Statement, StatementPolicy } from "../model/statement.ts";
import type { SqlSyntax } from "../sql/token.ts";
import type { BackfillSql } from "./backfill-sql.ts";
import type { IdentifierLimit } from "./names.ts";
import type { SchemaOperation } from "./operation.ts";
import type { SafeForm } from "./safe/safe-form.ts";
import type { SafePart } from "./safe/safe-part.ts";
import type { Column } from "./table-parts.ts";
import type { TenantSql } from "./tenant-sql.ts";

/**
 * An adapter's description of its database. Each optional part has a default that is right for a
 * database without it, so an adapter starts small. `defineDialect` fills them in.
 */
export interface DialectDefinition {
  /** One word for code and tables: `postgres`. Nothing is decided by it. */
  readonly name: string;
  /** For messages: `PostgreSQL`. */
  readonly label: string;
  /** Whose rules its SQL text follows: quotes, comments, bodies of functions. */
  readonly syntax: SqlSyntax;
  /** The safety rules that are for this database. Default: none are, and a migration is not judged. */
  readonly rules?: RuleDialect;
  /** Whether DDL can be rolled back. Without it Slipway keeps a journal, which needs `probeSql`. */
  readonly transactionalDdl: boolean;
  /** Default: 63 bytes, the least that a database is known to have. */
  readonly identifierLimit?: IdentifierLimit;
  /** Default: `BEGIN`. */
  readonly begin?: string;
  /** Default: `COMMIT`. */
  readonly commit?: string;
  /** Default: `ROLLBACK`. */
  readonly rollback?: string;
  /** Whether one text may hold several statements, and gives the rows of the last. Default: `false`, one after another. */
  readonly manyAtOnce?: boolean;
  /**
   * Whether every change of a table waits for the one writer, so that no form of it lets others
   * continue. Default: `false`.
   */
  readonly oneWriter?: boolean;
  /** The schema that a script for other users names. Default: none. */
  readonly defaultSchema?: string;
  /** Makes the database refuse, for one transaction, a statement from which policies hide rows. Default: they hide none. */
  readonly showAllRows?: string;
  /**
   * Statements that hold a transaction to the lock policy, from its beginning to its end. Empty
   * where the policy is not about a transaction. Default: empty; then nothing limits how long a
   * statement takes and waits.
   */
  lockSettings?(kind: StatementPolicy["kind"], policy: LockPolicy): readonly Statement[];
  /** Statements that give a connection back its first settings. Default: none, SQL cannot. */
  readonly resetSettings?: readonly string[];
  /**
   * SQL that protects the history and the tables beside it. It takes off them everything that hides
   * their rows from Slipway or acts on its writes: a migration may put such on all tables. Default:
   * nothing can do that to all tables at once.
   */
  shieldSql?(history: Named): string;
  /** The same at the end of a migration, with all else that it leaves on a connection. Default: `resetSettings`. */
  readonly clearSession?: readonly string[];

  /**
   * The dialects of all known servers, where they differ in safe forms alone: the build compiles
   * the parts that all share. Or one that throws `DependsOnServer` where they differ. Default:
   * nobody knows them, and a release compiles where it runs.
   */
  servers?(): readonly Dialect[];
  /** Makes a table of Slipway's own, or adds columns to it, without the rest of the compiler. Default: `compile`. */
  compileOwn?(own: OwnTableChange): readonly Statement[];
  /** @throws {UnsupportedOperation} when this database cannot do it. */
  compile(op: SchemaOperation): readonly Statement[];
  /**
   * The parts of a safe form, in order, as they are on this server. Default: plain operations.
   *
   * @throws {UnsupportedOperation} when this database cannot do it without stopping others
   */
  safely?(form: SafeForm): readonly SafePart[];
  /** Loads the reader and writer of its schema. Default: there is none. */
  catalog?(): Promise<CatalogAccess | undefined>;
  /** Loads the SQL for a schema for each tenant. Default: there is none. */
  tenants?(): Promise<TenantSql | undefined>;
  /** A query for the columns of the tables of these names, in any schema: `table_schema`, `table_name`, `column_name`. */
  tableColumnsSql(tables: readonly string[]): string;
  /**
   * The statement that keeps others from writing to a table until the transaction ends, but lets
   * them read. Default: there is none.
   */
  holdRowsSql?(table: Named): string;
  /** A query for the columns of a table's primary key in order, as `name`; no rows when it has none. */
  primaryKeySql(table: Named): string;
  /** Whether the database refuses `op` inside a transaction. Default: it refuses none. */
  refusesTransaction?(op: SchemaOperation): boolean;
  /** Cuts the text of an SQL file where this database would. Default: by its `syntax`. */
  splitStatements?(sql: string): readonly SqlStatement[];
  /** `name` as a quoted identifier. Default: in double quotes, which are doubled inside. */
  quote?(name: string): string;
  /** A table with its prefix, quoted. Default: `"prefix"."name"`. */
  quoteNamed?(named: Named): string;
  /**
   * A value as a literal, safe to stand in SQL text. Default: standard SQL, where `\` is a character like any other.
   *
   * @throws {UnsupportedOperation} for what no literal of this database can say
   */
  literal?(value: unknown): string;
  /**
   * A query that answers a probe: one row, one column `state` that is `present`, `absent`, `broken`
   * or `validated`. Default: the database cannot tell, and Slipway refuses by name the remains of a
   * statement outside of a transaction.
   */
  probeSql?(probe: CatalogProbe): string;
  /**
   * Statements that clear away the broken remains of a statement before it runs again. Default: it
   * leaves none.
   */
  repair?(probe: CatalogProbe): readonly Statement[];
  /** A query for the indexes that tries of a statement have left half made: `schema`, `name`. Default: none leaves any. */
  leftoversSql?(rebuilt: Rebuilt): string;
  /**
   * A comparison or a sum of ours, which no operator of somebody else's schema can stand in for.
   * Binds tighter than `AND`, and may bind tighter than other operators: put its sides into
   * parentheses. Default: the sign.
   */
  operator?(sign: "=" | "<>" | "<" | "<=" | ">" | "+" | "-" | "*" | "%"): string;
  /** A built-in function, which no function of somebody else's schema can stand in for. Default: its name. */
  builtin?(name: string): string;
  /** Whether an expression is one of some values. Default: `IN`, which may look for its operator in every schema. */
  isOneOf?(expression: string, values: readonly string[]): string;
  /** Begins a query of ours on the catalog that is sent alone, and looks at nothing else. Default: empty, no path is. */
  readonly catalogOnly?: string;
  /** Begins a text that reads a table of ours, so that the server refuses it where a policy would hide rows. Default: empty. */
  readonly allRows?: string;
  /** The SQL that gives `expression` as text. Default: `CAST(version AS VARCHAR)`. */
  castToText?(expression: string): string;
  /**
   * A definition of one of Slipway's tables, with types that nobody can replace by others. Default:
   * unchanged.
   */
  ownTypes?(sql: string): string;
  /** The collation in which texts are one only if all of their characters are. Default: the database's own is such a one. */
  readonly exactCollation?: string;
  /**
   * The SQL that gives a time without a zone as `2026-01-31 23:59:59`, whatever date format the
   * session has. Default: `castToText`.
   */
  timeToText?(expression: string): string;
  /** The time of day as the session's zone has it, which a column without a zone holds after `now()`. Default: UTC. */
  readonly wallClock?: {
    /** The SQL of the column's moment, in UTC, as `timeToText` writes it. */
    toText(column: string): string;
    /** The SQL of a moment, for such a column. */
    literal(at: Date): string;
  };
  /** The SQL that gives a text of every row as one, with commas between. Default: the database would cut it off. */
  joinRows?(text: string): string;
  /** The SQL of whether a table is there, for a query that gives one row. Default: nobody can tell without an error. */
  isTableThere?(table: Named): string;
  /** The statement that makes the table of the migration lock beside a history. Default: there is none. */
  lockTable?(history: Named): string;
  /** Who may do what with Slipway's own tables, as statements. Default: the database knows no users. */
  grants?(users: Users, tables: GrantedTables): readonly Grant[];
  /** The SQL for backfills. Default: Slipway refuses a backfill by name. */
  readonly backfill?: BackfillSql;
  /** The major version of the server, where the connection said it at the start. Default: who needs it asks. */
  readonly serverMajor?: number;
  /** The safety rules' questions to the server. Default: nobody can tell. */
  readonly safety?: SafetySql;
  /** The SQL of the server's name for this connection, as text. Default: `NULL`, it has none. */
  readonly connectionId?: string;
  /**
   * A comment that names the migration at work in the server's list of statements. Default: none, the server shows
   * each statement alone.
   */
  workMark?(work: string): string;
  /** The statement that ends a connection, or a prepared transaction that no process holds. Default: none does. */
  endSql?(who: Pick<Blocker, "pid" | "prepared">): string;
  /** The SQL of the present time in UTC, as a timestamp without a zone. */
  readonly utcNow: string;
  /** The SQL of the whole milliseconds since the transaction began. Default: `NULL`, the database cannot tell. */
  readonly elapsedMs?: string;
}

/** The parts that `defineDialect` fills in. */
export type Defaulted =
  | "identifierLimit"
  | "begin"
  | "commit"
  | "rollback"
  | "lockSettings"
  | "resetSettings"
  | "clearSession"
  | "safely"
  | "holdRowsSql"
  | "refusesTransaction"
  | "splitStatements"
  | "quote"
  | "quoteNamed"
  | "literal"
  | "probeSql"
  | "repair"
  | "operator"
  | "builtin"
  | "isOneOf"
  | "catalogOnly"
  | "allRows"
  | "castToText"
  | "timeToText"
  | "backfill"
  | "connectionId"
  | "elapsedMs";

/** A definition with all of its defaults: what Slipway works with. */
export interface Dialect
  extends Omit<DialectDefinition, Defaulted>,
    Required<Pick<DialectDefinition, Defaulted>> {}

/** A change of one of Slipway's own tables: make all of its columns, or add some. */
export type OwnTableChange = {
  readonly change: "create" | "add";
  readonly table: Named;
  readonly columns: readonly Column[];
};

/** The databases that safety rules speak of. */
export type RuleDialect = "postgres" | "mysql" | "sqlite";

/** The safety rules' questions to a server, as SQL. */
export interface SafetySql {
  /** A query for the `major` version. */
  readonly major: string;
  /** A query for the estimated `rows` and the `bytes` of tables by `name`; tables without estimates are missing. */
  sizes(tables: readonly string[]): string;
  /**
   * A query for the `name` of each table but Slipway's own, which begin with `own`, and its `size`: `empty`, `small`,
   * `large`, or `partitioned`.
   */
  fullness(own: string): string;
  /**
   * A query for the `name` of those of the tables that are plain ones: without partitions, and without tables that
   * inherit. A name without a schema is one whatever the schema.
   */
  plainTables(tables: readonly string[]): string;
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
