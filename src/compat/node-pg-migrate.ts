/** Migrations of node-pg-migrate, run by the user's own on the connection of the migration. */
import { importDriver } from "../adapters/import-driver.ts";
import type { ForeignModules } from "../core/language/foreign-modules.ts";
import type { MigrationDatabase } from "../core/model/migration-database.ts";
import { codeMigration, type Exports, exportsOf, isObject } from "./foreign-module.ts";
import { PgClient } from "./pg-client.ts";
import { sender } from "./sent.ts";

/** How your node-pg-migrate is set up. */
export type NodePgMigrationsOptions = {
  /** Names of types that all migrations may use, as earlier ones export them. Default: each has its own. */
  readonly shorthands?: Exports;
  /** As node-pg-migrate has it. Default: `false`. */
  readonly decamelize?: boolean;
};

/**
 * Runs modules with node-pg-migrate's `up(pgm)` and `down(pgm)`, each in a transaction of Slipway's unless it says
 * `pgm.noTransaction()`. Without `down` its own reversal of `up` runs; with `down = false` there is no way back.
 */
export function nodePgMigrations(options: NodePgMigrationsOptions = {}): ForeignModules {
  return {
    tool: "node-pg-migrate",
    definition(exported, { syntax }) {
      const given = exportsOf(exported);
      if (given === undefined) return undefined;
      if (syntax !== "postgres") throw new Error("node-pg-migrate runs on PostgreSQL only");
      const { up, down } = given;
      const transaction = ![up, down].some((run) => /\bnoTransaction\s*\(/.test(String(run)));
      const about = { ...options, transaction, own: given.shorthands };
      const way = (run: unknown, isReversed: boolean) => (db: MigrationDatabase) =>
        build(db, run as Run, { ...about, isReversed });
      const back = down === undefined ? way(up, true) : way(down, false);
      return codeMigration("node-pg-migrate", given, {
        up: way(up, false),
        ...(down === false || down === null ? {} : { down: back }),
        ...{ transaction, syntax },
      });
    },
  };
}

type Run = (pgm: Builder, done?: () => void) => unknown;

/** The methods of its builder that Slipway uses. Its types do not say how to make one. */
type Builder = {
  enableReverseMode(): void;
  getSqlSteps(): readonly string[];
  isUsingTransaction(): boolean;
};
type BuilderClass = new (
  db: object,
  shorthands: Exports,
  decamelize: boolean,
  logger: object,
) => Builder;

type About = NodePgMigrationsOptions & {
  readonly transaction: boolean;
  readonly isReversed: boolean;
  /** The module's export `shorthands`. */
  readonly own: unknown;
};

async function build(
  db: MigrationDatabase,
  run: Run,
  { shorthands = {}, own, decamelize = false, transaction, isReversed }: About,
): Promise<void> {
  const { MigrationBuilder } = await importDriver(() => import("node-pg-migrate"), names);
  if (MigrationBuilder === undefined)
    throw new Error(
      "slipway/compat/node-pg-migrate needs node-pg-migrate 7 or newer: npm install node-pg-migrate@latest",
    );
  const client = new PgClient(sender(db, { transaction, syntax: "postgres" }));
  const types = { ...shorthands, ...(isObject(own) ? own : {}) };
  const Builder = MigrationBuilder as unknown as BuilderClass;
  const pgm = new Builder(connectionOf(client), types, decamelize, silent);
  if (isReversed) pgm.enableReverseMode();
  // With a second parameter it calls back.
  await (run.length === 2 ? new Promise<void>((done) => run(pgm, done)) : run(pgm));
  if (transaction && !pgm.isUsingTransaction())
    throw new Error("call pgm.noTransaction() in up or down itself, where it can be seen");
  for (const sql of pgm.getSqlSteps()) await client.query(sql);
}

/** `pgm.db`, for migrations that ask while they are built. */
function connectionOf(client: PgClient): object {
  const query = (sql: string, values?: readonly unknown[]) => client.query(sql, values);
  const select = async (sql: string, values?: readonly unknown[]) =>
    (await query(sql, values))?.rows ?? [];
  return { query, select };
}

const nothing = () => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };
const names = { driver: "node-pg-migrate", adapter: "compat/node-pg-migrate" };
