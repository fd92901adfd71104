/**
 * Migrations of MikroORM: the user's own classes give their SQL, and Slipway sends it on the
 * migration's connection.
 */
import { classIn, made } from "../core/language/foreign-class.ts";
import type { ForeignModules } from "../core/language/foreign-modules.ts";
import type { MigrationDatabase } from "../core/model/migration-database.ts";
import type { SqlSyntax } from "../core/sql/token.ts";
import { codeMigration, type Exports, isObject } from "./foreign-module.ts";
import { sender } from "./sent.ts";

/**
 * Runs classes of MikroORM, whose `up()` and `down()` call `addSql` and `execute`, each in a transaction of Slipway's
 * unless its `isTransactional()` gives `false`. `getEntityManager()` is refused.
 */
export function mikroOrmMigrations(): ForeignModules {
  return {
    tool: "MikroORM",
    order: "name",
    definition(exported, { syntax }) {
      const found = classIn(exported);
      if (found === undefined || !("addSql" in found.prototype)) return undefined;
      const instance = made(found, {}, configuration) as Migration;
      // MySQL cannot roll its DDL back: a migration there is in no transaction, and the tool's own is its own.
      const transaction = syntax !== "mysql" && instance.isTransactional?.() !== false;
      const way = (name: "up" | "down") => (db: MigrationDatabase) =>
        run((driver) => made(found, driver, configuration) as Migration, {
          ...{ db, name, syntax, transaction },
        });
      return codeMigration("MikroORM", found as unknown as Exports, {
        up: way("up"),
        ...(hasOwnDown(found.prototype) ? { down: way("down") } : {}),
        ...{ transaction, syntax },
      });
    },
  };
}

/** The members of its class that Slipway uses. */
type Migration = {
  readonly isTransactional?: () => boolean;
  reset?(): void;
  getQueries(): readonly unknown[];
  up(): unknown;
  down(): unknown;
};

type About = {
  readonly db: MigrationDatabase;
  readonly name: "up" | "down";
  readonly syntax: SqlSyntax;
  readonly transaction: boolean;
};

/** As MikroORM's runner does, it sends executed statements at once, and added ones at the end. */
async function run(
  make: (driver: object) => Migration,
  { db, name, syntax, transaction }: About,
): Promise<void> {
  const send = sender(db, { transaction, syntax });
  const execute = async (query: unknown, parameters?: unknown) => {
    const { sql, values } = compiled(query, { parameters, syntax });
    return (await send(sql, values)).rows;
  };
  const migration = make({ execute, createEntityManager: refuse, getConnection: refuse });
  migration.reset?.();
  await migration[name]();
  for (const query of migration.getQueries()) await execute(query);
}

function refuse(): never {
  throw new Error(
    "an entity manager would open its own connection, outside the migration: use this.execute() or this.addSql()",
  );
}

/** A migration needs nothing from it. */
const configuration = { get: () => undefined };

/** The base class has one that throws. */
function hasOwnDown(prototype: object): boolean {
  for (let one: object | null = prototype; one !== null; one = Object.getPrototypeOf(one))
    if (Object.hasOwn(one, "down")) return !Object.hasOwn(one, "addSql");
  return false;
}

type Compiled = { readonly sql: string; readonly values: readonly unknown[] };

/** Text, a fragment of `raw()`, or a query builder. */
function compiled(
  query: unknown,
  { parameters, syntax }: { readonly parameters?: unknown; readonly syntax: SqlSyntax },
): Compiled {
  if (typeof query === "string") return placed(query, parameters ?? [], syntax);
  if (!isObject(query)) throw new Error("addSql takes SQL as text, or a query");
  if (typeof query.toRaw === "function") return compiled(query.toRaw(), { syntax });
  if (typeof query.toQuery === "function") return compiled(query.toQuery(), { syntax });
  if (typeof query.sql === "string") return placed(query.sql, query.params ?? [], syntax);
  throw new Error("addSql takes SQL as text, or a query");
}

/** Its `?` are values, and its `??` are names, wherever they stand; `\?` is a question mark. */
function placed(sql: string, parameters: unknown, syntax: SqlSyntax): Compiled {
  if (!Array.isArray(parameters))
    throw new Error("parameters by name are not read here: give a list, and write ? for each");
  if (parameters.length === 0) return { sql, values: [] };
  const left = [...parameters];
  const values: unknown[] = [];
  const text = sql.replace(/\\\?|\?\??/g, (mark) => {
    if (mark === "\\?") return "?";
    const value = left.shift();
    if (mark === "??") return quoted(String(value), syntax);
    values.push(value);
    return syntax === "postgres" ? `$${values.length}` : "?";
  });
  return { sql: text, values };
}

function quoted(name: string, syntax: SqlSyntax): string {
  const quote = syntax === "postgres" ? '"' : "`";
  const parts = name.split(".").map((part) => part.replaceAll(quote, quote + quote));
  return parts.map((part) => quote + part + quote).join(".");
}
