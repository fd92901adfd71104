/** What a real server does with each statement, beside what `check` says of it. */
import pg from "pg";
import type { Session } from "../../../src/adapters/adapter.ts";
import type { Parser } from "../../../src/check/parser.ts";
import { shown } from "../../../src/core/safety/effects/catalog.ts";
import { foretell } from "../../../src/core/safety/effects/foretell.ts";
import { type LockMode, lockModes, stronger } from "../../../src/core/safety/effects/lock.ts";
import type { Refused } from "../../../src/core/safety/effects/script.ts";
import { judge } from "../../../src/core/safety/rules/judge.ts";
import { ShadowTrial } from "../../../src/shadow/refused/refused-on.ts";
import { openShadow, type Shadow } from "../../../src/shadow/trace/shadow.ts";
import type { Swept } from "../sweep/swept.ts";

/** What of a statement is compared: whether it fails, what it reads or writes, and which strong locks it takes. */
export type Judged = {
  readonly fails: boolean;
  readonly works: boolean;
  /** `t ACCESS EXCLUSIVE`, from SHARE UPDATE EXCLUSIVE on. */
  readonly locks: readonly string[] | undefined;
  /** The words of the server, or of the finding. */
  readonly why?: string | undefined;
};

/** The rules that speak of rows that are read or written, or of an index that is built, while others wait. */
const working =
  /^(add-(fk|check)-scan|set-not-null-scan|change-column-type|index-not-concurrent|add-column-rewrite|table-rewrite-command|add-(unique|primary-key)-without-index|add-exclusion-constraint|attach-partition-scan|add-column-required|validate-in-same-transaction|domain-constraint-scan|reindex-not-concurrent|refresh-matview-not-concurrent)$/;

/** What refuses a transaction has let its locks go when it can be looked at. */
export const refusesTransaction = /\bCONCURRENTLY\b|^(?:REINDEX|CLUSTER).* rides\b|^VACUUM\b/;

/** What fails by itself, whatever the rows. */
const failing = /^(will-fail|syntax-error|enum-value-used-in-transaction)$/;

export function sqlOf(one: Swept): string {
  return typeof one === "string" ? one : one[0];
}

export function isKnownTo(major: number, one: Swept): boolean {
  return typeof one === "string" || one[1] <= major;
}

/** A schema is the same for all statements of its page. */
const parsed = new Map<string, ReturnType<Parser["statements"]>>();

function statementsOf(schema: string, parser: Parser): ReturnType<Parser["statements"]> {
  const statements = parsed.get(schema) ?? parser.statements(schema);
  parsed.set(schema, statements);
  return statements;
}

export function said(
  sql: string,
  schema: string,
  parser: Parser,
  { major, refused }: { readonly major: number; readonly refused?: Refused | undefined },
): Judged {
  const script = { name: "x", statements: parser.statements(sql), inTransaction: false };
  const options = { ...parser, base: statementsOf(schema, parser), server: { major }, refused };
  const found = judge([script], options);
  const fails = found.find(({ rule }) => failing.test(rule));
  if (fails !== undefined)
    return { fails: true, works: false, locks: [], why: `${fails.rule}: ${fails.message}` };
  const effects = foretell([script], {
    ...options,
    // Later a table may have another name, or no parent any more.
    judge: (effect): Lock | undefined => {
      if (effect.kind !== "lock" || effect.table.origin.run) return undefined;
      const { table, mode } = effect;
      const above = table.parent === undefined ? table.inherits : [...table.inherits, table.parent];
      return { name: shown(table), mode, above: above.map(shown) };
    },
  });
  const locks = effects.flatMap((one) => one.effects.flatMap(({ judged }) => judged ?? []));
  return {
    fails: false,
    works: found.some(
      ({ rule, message }) => working.test(rule) || / every row of .* is looked at/.test(message),
    ),
    locks: told(locks),
    why: found.map(({ rule }) => rule).join(", "),
  };
}

/** What a statement is tried on, and the major version of the server that the answer is for. */
export type TrialPlace = { readonly schema: string; readonly major: number };

/** What a shadow in memory refuses of single statements, as `check` hears it. One shadow is for all pages. */
export class Trials {
  readonly #shadow: Shadow;
  readonly #session: Session;
  readonly #parser: Parser;
  #trial: (TrialPlace & { readonly trial: ShadowTrial }) | undefined;

  private constructor(shadow: Shadow, session: Session, parser: Parser) {
    this.#shadow = shadow;
    this.#session = session;
    this.#parser = parser;
  }

