/** Recognises the server, and knows since when each kind has a feature. */

/** Major, minor and patch. */
export type ServerVersion = readonly [number, number, number];

/** MySQL or MariaDB: one dialect, and what differs is a trait of the server. */
export type MysqlServer = {
  readonly flavor: "mysql" | "mariadb";
  readonly version: ServerVersion;
  /** The session's `sql_mode`. Default: the server's own. */
  readonly sqlMode?: string | undefined;
  /** Whether it is a node of a Galera cluster. Default: it is not. */
  readonly galera?: boolean | undefined;
};

/** Since when each of them can do something. */
export type Since = { readonly [Flavor in MysqlServer["flavor"]]: ServerVersion | "never" };

/** The server that is assumed as long as none was asked: MySQL 8.0. */
export const assumedServer: MysqlServer = { flavor: "mysql", version: [8, 0, 40] };

/** The release notes and the manual pages of each statement say so; an older server ignores some of it silently. */
export const since = {
  /** https://dev.mysql.com/doc/refman/8.4/en/create-table-check-constraints.html, https://mariadb.com/kb/en/constraint/ */
  checks: { mysql: [8, 0, 16], mariadb: [10, 2, 1] },
  unenforcedChecks: { mysql: [8, 0, 16], mariadb: "never" },
  /** DROP CONSTRAINT for every kind. https://dev.mysql.com/doc/refman/8.4/en/alter-table.html */
  dropConstraint: { mysql: [8, 0, 19], mariadb: [10, 2, 1] },
  /** https://dev.mysql.com/doc/refman/8.4/en/create-index.html#create-index-functional-key-parts */
  expressionIndexes: { mysql: [8, 0, 13], mariadb: "never" },
  descendingIndexes: { mysql: [8, 0, 1], mariadb: [10, 8, 1] },
  /** https://dev.mysql.com/doc/refman/8.4/en/data-type-defaults.html */
  textDefaults: { mysql: [8, 0, 13], mariadb: [10, 2, 1] },
  renameColumn: { mysql: [8, 0, 3], mariadb: [10, 5, 2] },
  renameIndex: { mysql: [5, 7, 1], mariadb: [10, 5, 2] },
  /** IF EXISTS of columns, indexes and constraints. https://mariadb.com/kb/en/alter-table/ */
  ifExists: { mysql: "never", mariadb: [10, 0, 2] },
  /** https://mariadb.com/kb/en/create-sequence/ */
  sequences: { mysql: "never", mariadb: [10, 3, 1] },
  typedSequences: { mysql: "never", mariadb: [11, 5, 1] },
  notNullGenerated: { mysql: [5, 7, 6], mariadb: "never" },
  /** The column type `uuid`. https://mariadb.com/kb/en/uuid-data-type/ */
  uuid: { mysql: "never", mariadb: [10, 7, 1] },
} as const satisfies { readonly [feature: string]: Since };

/** Whether the server can do it. */
export function knows({ flavor, version }: MysqlServer, feature: Since): boolean {
  const first = feature[flavor];
  if (first === "never") return false;
  const at = version.findIndex((part, index) => part !== first[index]);
  return at === -1 || version[at]! > first[at]!;
}

/** Whether a backslash in a string makes something else of the next character. */
export function backslashEscapes({ sqlMode = "" }: MysqlServer): boolean {
  return !sqlMode.split(",").includes("NO_BACKSLASH_ESCAPES");
}

/** How the server is called. */
export function labelOf({ flavor }: MysqlServer): string {
  return flavor === "mariadb" ? "MariaDB" : "MySQL";
}

/** The query whose row `readServer` takes. Only MariaDB runs the part in its comment. */
export const serverQuery =
  "SELECT VERSION() AS version, @@sql_mode AS sqlMode /*M!100101 , @@wsrep_on AS galera */";

/** The server by its own words: `10.11.6-MariaDB`, `8.0.36`. */
export function readServer(
  version: string,
  session: Pick<MysqlServer, "sqlMode" | "galera"> = {},
): MysqlServer {
  const numbers = version.replace(/^5\.5\.5-(?=\d+\.\d+\.\d+-MariaDB)/, "").match(/\d+/g) ?? [];
  const [major = 0, minor = 0, patch = 0] = numbers.map(Number);
  return {
    flavor: /mariadb/i.test(version) ? "mariadb" : "mysql",
    version: [major, minor, patch],
    ...session,
  };
}
