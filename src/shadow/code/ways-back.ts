/**
 * The statements that code sends going down: each migration goes up, down and up again on a
 * database that Slipway removes afterwards.
 */
import { isOfToolSavepoint } from "../../core/language/foreign-modules.ts";
import { isReleaseError, type ReleaseError } from "../../core/model/errors.ts";
import { inputFromDigits, type Version } from "../../core/model/migration.ts";
import type { Statement } from "../../core/model/statement.ts";
import { isJson } from "../../core/plan/plan-ahead.ts";
import type { SentBack } from "../../core/plan/step.ts";
import type { RunEvent } from "../../engine/events.ts";
import type { InventoryEntry } from "../../release/inventory.ts";
import type { Release } from "../../release/release.ts";
import { extensionsIn } from "../trace/extensions.ts";
import { openShadow } from "../trace/shadow.ts";
import { stepUp } from "../trace/step-up.ts";
import { asksForRows, type CodeOnShadowOptions, isCode, reasonOf } from "./sent-by-code.ts";

export type WaysBack = {
  /** The statements that the functions of a way back sent. */
  readonly sent: ReadonlyMap<Version, SentBack>;
  /** The ways back whose statements nobody knows, and why. */
  readonly unknown: ReadonlyMap<Version, string>;
};

/** @throws {ConnectionFailed} @throws {ReleaseError} `driver_missing`, and what loading the migrations throws */
export async function waysBack(
  release: Release,
  { repo, kind, migrations, shadowUrl: url, shadowSql: sql }: CodeOnShadowOptions,
): Promise<WaysBack> {
  const asked = migrations.filter(hasCodeBack);
  const sent = new Map<Version, SentBack>();
  const unknown = new Map<Version, string>();
  const foreign = migrations.findIndex(opensConnection);
  const able = foreign === -1 ? migrations : migrations.slice(0, foreign);
  const giveUp = (reason: string) => {
    for (const { file } of asked)
      if (!sent.has(file.version) && !unknown.has(file.version)) unknown.set(file.version, reason);
    return { sent, unknown };
  };
  const shadow = await openShadow({ kind, url, sql, extensions: extensionsIn(migrations) });
  try {
    const heard = new Listener();
    const tried = release.using({
      adapters: { [repo]: shadow.adapter },
      emit: (event) => heard.hear(event),
      write: () => undefined,
      inUse: false,
    });
    const { splitStatements } = shadow.adapter.dialect;
    let waiting = 0;
    for (const entry of able) {
      const { version, id } = entry.file;
      waiting++;
      if (!hasCodeBack(entry)) continue;
      const failure = await stepUp(tried, repo, { step: waiting });
      if (failure !== undefined) return giveUp(whyNotUp(failure, migrations));
      waiting = 1;
      heard.forget();
      const refused = await down(tried, repo, version);
      const ran = heard.operations.filter(({ words }) => codeOf(entry).includes(words));
      const back = ran.map(({ sent }) => sent.flatMap((one) => statementsOf(one, splitStatements)));
      const reason =
        refused === undefined ? whyNot(ran, back, codeOf(entry).length) : reasonOf(refused);
      if (reason === undefined) sent.set(version, back);
      else unknown.set(version, reason);
      if (refused === undefined) {
        if (!sentNothing(back)) continue;
        // All that it made still exists, and must not be made again.
        await tried.mark(repo, inputFromDigits(version), {
          as: "applied",
          reason: "nothing was undone",
        });
        waiting = 0;
        continue;
      }
      // A failure in a transaction leaves nothing; outside of one nobody knows where the shadow is.
      if (!entry.step.transactional) return giveUp(`the way back of ${id} failed on the shadow`);
      waiting = 0;
    }
    const other = migrations[foreign]?.file.id;
    return giveUp(`${other} opens its own connection, so it was not tried`);
  } finally {
    await shadow.dispose();
  }
}

/** Whether functions are in its way back. */
export function hasCodeBack(entry: InventoryEntry): boolean {
  return codeOf(entry).length > 0;
}

/** The words of those functions, in the order in which they run. */
function codeOf({ plan: { down } }: InventoryEntry): readonly string[] {
  if ("refused" in down) return [];
  return down.actions.flatMap((action) => ("code" in action ? [action.words] : []));
}

function opensConnection({ step, plan: { down } }: InventoryEntry): boolean {
  const back = "refused" in down ? [] : down.actions;
  return [...step.actions.filter(isCode), ...back].some(({ words }) =>
    words.includes("opens its own connection"),
  );
}

async function down(
  release: Release,
  repo: string,
  version: Version,
): Promise<ReleaseError | undefined> {
  try {
    await release.rollback(repo, inputFromDigits(version), { logMigrationsSql: true });
    return undefined;
  } catch (error) {
    if (isReleaseError(error)) return error;
    throw error;
  }
}

type Sent = { readonly sql: string; readonly parameters?: readonly unknown[] | undefined };
type Operation = { readonly words: string; readonly sent: Sent[] };

class Listener {
  operations: Operation[] = [];

  hear(event: RunEvent): void {
    if (event.type === "operation") this.operations.push({ words: event.words, sent: [] });
    if (event.type !== "sql" || event.by !== "migration" || isOfToolSavepoint(event.sql)) return;
    this.operations.at(-1)?.sent.push(event);
  }

  forget(): void {
    this.operations = [];
  }
}

function sentNothing(back: SentBack): boolean {
  return back.every((statements) => statements.length === 0);
}

/**
 * An earlier migration may be to blame for one that does not go up: its way back left something in
 * the way.
 */
function whyNotUp(failure: ReleaseError, migrations: readonly InventoryEntry[]): string {
  const { version } = failure.details as { readonly version?: Version };
  const failed = migrations.find(({ file }) => file.version === version);
  const whose = failed === undefined ? "" : ` of ${failed.file.id}`;
  return `the way up${whose} fails: ${reasonOf(failure)}`;
}

/** Leaves out a way back that depends on the real database, or that JSON cannot hold. */
function whyNot(ran: readonly Operation[], back: SentBack, functions: number): string | undefined {
  if (back.length !== functions) return "it was not seen what it sends";
  if (ran.some(({ sent }) => sent.some(({ sql }) => asksForRows(sql)))) return "it reads rows";
  return isJson(plainOf(back)) ? undefined : "it sends dates or bytes as parameters";
}

/** Leaves out `undefined` values. */
function plainOf(back: SentBack): unknown {
  return back.map((statements) => statements.map(({ parameters = [] }) => parameters));
}

/**
 * A text may hold several statements, and rows for COPY. One with parameters is a single statement.
 */
function statementsOf(
  { sql, parameters }: Sent,
  split: (sql: string) => readonly { readonly sql: string; readonly stdin?: string }[],
): readonly Statement[] {
  const policy = { kind: "locking" } as const;
  if (parameters !== undefined && parameters.length > 0) return [{ sql, parameters, policy }];
  return split(sql).map(({ sql, stdin }) => ({
    sql,
    policy,
    ...(stdin === undefined ? {} : { stdin }),
  }));
}
