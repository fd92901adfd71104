/** The tables of Slipway's own as SQL, for whoever may make them and grant rights to them. Connects to nothing. */
import type { Dialect, Users } from "../core/language/dialect.ts";
import type { Named } from "../core/model/named.ts";
import { ownTableStatements } from "../engine/own-table.ts";
import { ownTables } from "../engine/own-tables.ts";
import { ownFleetTables } from "../fleet/tables.ts";
import type { Repo } from "./config.ts";
import { laneOf } from "./lane.ts";

/** The statements of one repo that make its tables, and those that grant rights, each with its user. */
export type RepoTables = {
  readonly repo: string;
  /** `PostgreSQL`. */
  readonly database: string;
  readonly tables: readonly string[];
  readonly create: readonly string[];
  readonly grants: readonly { readonly words: string; readonly sql: string }[];
};

export type TablesOptions<RepoName extends string = string> = Partial<Users> & {
  readonly repo?: RepoName;
  /** The schema of the tables; on MySQL the database. Default: `public`; on MySQL the one that is in use. */
  readonly prefix?: string;
};

/** A statement for each table, and for each right of the users that are named `migrator`, `app` and `reader` by default. */
export function tablesOf(repo: Repo, options: TablesOptions): RepoTables {
  const { dialect } = repo.adapter;
  const prefix = options.prefix ?? dialect.defaultSchema;
  const histories = (["schema", "data"] as const).map(
    (lane) => laneOf(repo, lane, { prefix }).historyTable,
  );
  const [schema, data] = histories as [Named, Named];
  const many = repo.tenants === undefined ? [] : ownFleetTables(schema, dialect);
  const own = [...ownTables(schema), ...ownTables(data).slice(0, 1), ...many];
  const lock = { ...schema, name: "slipway_lock" };
  const all = [...own.map(({ table }) => table), lock];
  const { migrator = "migrator", app = "app", reader = "reader" } = options;
  return {
    repo: repo.name,
    database: dialect.label,
    tables: all.map(({ name }) => name),
    create: [
      ...own.flatMap((table) => createSql(dialect, table)),
      dialect.lockTable?.(schema) ?? [],
    ].flat(),
    grants: dialect.grants?.({ migrator, app, reader }, { all, histories }) ?? [],
  };
}

function createSql(
  dialect: Dialect,
  { table, columns }: ReturnType<typeof ownTables>[number],
): readonly string[] {
  return ownTableStatements(dialect, { change: "create", table, columns }).map(({ sql }) => sql);
}