  static async open(parser: Parser): Promise<Trials> {
    const shadow = await openShadow({ kind: "postgres", extensions: ["btree_gist"] });
    const session = await shadow.adapter.open({ role: "work", application: "sweep" });
    return new Trials(shadow, session, parser);
  }

  async close(): Promise<void> {
    await this.#session.close();
    await this.#shadow.dispose();
  }

  async refused(sql: string, on: TrialPlace): Promise<Refused | undefined> {
    const isAlone = refusesTransaction.test(sql);
    const trial = await this.#on(on);
    const text = isAlone ? sql : `BEGIN; ${sql}; ROLLBACK`;
    const told = await trial.attempt({
      ...{ name: "x", statements: this.#parser.statements(text), inTransaction: false },
    });
    if (isAlone) this.#trial = undefined;
    if (typeof told === "string") return undefined;
    const words = told.get(isAlone ? 0 : 1);
    return words === undefined ? undefined : new Map([[0, new Map([[0, words]])]]);
  }

  /** Emptied as the server is: a new shadow would take ten times as long. */
  async #on({ schema, major }: TrialPlace): Promise<ShadowTrial> {
    const last = this.#trial;
    if (last?.schema === schema && last.major === major) return last.trial;
    const rows = await this.#session.query(publications);
    for (const sql of ["DISCARD ALL", ...emptying, ...rows.map(({ name }) => dropped(name))])
      await this.#session.query(sql);
    const trial = new ShadowTrial(this.#session, {
      ...{ isComplete: true, mayMakeRoles: true, major },
    });
    const isBuilt = await trial.build(statementsOf(schema, this.#parser));
    if (!isBuilt) throw new Error("the shadow cannot build the schema");
    this.#trial = { schema, major, trial };
    return trial;
  }
}

/** What no schema has in it is named after them. */
const emptying = [
  "DROP SCHEMA IF EXISTS public, other, billing CASCADE",
  "DROP FOREIGN DATA WRAPPER IF EXISTS wrapper CASCADE",
  "CREATE SCHEMA public",
];
const publications = "SELECT quote_ident(pubname) AS name FROM pg_publication";
const dropped = (name: unknown) => `DROP PUBLICATION ${name}`;

type Lock = { readonly name: string; readonly mode: LockMode; readonly above: readonly string[] };

/** The strongest of each relation. A partition or a child goes with its parent, where that has the same lock. */
function told(locks: readonly Lock[]): readonly string[] {
  const held = new Map<string, LockMode>();
  for (const { name, mode } of locks) held.set(name, stronger(held.get(name) ?? mode, mode));
  // A partition of a partition goes with it too.
  const covered = locks
    .filter(({ name, above }) => above.some((one) => isAsStrong(held.get(one), held.get(name))))
    .map(({ name }) => name);
  return [...held]
    .filter(([name]) => !covered.includes(name))
    .filter(([, mode]) => isStrong(mode))
    .map((one) => one.join(" "))
    .sort();
}

function isAsStrong(one: LockMode | undefined, other: LockMode | undefined): boolean {
  return one !== undefined && other !== undefined && stronger(one, other) === one;
}

function isStrong(mode: LockMode): boolean {
  return lockModes.indexOf(mode) >= lockModes.indexOf("SHARE UPDATE EXCLUSIVE");
}

/** What was there before, by its number. */
type Old = ReadonlyMap<string, Omit<Lock, "mode">>;

const readsInSilence = /^ALTER DOMAIN|PARTITION OF/;

/** Runs statements one after the other on the same schema, each undone afterwards. */
export class Sweeper {
  readonly #client: pg.Client;
  readonly #build: string;
  #notices: string[] = [];
  /** What is there before each statement. Nothing, where it has to be built again. */
  #old: Old | undefined;

  private constructor(client: pg.Client, build: string) {
    this.#client = client;
    this.#build = build;
    client.on("notice", ({ message = "" }) => this.#notices.push(message));
  }

  static async open(url: string, build: string): Promise<Sweeper> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query("SET timezone = 'Europe/Vienna'");
    return new Sweeper(client, build);
  }

  close(): Promise<void> {
    return this.#client.end();
  }

