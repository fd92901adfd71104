/**
 * Looks at each statement of the migrations while the engine runs them: the shadow's sessions are wrapped, and the
 * run's events tell which statement is the migration's.
 */

import type { Notice, Session } from "../../adapters/adapter.ts";
import { isOfToolSavepoint } from "../../core/language/foreign-modules.ts";
import { messageOf } from "../../core/model/message-of.ts";
import type { Statement } from "../../core/model/statement.ts";
import type { Emit, MigrationRef, RunEvent } from "../../engine/events.ts";
import { compare, type SeenEffects } from "./compare.ts";
import type { SentStatement } from "./disagree.ts";
import { type CatalogLook, look } from "./look.ts";
import { workOf } from "./messages.ts";
import type { TracedStatement } from "./traced.ts";
import { watchAlone } from "./watch-alone.ts";

export type TracerOptions = {
  /** A second connection to look from, which a shadow in this process has not. */
  readonly openObserver: (() => Promise<Session>) | undefined;
  readonly now: () => number;
  /** The objects that the shadow began with, by oid. */
  readonly began: ReadonlySet<string>;
  /** The tracer looks only at these; the others just run. Default: all. */
  readonly isWanted: (version: string) => boolean;
  /** Whether objects of one migration are old to the next. */
  readonly oneByOne: boolean;
};

/** Hears the run, and looks. */
export class Tracer {
  readonly statements: TracedStatement[] = [];
  /** All statements of migrations, traced or not. */
  readonly sent: SentStatement[] = [];
  readonly #options: TracerOptions;
  readonly #made = new Set<string>();
  #ours: ReadonlySet<string> | undefined;
  /** Texts of the migration that were queued and have not been sent. */
  #queued: string[] = [];
  #messages: string[] = [];
  #migration: MigrationRef | undefined;
  #words = "";
  #transaction: number | undefined;
  #transactions = 0;
  #isLooking = false;

  constructor(options: TracerOptions) {
    this.#options = options;
  }

  readonly hear: Emit = (event: RunEvent) => {
    switch (event.type) {
      case "migration_started":
        this.#migration = event.migration;
        this.#queued = [];
        if (this.#options.oneByOne) this.forgetMade();
        return;
      case "operation":
        this.#words = event.words;
        return;
      case "sql":
        if (event.by === "migration") this.#queued.push(event.sql);
        return;
      default:
        return;
    }
  };

  readonly notice = (notice: Notice): void => {
    if (this.#isLooking) this.#messages.push(notice.message);
  };

  /** From now on only newly made tables count as new. */
  forgetMade(): void {
    this.#made.clear();
  }

  /** Slipway's own tables and indexes, by oid. */
  get ours(): ReadonlySet<string> {
    return this.#ours ?? new Set();
  }

  /** Sends a statement, and looks at it when it is a migration's. */
  async run(session: Session, statement: Statement, send: () => Promise<void>): Promise<void> {
    const isQueued = this.#takeQueued(statement.sql) && !isOfToolSavepoint(statement.sql);
    // SET TRANSACTION must be the first query of its transaction, and a setting does nothing to be seen.
    const isSet = isSetting.test(statement.sql);
    const own = isQueued && !isSet;
    // Objects from before the first statement of a migration are Slipway's.
    if (own) {
      const { began } = this.#options;
      this.#ours ??= new Set([...(await look(session)).keys()].filter((oid) => !began.has(oid)));
    }
    const migration = this.#migration;
    if (isQueued && migration !== undefined) {
      const isWanted = !isSet && this.#options.isWanted(migration.version);
      this.sent.push({
        version: migration.version,
        sql: statement.sql,
        transaction: this.#transaction,
        traced: isWanted ? this.statements.length : undefined,
      });
    }
    if (own && migration !== undefined && this.#options.isWanted(migration.version))
      await this.#watch(session, statement, migration, send);
    else await send();
    this.#noteTransaction(statement.sql);
  }

  async #watch(
    session: Session,
    statement: Statement,
    migration: MigrationRef,
    send: () => Promise<void>,
  ): Promise<void> {
    const { openObserver, now } = this.#options;
    const before = await look(session);
    await session.query("SET client_min_messages = debug1");
    this.#messages = [];
    this.#isLooking = true;
    const started = now();
    let failed: unknown;
    let seen: CatalogLook = new Map();
    const notes: string[] = [];
    try {
      if (!statement.alone) await send();
      else if (openObserver === undefined) {
        notes.push("its locks could not be seen: the shadow has one connection");
        await send();
      } else seen = await watchAlone(session, openObserver, send);
    } catch (error) {
      failed = error;
    }
    const durationMs = now() - started;
    this.#isLooking = false;
    const after = failed === undefined ? merged(await look(session), seen) : before;
    if (failed === undefined) await session.query("RESET client_min_messages");
    const validated = failed === undefined ? await validatedBy(session, this.#messages) : [];
    const done = compare({
      before,
      after,
      messages: this.#messages,
      validated,
      empties: isTruncate.test(statement.sql),
      made: this.#made,
      ours: this.ours,
    });
    for (const oid of after.keys()) if (!before.has(oid)) this.#made.add(oid);
    const { version, name } = migration;
    this.statements.push({
      ...{ version, name, words: this.#words, sql: statement.sql },
      ...(this.#transaction === undefined ? {} : { transaction: this.#transaction }),
      durationMs,
      ...withNotes(done, notes),
      ...(failed === undefined ? {} : { failed: messageOf(failed) }),
    });
    if (failed !== undefined) throw failed;
  }

  #takeQueued(sql: string): boolean {
    const at = this.#queued.indexOf(sql);
    // Code may send several statements as one text, which is cut before it is sent.
    if (at === -1) return this.#queued.some((text) => text.includes(sql));
    this.#queued.splice(at, 1);
    return true;
  }

  #noteTransaction(sql: string): void {
    const word = /^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase();
    if (word === "BEGIN" || word === "START") this.#transaction = this.#transactions += 1;
    if (word === "COMMIT" || word === "ROLLBACK" || word === "END") this.#transaction = undefined;
  }
}

const isTruncate = /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*TRUNCATE\b/i;

const isSetting = /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:SET|RESET)\b/i;

/** The tables of the foreign keys that the server says it has validated. */
async function validatedBy(
  session: Session,
  messages: readonly string[],
): Promise<readonly string[]> {
  const names = workOf(messages).validates.map((name) => session.dialect.literal(name));
  if (names.length === 0) return [];
  const rows = await session.query(
    `SELECT conrelid::text AS oid FROM pg_constraint WHERE contype = 'f' AND conname IN (${names.join(", ")})`,
  );
  return rows.map(({ oid }) => String(oid));
}

/** The look from outside during the run has the locks; the look afterwards has the rest. */
function merged(after: CatalogLook, during: CatalogLook): CatalogLook {
  const all = new Map(after);
  for (const [oid, one] of during) {
    const now = after.get(oid);
    if (one.lock !== undefined) all.set(oid, { ...(now ?? one), lock: one.lock });
  }
  return all;
}

function withNotes(done: SeenEffects, notes: readonly string[]): SeenEffects {
  return { ...done, notes: [...notes, ...done.notes] };
}
