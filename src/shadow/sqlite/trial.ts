/**
 * Runs SQLite's scripts on a database in memory, with the engine that runs them later: refusals,
 * breakage and lasting changes. It says nothing where the database could know more than the
 * scripts.
 */
import type { SqliteDatabase, SqliteDriver } from "../../adapters/sqlite/driver.ts";
import { nodeSqlite } from "../../adapters/sqlite/node-sqlite.ts";
import { plain } from "../../core/model/statement.ts";
import type { Effect } from "../../core/safety/effects/effect.ts";
import type { Script, ScriptStatement, Trial } from "../../core/safety/effects/script.ts";
import { wordOf } from "../../core/sql/token.ts";
import { certainFailure, Knowledge, missingIn, needsRows } from "./certain.ts";
import { droppedAlong } from "./dropped-along.ts";
import type { Broken } from "./left-broken.ts";
import { longWorkOf } from "./long-work.ts";
import { codeOf, targetOf } from "./names.ts";
import { dropTemporary, isOfTrigger, openTrial, runSent } from "./trial-database.ts";
import { type Change, TrialSchema } from "./trial-schema.ts";
import { refusedWithRows } from "./with-a-row.ts";

export type TrialOptions = {
  /**
   * Whether a database may have tables that no script made. Default: whether its base is unknown.
   */
  readonly mayHaveMore?: boolean | undefined;
};

/** `undefined` where this Node has no SQLite. */
export async function sqliteTrial(options: TrialOptions = {}): Promise<Trial | undefined> {
  try {
    const driver = await nodeSqlite();
    return (scripts, { base, eachIsARun }) => {
      const { mayHaveMore = base === undefined } = options;
      const isWhole = base !== undefined && !mayHaveMore;
      const run = new Run(driver, new Knowledge({ isWhole, isFromNothing: !mayHaveMore }));
      try {
        if (base !== undefined) run.build(base);
        return scripts.map((script, i) =>
          run.script(script, {
            begins: eachIsARun === true && scripts[i - 1]?.name !== script.name,
          }),
        );
      } finally {
        run.close();
      }
    };
  } catch {
    return undefined;
  }
}

class Run {
  readonly #db: SqliteDatabase;
  readonly #known: Knowledge;
  readonly #version: string;
  readonly #seen: TrialSchema;

  constructor(driver: SqliteDriver, known: Knowledge) {
    this.#db = openTrial(driver);
    this.#known = known;
    this.#version = String(this.#db.prepare("SELECT sqlite_version() AS version").get()?.version);
    this.#seen = new TrialSchema(this.#db);
  }

  close(): void {
    this.#db.close();
  }

  /** Runs the statements of earlier migrations. */
  build(base: readonly ScriptStatement[]): void {
    for (const one of base) this.#try(one, { inTransaction: false });
    this.#endTransaction();
    this.#seen.beginRun();
  }

