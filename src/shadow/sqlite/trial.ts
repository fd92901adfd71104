/**
 * SQLite's scripts, run on a database in memory by the engine that runs them later: what it refuses, what it breaks,
 * and what lasts. Nothing is said where the database could know more than the scripts.
 */
import type { SqliteDatabase, SqliteDriver } from "../../adapters/sqlite/driver.ts";
import { nodeSqlite } from "../../adapters/sqlite/node-sqlite.ts";
import { plain } from "../../core/model/statement.ts";
import type { Effect } from "../../core/safety/effects/effect.ts";
import type { Script, ScriptStatement, Trial } from "../../core/safety/effects/script.ts";
import { wordOf } from "../../core/sql/token.ts";
import { certainFailure, Knowledge, missingIn, needsRows } from "./certain.ts";
import { droppedAlong } from "./dropped-along.ts";
import { type Broken, brokenIn } from "./left-broken.ts";
import { longWorkOf } from "./long-work.ts";
import { codeOf, targetOf } from "./names.ts";
import {
  dropTemporary,
  isOfTrigger,
  namesOf,
  openTrial,
  runSent,
  type SeenTable,
  tablesOf,
} from "./trial-database.ts";
import { refusedWithRows } from "./with-a-row.ts";

export type TrialOptions = {
  /** Whether a database may have tables that no script made. Default: where nothing says what it begins with. */
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
  /** What was there before the run. */
  #older: ReadonlySet<string>;

  constructor(driver: SqliteDriver, known: Knowledge) {
    this.#db = openTrial(driver);
    this.#known = known;
    this.#version = String(this.#db.prepare("SELECT sqlite_version() AS version").get()?.version);
    this.#older = new Set();
  }

  close(): void {
    this.#db.close();
  }

  /** What earlier migrations have built. */
  build(base: readonly ScriptStatement[]): void {
    for (const one of base) this.#try(one, { inTransaction: false });
    this.#endTransaction();
    this.#older = new Set(tablesOf(this.#db).keys());
  }

  script(script: Script, { begins }: { readonly begins: boolean }): readonly (readonly Effect[])[] {
    const db = this.#db;
    if (begins) this.#connectAnew();
    const around = script.statements.find(({ sent }) => sent?.around !== undefined)?.sent?.around;
    const isWrapped = script.inTransaction && !db.isTransaction;
    const sound = brokenIn(db);
    const broken: ReadonlyMap<string, Broken>[] = [];
    if (isWrapped) this.#quietly([around?.beforeBegin, plain("BEGIN"), around?.afterBegin]);
    const effects = script.statements.map((one) => {
      const found = this.#statement(one, script);
      broken.push(brokenIn(db));
      return found;
    });
    if (isWrapped) this.#quietly([around?.beforeCommit]);
    this.#endTransaction();
    if (isWrapped) this.#quietly([around?.atEnd]);
    if (script.runsCode === true) this.#known.isOpen = true;
    return withBroken(effects, { sound, broken, isCertain: (one) => this.#isCertain(one) });
  }

  /** Temporary tables of an earlier run are there only where the same run goes on. */
  #connectAnew(): void {
    this.#older = new Set(tablesOf(this.#db).keys());
    for (const name of dropTemporary(this.#db)) this.#known.doubted.add(name);
  }

  #statement(one: ScriptStatement, script: Script): readonly Effect[] {
    const db = this.#db;
    const before = tablesOf(db);
    const isOlder = (table: string) => this.#older.has(table) && before.has(table);
    const sent = one.sent ?? plain(one.text);
    const isPlain = isTried(one.text) && !this.#known.isDoubted(one.text);
    const rows = isPlain ? refusedWithRows(db, sent, isOlder) : undefined;
    const along =
      isPlain && sent.procedure === undefined ? droppedAlong(db, one.text, isOlder) : undefined;
    const work = isPlain ? longWorkOf(one.text, { db, tables: before, isOlder }) : undefined;
    const failure = this.#try(one, script);
    if (failure !== undefined) return failure.effect === undefined ? [] : [failure.effect];
    const after = tablesOf(db);
    return [
      ...changesOf(one.text, before, after),
      ...(rows === undefined ? [] : [{ kind: "rows refused", ...rows } as const]),
      ...(along === undefined ? [] : [{ kind: "rows dropped along", ...along } as const]),
      ...[work ?? rebuilt(before, after, isOlder)].flatMap((long): readonly Effect[] =>
        long === undefined || rows !== undefined ? [] : [{ kind: "write lock held", ...long }],
      ),
    ];
  }

  /** Runs it, and takes note of what is there then. */
  #try(
    one: ScriptStatement,
    { inTransaction }: Pick<Script, "inTransaction">,
  ): { readonly effect?: Effect } | undefined {
    const { text, sent } = one;
    const known = this.#known;
    if (!isTried(text) || lacksValues(one)) {
      known.isOpen ||= /^\s*(AT|DE)TACH\b/i.test(text);
      return {};
    }
    const isBegun = inTransaction && sent?.around !== undefined;
    try {
      if (!isBegun) runSent(this.#db, sent ?? plain(text));
      for (const name of namesOf(this.#db)) known.made.add(name);
      this.#weigh(text);
      return undefined;
    } catch (error) {
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

  /** IF NOT EXISTS may have found something else where more is there than the scripts say. */
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
      }
    }
  }

  #endTransaction(): void {
    if (this.#db.isTransaction) this.#quietly([plain("COMMIT")]);
    if (this.#db.isTransaction) this.#quietly([plain("ROLLBACK")]);
    this.#quietly([plain("PRAGMA foreign_keys = ON"), plain("PRAGMA legacy_alter_table = OFF")]);
  }
}

/** Where the manual begins: an error of SQLite's has no page of its own. */
const source = "https://www.sqlite.org/lang.html";

/** What code has sent, without the values of its parameters. A definition can have none, whoever sends it. */
function lacksValues({ text, sent }: ScriptStatement): boolean {
  const [first, ...rest] = codeOf(text);
  if (sent?.parameters !== undefined || /^(CREATE|ALTER|DROP)$/.test(wordOf(first))) return false;
  return rest.some(({ kind }) => kind === "parameter");
}

/** What would reach a file, lines for a client, and rows that never end are left out. */
function isTried(sql: string): boolean {
  if (/^\s*(\.|(AT|DE)TACH\b|VACUUM\b[\s\S]*\bINTO\b|SELECT\b)/i.test(sql)) return false;
  return !/\bRECURSIVE\b/i.test(sql) || /^\s*CREATE\b/i.test(sql);
}

function changesOf(
  sql: string,
  before: ReadonlyMap<string, SeenTable>,
  after: ReadonlyMap<string, SeenTable>,
): readonly Effect[] {
  const [first] = codeOf(sql);
  const target = targetOf(sql);
  if (wordOf(first) === "ALTER" && target?.to !== undefined)
    return [{ kind: "table moved", from: target.name, to: target.to }];
  return [...after.keys()]
    .filter((name) => !before.has(name))
    .map((name): Effect => ({ kind: "table made", name }));
}

/** A table that stands elsewhere in the file was written anew. */
function rebuilt(
  before: ReadonlyMap<string, SeenTable>,
  after: ReadonlyMap<string, SeenTable>,
  isOlder: (table: string) => boolean,
) {
  for (const [table, { rootpage }] of before) {
    const now = after.get(table);
    if (isOlder(table) && now !== undefined && now.rootpage !== rootpage)
      return { way: "writes", table, what: `the rebuilt table ${table}` } as const;
  }
  return undefined;
}

/** What is broken at the end and was not before, said of the statement since which it is. */
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
