/** What a real server does with SQL, as far as it tells: errors, and what it says at debug level 1. */
import pg from "pg";
import type { ScriptStatement } from "../../../src/core/safety/effects/script.ts";

/** What was seen, for relations that are older than the run. */
export type Observed = {
  /** The code and the words of the first error, if there was one. */
  readonly error?: string | undefined;
  /** Tables that were written anew. */
  readonly rewritten: readonly string[];
  /** Tables whose rows were read while they were locked. */
  readonly scanned: readonly string[];
  /** Tables on which an index was built in place. */
  readonly built: readonly string[];
};

export type ObserveInput = {
  /** The files of the run, each in its statements. */
  readonly files: readonly (readonly ScriptStatement[])[];
  readonly inTransaction: boolean;
};

/** Runs each statement as it would run, and listens. */
export async function watch(
  url: string,
  { files, inTransaction }: ObserveInput,
): Promise<Observed> {
  const seen = {
    rewritten: new Set<string>(),
    scanned: new Set<string>(),
    built: new Set<string>(),
  };
  let error: string | undefined;
  for (const statements of files) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    client.on("error", () => undefined);
    const old = await tablesOf(client);
    client.on("notice", ({ message = "" }) => {
      const [, verb, table = ""] = /^(verifying|rewriting) table "(.*)"$/.exec(message) ?? [];
      if (verb === "rewriting" && old.has(table)) seen.rewritten.add(table);
      if (verb === "verifying" && old.has(table)) seen.scanned.add(table);
      const [, index] = /^building index ".*" on table "(.*?)"/.exec(message) ?? [];
      if (index !== undefined && old.has(index)) seen.built.add(index);
      const [, key] = /^validating foreign key constraint "(.*)"$/.exec(message) ?? [];
      if (key !== undefined) seen.scanned.add(`foreign key ${key}`);
    });
    await client.query("SET client_min_messages = debug1; SET check_function_bodies = off");
    try {
      if (inTransaction) await client.query("BEGIN");
      for (const { text } of statements) await client.query(text);
      if (inTransaction) await client.query("COMMIT");
    } catch (thrown) {
      error ??=
        thrown instanceof pg.DatabaseError ? `${thrown.code} ${thrown.message}` : String(thrown);
    }
    await client.end();
  }
  return {
    error,
    rewritten: [...seen.rewritten],
    scanned: [...seen.scanned],
    built: [...seen.built],
  };
}

/** Tables that hold something of the run's predecessors. */
async function tablesOf(client: pg.Client): Promise<ReadonlySet<string>> {
  const { rows } = await client.query(
    "SELECT relname FROM pg_class WHERE relkind IN ('r', 'm', 'p') AND relnamespace <> 'pg_catalog'::regnamespace",
  );
  return new Set(rows.map((row: { relname: string }) => row.relname));
}

/** The locks that a statement holds until its transaction ends, as `table MODE`. */
export async function locksOf(
  client: pg.Client,
  statements: readonly ScriptStatement[],
): Promise<readonly string[]> {
  await client.query("BEGIN");
  try {
    for (const { text } of statements) await client.query(text);
    const { rows } = await client.query(
      `SELECT relation::regclass || ' ' || mode AS held FROM pg_locks
       WHERE pid = pg_backend_pid() AND relation IS NOT NULL AND relation >= 16384`,
    );
    return rows.map((row: { held: string }) => row.held);
  } finally {
    await client.query("ROLLBACK");
  }
}
