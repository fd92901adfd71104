/**
 * A rollout with real processes, under load: three pods of the old release are replaced by three of the new one, one is
 * killed in the middle, and then nobody can go back. `SLIPWAY_ROLLOUTS=5` does it so often.
 */
import { cpSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { buildProject, folderOf, writeProject } from "../built/support.ts";
import { freshDatabase } from "../support/postgres.ts";
import { versions } from "./support/app.ts";
import { startBalancer } from "./support/balancer.ts";
import { Cluster, type Pod } from "./support/cluster.ts";
import { type Figures, startLoad } from "./support/load.ts";
import { makeNetwork } from "./support/network.ts";

const folder = folderOf("rollout");
const images = { old: join(folder.path, "old"), new: join(folder.path, "new") };
const times = Number(process.env.SLIPWAY_ROLLOUTS ?? "1");

beforeAll(async () => {
  for (const version of ["old", "new"] as const) {
    const project = writeProject(join(folder.path, `${version}-source`), versions[version]);
    const built = await buildProject(project, "--app", "src/server.ts", "--quiet");
    cpSync(built, images[version], { recursive: true });
  }
}, 120_000);
afterAll(() => folder.remove());

/** What is to be taken down, the last first: also when a rollout took too long. */
const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

/** A user who may read the history of `url`, and nothing else. */
async function readerOf(url: string): Promise<string> {
  const role = `waits_${new URL(url).pathname.slice(1)}`;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    `DO $$ BEGIN CREATE ROLE ${role} LOGIN PASSWORD 'secret'; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
  );
  await client.query(`GRANT SELECT ON schema_migrations TO ${role}`);
  await client.end();
  const reader = new URL(url);
  reader.username = role;
  reader.password = "secret";
  return reader.href;
}

async function dropReader(url: string): Promise<void> {
  const role = `waits_${new URL(url).pathname.slice(1)}`;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  await client.end();
}

it.each(Array.from({ length: times }, (_, i) => i + 1))(
  "rollout %i: no request fails, and the old release does not come back",
  async () => {
    const started = performance.now();
    const database = await freshDatabase();
    undo.push(() => database.drop());
    const network = await makeNetwork(database.url);
    undo.push(() => network.remove());
    const balancer = await startBalancer();
    undo.push(() => balancer.stop());
    const app = network.databaseUrl(database.url);
    const first = new Cluster(network, balancer, { app, reader: app });
    undo.push(async () => first.stop());

    expect((await first.job(images.old, "migrate", "--phase", "before")).code).toBe(0);
    const reader = network.databaseUrl(await readerOf(database.url));
    undo.push(() => dropReader(database.url));
    const cluster = new Cluster(network, balancer, { app, reader });
    undo.push(async () => cluster.stop());

    const figures = await rollOut(cluster, balancer.port);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    report({ ...figures, seconds, retries: balancer.retries(), network: network.words });
    expect(figures.failed).toEqual([]);
    expect(figures.requests).toBeGreaterThan(100);
  },
  150_000,
);

async function rollOut(cluster: Cluster, port: number): Promise<Figures> {
  const old = await Promise.all([1, 2, 3].map(() => cluster.pod(images.old)));
  await allReady(old);
  const load = startLoad(port);

  // The gate: a pod of the new release comes first, and waits for the job.
  const early = await cluster.pod(images.new);
  await new Promise((done) => setTimeout(done, 1_500));
  expect(early.isWaiting()).toBe(true);
  const job = await cluster.job(images.new, "migrate", "--phase", "before");
  expect(job.output).toContain("== Migrated 2");
  expect(job.output).not.toContain("drop");

  await allReady([early]);
  await old[0]?.leave();
  const second = await cluster.pod(images.new);
  // In the middle of it a pod dies. Its image is the old one, and so is that of the pod that takes its place.
  old[1]?.kill();
  const again = await cluster.pod(images.old);
  await allReady([second, again]);
  await Promise.all([old[2]?.leave(), old[1]?.leave()]);
  const third = await cluster.pod(images.new);
  await allReady([third]);
  await again.leave();

  const after = await cluster.job(images.new, "migrate", "--phase", "after");
  expect(after.output).toContain("== Migrated 3");

  const back = await cluster.pod(images.old);
  expect(await back.up).toMatchObject({
    code: 4,
    output: expect.stringContaining(
      "this release does not know what has run: 3_drop_subtitle runs when the code before it is gone (after)",
    ),
  });
  await new Promise((done) => setTimeout(done, 500));
  const figures = await load.stop();
  await Promise.all([early, second, third].map((pod) => pod.leave()));
  return figures;
}

async function allReady(pods: readonly Pod[]): Promise<void> {
  expect(await Promise.all(pods.map((pod) => pod.up))).toEqual(pods.map(() => "ready"));
}

function report(
  all: Figures & { readonly seconds: string; readonly retries: number; readonly network: string },
) {
  const { requests, failed, retries, medianMs, slowestMs, seconds, network } = all;
  console.info(
    `rollout in ${seconds} s on ${network}: ${requests} requests, ${failed.length} failed, ${retries} asked of another pod, median ${medianMs} ms, slowest ${slowestMs} ms`,
  );
}
