/** The module of another tool, as far as tools are alike. */
import type { MigrationBuilder } from "../core/language/builder.ts";
import { type MigrationDefinition, ownMark } from "../core/language/migration-definition.ts";
import type { MigrationSettings } from "../core/model/migration.ts";
import type { MigrationDatabase } from "../core/model/migration-database.ts";

export type Exports = { readonly [name: string]: unknown };

/** What the module gives: its default export where that is what has `up`. `undefined` where it is Slipway's or none. */
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

/** A migration that is code both ways. Settings of ours that the module exports beside it count. */
export function codeMigration(
  tool: string,
  given: Exports,
  {
    up,
    down,
    transaction,
    before,
  }: {
    readonly up: Way;
    readonly down?: Way;
    readonly transaction: boolean;
    /** A statement that goes before the code, both ways. */
    readonly before?: string;
  },
): MigrationDefinition {
  const settings = Object.fromEntries(
    ownSettings.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]),
  );
  const way = (name: string, run: Way) => (m: MigrationBuilder) => {
    if (before !== undefined) m.execute(before, { down: "" });
    m.run(run, { label: `${tool}, ${name}` });
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