  async run(sql: string): Promise<Judged> {
    const isAlone = refusesTransaction.test(sql);
    const old = this.#old ?? (await this.#rebuild());
    const begin = isAlone ? "" : "; BEGIN";
    await this.#client.query(`SET client_min_messages = debug1${begin}`);
    try {
      // Within the transaction nothing of it is reported, which would take it away.
      const scans = readsInSilence.test(sql) ? await this.#scans(old) : 0;
      this.#notices = [];
      await this.#client.query(sql);
      const locks = isAlone ? [] : await this.#locks(old);
      const isOld = new Set([...old.values()].map(({ name }) => name.replace(/^.*\./, "")));
      // TRUNCATE builds its indexes of nothing.
      const didWork =
        (!sql.startsWith("TRUNCATE") && this.#notices.some((line) => isWork(line, isOld))) ||
        (await this.#readsSilently(sql, scans, old));
      // What is done beside writers keeps nobody waiting.
      const keepsWaiting = isAlone
        ? !/\bCONCURRENTLY\b/.test(sql)
        : locks.some((held) => !held.endsWith("SHARE UPDATE EXCLUSIVE"));
      const works = didWork && keepsWaiting;
      return { fails: false, works, locks, why: this.#notices.join("; ") };
    } catch (error) {
      const why =
        error instanceof pg.DatabaseError ? `${error.code} ${error.message}` : String(error);
      // What rows do not bear was read, and is not certain.
      if (why.startsWith("23") && !why.includes('"pg_') && !sql.startsWith("INSERT"))
        return { fails: false, works: true, locks: undefined, why };
      return { fails: true, works: false, locks: [], why };
    } finally {
      if (isAlone) this.#old = undefined;
      const end = isAlone ? "" : "ROLLBACK; ";
      await this.#client.query(`${end}SET client_min_messages = warning`);
    }
  }

  /** The server says nothing of the tables that it reads because of a domain or a default partition, but counts it. */
  async #readsSilently(sql: string, before: number, old: Old): Promise<boolean> {
    return readsInSilence.test(sql) && (await this.#scans(old)) > before;
  }

  /** How often tables that were there were read: what was counted before and is not reported yet counts again. */
  async #scans(old: Old): Promise<number> {
    const { rows } = await this.#client.query(
      "SELECT coalesce(sum(seq_scan), 0)::int AS n FROM pg_stat_xact_user_tables WHERE relid::text = ANY ($1)",
      [[...old.keys()]],
    );
    return rows[0].n as number;
  }

  async #rebuild(): Promise<Old> {
    await this.#client.query("SET client_min_messages = warning");
    const { rows } = await this.#client.query(publications);
    for (const sql of [...emptying, ...rows.map(({ name }) => dropped(name))])
      await this.#client.query(sql);
    await this.#client.query(this.#build);
    this.#old = await this.#relations();
    return this.#old;
  }

  /** What is there before, by its number, which a rename does not change, with what is above it. */
  async #relations(): Promise<Old> {
    const { rows } = await this.#client.query(
      `SELECT oid::text, array(SELECT inhparent::text FROM pg_inherits WHERE inhrelid = pg_class.oid) AS above,
         CASE relnamespace::regnamespace::text WHEN 'public' THEN '' ELSE relnamespace::regnamespace || '.' END || relname AS name
       FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f')
         AND relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'other', 'billing'))`,
    );
    const names = new Map(rows.map(({ oid, name }) => [String(oid), String(name)]));
    return new Map(
      rows.map(({ oid, name, above }) => [
        String(oid),
        {
          name: String(name),
          above: (above as readonly string[]).flatMap((one) => names.get(one) ?? []),
        },
      ]),
    );
  }

  /** Locks of indexes say nothing more than those of their tables. */
  async #locks(old: Old): Promise<readonly string[]> {
    const { rows } = await this.#client.query(
      "SELECT relation::text AS oid, mode FROM pg_locks WHERE pid = pg_backend_pid() AND granted AND relation IS NOT NULL",
    );
    return told(
      rows.flatMap(({ oid, mode }): readonly Lock[] => {
        const relation = old.get(oid);
        const words = String(mode)
          .replace(/Lock$/, "")
          .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
          .toUpperCase() as LockMode;
        return relation === undefined ? [] : [{ ...relation, mode: words }];
      }),
    );
  }
}

function isWork(line: string, old: ReadonlySet<string>): boolean {
  const [, table = ""] =
    /^(?:verifying|rewriting) table "(.*)"$/.exec(line) ??
    /^building index ".*" on table "(.*?)"/.exec(line) ??
    [];
  return old.has(table) || line.startsWith("validating foreign key constraint");
}
