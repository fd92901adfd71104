/**
 * The statements that code in migrations sends: Slipway runs all migrations on a database that it
 * removes afterwards.
 */
import type { RuleDialect } from "../../core/language/dialect.ts";
import { isOfToolSavepoint } from "../../core/language/foreign-modules.ts";
import type { ReleaseError } from "../../core/model/errors.ts";
import type { Version } from "../../core/model/migration.ts";
import { plain } from "../../core/model/statement.ts";
import type { Action } from "../../core/plan/action.ts";
import type { RunEvent } from "../../engine/events.ts";
import type { InventoryEntry } from "../../release/inventory.ts";
import type { Release } from "../../release/release.ts";
import { extensionsIn } from "../trace/extensions.ts";
import { openShadow, type ShadowKind } from "../trace/shadow.ts";
import { stepUp } from "../trace/step-up.ts";

export type CodeOnShadowOptions = {
  readonly repo: string;
  readonly kind: ShadowKind;
  /** All migrations of the repo. */
  readonly migrations: readonly InventoryEntry[];
  /** A server to make the shadow on. Default: a PGlite in memory. */
  readonly shadowUrl?: string | undefined;
  /** SQL that the shadow begins with. Default: none. */
  readonly shadowSql?: string | undefined;
};

export type SentByCode = {
  /** The migrations with statements instead of code, as far as they ran. */
  readonly migrations: readonly InventoryEntry[];
  /** Migrations whose code read rows: with other rows it may send other statements. */
  readonly readRows: ReadonlySet<Version>;
  /** Those whose code could not be run, or not to its end, and why. */
  readonly failed: ReadonlyMap<Version, string>;
};

/** Where the code of a repo is tried; or why it cannot be. */
export type ShadowPlace =
  | { readonly kind: ShadowKind; readonly shadowUrl: string | undefined; readonly unable?: never }
  | { readonly unable: string };

/** A server that was named is for repos of its kind; MySQL and MariaDB need one. */
export function shadowPlaceOf(
  { rules, adapter }: { readonly rules?: RuleDialect | undefined; readonly adapter: string },
  url: string | undefined,
): ShadowPlace {
  if (rules === undefined) return { unable: `no shadow is for ${adapter}` };
  const ofMysql = url !== undefined && /^(?:mysql|mariadb):/i.test(url);
  if (rules !== "mysql") return { kind: rules, shadowUrl: ofMysql ? undefined : url };
  if (ofMysql) return { kind: rules, shadowUrl: url };
  return { unable: "name a server to try it on: --shadow mysql://…, where a database can be made" };
}

/** @throws {ConnectionFailed} @throws {ReleaseError} `driver_missing`, and what loading the migrations throws */
export async function sentByCode(
  release: Release,
  { repo, kind, migrations, shadowUrl: url, shadowSql: sql }: CodeOnShadowOptions,
): Promise<SentByCode> {
  const shadow = await openShadow({ kind, url, sql, extensions: extensionsIn(migrations) });
  try {
    const heard = new Map<Version, Heard[]>();
    const failure = await stepUp(
      release.using({
        adapters: { [repo]: shadow.adapter },
        emit: listener(heard),
        write: () => undefined,
        inUse: false,
      }),
      repo,
    );
    return sentOf(migrations, heard, failure);
  } finally {
    await shadow.dispose();
  }
}

/** An operation, by the words that announce it, and the statements sent for it. */
type Heard = { readonly words: string; readonly sql: string[] };

function listener(heard: Map<Version, Heard[]>): (event: RunEvent) => void {
  let operations: Heard[] = [];
  return (event) => {
    if (event.type === "migration_started") {
      operations = [];
      heard.set(event.migration.version, operations);
    }
    if (event.type === "operation") operations.push({ words: event.words, sql: [] });
    if (event.type === "sql" && event.by === "migration") operations.at(-1)?.sql.push(event.sql);
  };
}

/** Pure. `failure` ended the run. */
export function sentOf(
  migrations: readonly InventoryEntry[],
  heard: ReadonlyMap<Version, readonly Heard[]>,
  failure: ReleaseError | undefined,
): SentByCode {
  const readRows = new Set<Version>();
  const failed = new Map<Version, string>();
  const last = [...heard.keys()].at(-1);
  const all = migrations.map((one) => {
    const { version } = one.file;
    if (!one.step.actions.some(isCode)) return one;
    const operations = heard.get(version);
    if (failure !== undefined && (operations === undefined || version === last))
      failed.set(version, version === last ? reasonOf(failure) : failure.message);
    const left = [...(operations ?? [])];
    const actions = one.step.actions.map((action): Action => {
      if (!isCode(action)) return action;
      const sql = take(left, action.words).filter((text) => !isOfToolSavepoint(text));
      if (sql.some(asksForRows)) readRows.add(version);
      const { words } = action;
      return { kind: "statements", words, statements: sql.map(plain) };
    });
    return { ...one, step: { ...one.step, actions } };
  });
  return { migrations: all, readRows, failed };
}

export function isCode(action: Action): boolean {
  return action.kind === "run";
}

/** The statements of the next operation with these words. */
function take(left: Heard[], words: string): readonly string[] {
  const at = left.findIndex((one) => one.words === words);
  return at === -1 ? [] : left.splice(0, at + 1).at(-1)!.sql;
}

/**
 * Every schema has the catalog, and functions give no rows; the user's tables have other rows
 * elsewhere.
 */
export function asksForRows(sql: string): boolean {
  return (
    /^\s*(?:SELECT|WITH)\b[\s\S]*\bFROM\s+(?:ONLY\s+)?["`\w.]+(?!["`\w.]|\s*\()/i.test(sql) &&
    !/\b(?:pg_\w+|information_schema|sqlite_(?:master|schema)|pragma_\w+)\b/i.test(sql)
  );
}

export function reasonOf(failure: ReleaseError): string {
  const { reason } = failure.details as { readonly reason?: unknown };
  return typeof reason === "string" ? reason : failure.message;
}
