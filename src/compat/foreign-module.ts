/** The module of another tool, as far as tools are alike. */
import type { MigrationBuilder } from "../core/language/builder.ts";
import { type MigrationDefinition, ownMark } from "../core/language/migration-definition.ts";
import type { MigrationSettings } from "../core/model/migration.ts";
import type { MigrationDatabase } from "../core/model/migration-database.ts";
import type { SqlSyntax } from "../core/sql/token.ts";
import { opensConnection } from "./own-connection.ts";

export type Exports = { readonly [name: string]: unknown };

/**
 * The exports of the module, or its default export where only that has `up`. `undefined` for
 * Slipway's own modules and for those without `up`.
 */
export function exportsOf(exported: unknown): Exports | undefined {
  if (!isObject(exported)) return undefined;
  const { default: given } = exported;
  const own = isObject(given) && !("up" in exported) ? (exportsOf(given) ?? given) : exported;
  return ownMark in own || "change" in own || typeof own.up !== "function" ? undefined : own;
}

export function isObject(value: unknown): value is Exports {
  return typeof value === "object" && value !== null;
}

type Way = (db: MigrationDatabase) => unknown;

/** A migration that is code both ways. Slipway's settings that the module also exports count. */
export function codeMigration(
  tool: string,
  given: Exports,
  {
    up,
    down,
    transaction,
    syntax,
  }: {
    readonly up: Way;
    readonly down?: Way;
    readonly transaction: boolean;
    readonly syntax: SqlSyntax;
  },
): MigrationDefinition {
  const settings = Object.fromEntries(
    ownSettings.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]),
  );
  const way = (name: string, run: Way) => (m: MigrationBuilder) => {
    // To change a table, these tools make a new one. Foreign keys can only be switched off around a
    // transaction; inside of it, where the tools or their users do so, nothing happens, and ON
    // DELETE CASCADE would take the rows of others.
    if (syntax === "sqlite" && transaction) m.execute("PRAGMA foreign_keys = OFF", { down: "" });
    const own = opensConnection(given[name] ?? given) ? "; it opens its own connection" : "";
    m.run(run, { label: `${tool}, ${name}${own}` });
  };
  return {
    ...settings,
    ...(transaction ? {} : { transaction }),
    up: way("up", up),
    ...(down && { down: way("down", down) }),
  };
}

const ownSettings = [
  "policy",
  "phase",
  "requires",
  "compatibleFrom",
  "safe",
] as const satisfies readonly (keyof MigrationSettings)[];
