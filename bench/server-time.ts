/** What a run costs the server, beside what it costs its own process. */
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Sample } from "./contest.ts";
import { askPostgres } from "./engines.ts";
import type { Contestant } from "./measure.ts";
import { takePeak } from "./peak.ts";
import { fieldsOf, spentOnChildren } from "./processor.ts";

/** Runs a contestant; its sample also has the processor time of PostgreSQL's connections. */
export async function takeAll(contestant: Contestant, signal: AbortSignal): Promise<Sample> {
  return withServer(contestant, () => takePeak(contestant, signal));
}

/** Adds to the sample of a run what it took of the server. */
export async function withServer(
  { database }: Contestant,
  take: () => Promise<Sample>,
): Promise<Sample> {
  const url = (await database?.()) ?? "";
  const postmaster = await parentOfServer(url);
  await whenAlone(url);
  const before = spentOnChildren(postmaster);
  const sample = await take();
  await whenAlone(url);
  return { ...sample, "server ms": spentOnChildren(postmaster) - before };
}

/** The process that makes those of the connections, and counts what they took when they end. */
export async function parentOfServer(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query("SELECT pg_backend_pid() AS pid");
  const parent = fieldsOf(rows[0].pid)[1] ?? "";
  await client.end();
  return parent;
}

/** A connection counts only when the server has seen its end. */
async function whenAlone(url: string): Promise<void> {
  const others =
    "SELECT count(*)::int AS others FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";
  while (Number((await askPostgres(url, others))[0]?.others) > 0) await sleep(20);
  await sleep(100);
}