  script(script: Script, { begins }: { readonly begins: boolean }): readonly (readonly Effect[])[] {
    const db = this.#db;
    if (begins) this.#connectAnew();
    const around = script.statements.find(({ sent }) => sent?.around !== undefined)?.sent?.around;
    const isWrapped = script.inTransaction && !db.isTransaction;
    this.#lookAgain();
    const sound = this.#seen.broken;
    const broken: ReadonlyMap<string, Broken>[] = [];
    if (isWrapped) this.#quietly([around?.beforeBegin, plain("BEGIN"), around?.afterBegin]);
    const effects = script.statements.map((one) => {
      const found = this.#statement(one, script);
      this.#lookAgain();
      broken.push(this.#seen.broken);
      return found;
    });
    if (isWrapped) this.#quietly([around?.beforeCommit]);
    this.#endTransaction();
    if (isWrapped) this.#quietly([around?.atEnd]);
    // Their switches may decide what is broken.
    if (around !== undefined || script.statements.some(({ text }) => /\bPRAGMA\b/i.test(text)))
      this.#seen.mistrust();
    if (script.runsCode === true) this.#known.isOpen = true;
    return withBroken(effects, { sound, broken, isCertain: (one) => this.#isCertain(one) });
  }

  /** Temporary tables of an earlier run exist only if the same run continues. */
  #connectAnew(): void {
    this.#seen.beginRun();
    for (const name of dropTemporary(this.#db)) this.#known.doubted.add(name);
  }

  #lookAgain(): void {
    if (!this.#seen.isTrusted) this.#note(this.#seen.look());
  }

  #note({ names }: Change): void {
    for (const name of names) this.#known.made.add(name);
  }

  #statement(one: ScriptStatement, script: Script): readonly Effect[] {
    this.#lookAgain();
    const db = this.#db;
    const isInside = db.isTransaction;
    const seen = this.#seen;
    const isOlder = (table: string) => seen.isOlder(table);
    const sent = one.sent ?? plain(one.text);
    const isPlain = isTried(one.text) && !this.#known.isDoubted(one.text);
    const rows = isPlain ? refusedWithRows(db, sent, isOlder) : undefined;
    const along =
      isPlain && sent.procedure === undefined ? droppedAlong(db, one.text, isOlder) : undefined;
    const work = isPlain ? longWorkOf(one.text, { db, tables: seen.tables, isOlder }) : undefined;
    if (db.isTransaction !== isInside) seen.mistrust();
    const { change, effect } = this.#try(one, script);
    if (change === undefined) return effect === undefined ? [] : [effect];
    return [
      ...changesOf(one.text, change),
      ...(rows === undefined ? [] : [{ kind: "rows refused", ...rows } as const]),
      ...(along === undefined ? [] : [{ kind: "rows dropped along", ...along } as const]),
      ...[work ?? rebuilt(change, isOlder)].flatMap((long): readonly Effect[] =>
        long === undefined || rows !== undefined ? [] : [{ kind: "write lock held", ...long }],
      ),
    ];
  }

  /** Runs it, and notes the schema afterwards. */
  #try(
    one: ScriptStatement,
    { inTransaction }: Pick<Script, "inTransaction">,
  ): { readonly change?: Change; readonly effect?: Effect } {
    const { text, sent } = one;
    const known = this.#known;
    if (!isTried(text) || lacksValues(one)) {
      known.isOpen ||= /^\s*(AT|DE)TACH\b/i.test(text);
      return {};
    }
    const isBegun = inTransaction && sent?.around !== undefined;
    try {
      if (!isBegun) runSent(this.#db, sent ?? plain(text));
      const change = this.#seen.look(sent?.procedure === undefined ? text : undefined);
      this.#note(change);
      this.#weigh(text);
      return { change };
    } catch (error) {
      this.#seen.mistrust();
      const { sql, isSent } = { sql: text, isSent: sent !== undefined };
      const said = error instanceof Error ? error.message : "";
      const why = isOfTrigger(this.#db, text, error)
        ? undefined
        : certainFailure(error, { sql, known, version: this.#version, isSent });
      const table = targetOf(text)?.name;
      const isOfRows = needsRows.test(said) && !known.isDoubted(text) && table !== undefined;
      known.doubt(text, { isCertain: why !== undefined });
      if (isOfRows) return { effect: { kind: "rows refused", table, why: said } };
      return why === undefined ? {} : { effect: { kind: "fails", why, source } };
    }
  }

  /** IF NOT EXISTS may have found another object where the database has more than the scripts. */
  #weigh(sql: string): void {
    const target = targetOf(sql);
    if (target === undefined) return;
    const { verb, isIf, name, to } = target;
    if (verb === "CREATE" && isIf && !this.#known.isFromNothing) this.#known.doubted.add(name);
    else if (verb === "CREATE") this.#known.doubted.delete(name);
    if (to !== undefined && this.#known.doubted.has(name)) this.#known.doubted.add(to);
  }

  #isCertain({ why, sql, what }: Broken): boolean {
    const known = this.#known;
    if (known.isDoubted(`${sql} ${what}`)) return false;
    const missing = missingIn(why);
    if (missing !== undefined) return known.isWhole || known.made.has(missing);
    return !/no such (module|collation)/.test(why);
  }

  #quietly(statements: readonly (ReturnType<typeof plain> | undefined)[]): void {
    for (const statement of statements) {
      try {
        if (statement !== undefined) runSent(this.#db, statement);
      } catch {
        // It depends on rows.
        this.#seen.mistrust();
      }
    }
  }

  #endTransaction(): void {
    if (this.#db.isTransaction) this.#quietly([plain("COMMIT")]);
    if (this.#db.isTransaction) {
      this.#quietly([plain("ROLLBACK")]);
      this.#seen.mistrust();
    }
    this.#quietly([plain("PRAGMA foreign_keys = ON"), plain("PRAGMA legacy_alter_table = OFF")]);
  }
}

/** The first page of the manual: errors of SQLite have no pages. */
const source = "https://www.sqlite.org/lang.html";

/**
 * Whether code sent it and its parameters' values are unknown. A definition can have none, whoever
 * sends it.
 */
function lacksValues({ text, sent }: ScriptStatement): boolean {
  const [first, ...rest] = codeOf(text);
  if (sent?.parameters !== undefined || /^(CREATE|ALTER|DROP)$/.test(wordOf(first))) return false;
  return rest.some(({ kind }) => kind === "parameter");
}

/** Leaves out statements that would reach a file, lines for a client, and rows that never end. */
function isTried(sql: string): boolean {
  if (/^\s*(\.|(AT|DE)TACH\b|VACUUM\b[\s\S]*\bINTO\b|SELECT\b)/i.test(sql)) return false;
  return !/\bRECURSIVE\b/i.test(sql) || /^\s*CREATE\b/i.test(sql);
}

function changesOf(sql: string, { tablesMade }: Change): readonly Effect[] {
  const [first] = codeOf(sql);
  const target = targetOf(sql);
  if (wordOf(first) === "ALTER" && target?.to !== undefined)
    return [{ kind: "table moved", from: target.name, to: target.to }];
  return tablesMade.map((name): Effect => ({ kind: "table made", name }));
}

/** SQLite rewrote a table that moved in the file. */
function rebuilt({ tablesMoved }: Change, isOlder: (table: string) => boolean) {
  const table = tablesMoved.find(isOlder);
  return table === undefined
    ? undefined
    : ({ way: "writes", table, what: `the rebuilt table ${table}` } as const);
}

/** Adds the objects that are newly broken at the end, each to the statement that broke it. */
function withBroken(
  effects: readonly (readonly Effect[])[],
  {
    sound,
    broken,
    isCertain,
  }: {
    readonly sound: ReadonlyMap<string, Broken>;
    readonly broken: readonly ReadonlyMap<string, Broken>[];
    readonly isCertain: (one: Broken) => boolean;
  },
): readonly (readonly Effect[])[] {
  const found = [...(broken.at(-1)?.values() ?? [])].filter(
    (one) => !sound.has(one.what) && isCertain(one),
  );
  return effects.map((some, i) => [
    ...some,
    ...(some.some(({ kind }) => kind === "rows refused") ? [] : found)
      .filter(({ what }) => broken.findLastIndex((one) => !one.has(what)) + 1 === i)
      .map(({ what, why, tables }): Effect => ({ kind: "left broken", what, why, tables })),
  ]);
}
