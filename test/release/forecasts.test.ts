/** What `migrate` foretells of heavy statements, and what it keeps of how long they took; a real PostgreSQL. */
import pg from "pg";
import { postgres } from "slipway/postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { RunEvent } from "../../src/engine/events.ts";
import { defineRelease } from "../../src/index.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";

let database: FreshDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await freshDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

const first = { "1_users": "CREATE TABLE users (id int, name text);" };
const second = {
  ...first,
  "2_index":
    "-- slipway: transaction=false\n-- migrate:up\nCREATE INDEX CONCURRENTLY users_id ON users (id);\n-- migrate:down\n",
};
const third = {
  ...second,
  "3_index":
    "-- slipway: transaction=false\n-- migrate:up\nCREATE INDEX CONCURRENTLY users_name ON users (name);\n-- migrate:down\n",
  "4_own": "CREATE TABLE own (id int);\nCREATE INDEX own_id ON own (id);",
};

function release(migrations: Readonly<Record<string, string>>) {
  const heard: RunEvent[] = [];
  const main = { adapter: postgres({ url: database.url }), migrations };
  const made = defineRelease({ app: "blog", repos: { main } }).using({
    write: () => undefined,
    emit: (event) => heard.push(event),
  });
  return { made, heard };
}

it("foretells by the sizes of now, keeps what it took, and foretells by that the next time", async () => {
  await release(first).made.migrate();
  await client.query("INSERT INTO users SELECT n, 'name ' || n FROM generate_series(1, 400000) n");
  await client.query("ANALYZE users");

  const { made, heard } = release(second);
  await made.migrate();
  const told = heard.filter(({ type }) => type === "forecast");
  expect(told).toMatchObject([
    {
      migration: { version: "2" },
      forecasts: [{ does: "index", table: "users", rows: 400_000, waits: "nobody", measured: 0 }],
    },
  ]);
  const finished = heard.find(({ type }) => type === "migration_finished");
  expect(finished).toMatchObject({ forecastMs: [533, 3_200], durationMs: expect.any(Number) });

  const [history] = await made.history();
  const [event] = history!.events;
  expect(event).toMatchObject({
    version: "2",
    result: "applied",
    reason: expect.stringMatching(
      /^forecast 0\.5 to 3\.2 s: index on users, 800000 rows and \d+ bytes read$/,
    ),
  });
  const { repos } = await made.facts();
  expect(repos.main?.measured).toEqual([
    { does: "index", rows: 800_000, bytes: expect.any(Number), durationMs: event?.durationMs },
  ]);

  const again = release(third);
  await again.made.migrate();
  const next = again.heard.filter((one) => one.type === "forecast");
  // What the run itself has made is nobody's yet, and has no rows.
  expect(next).toHaveLength(1);
  const [{ forecasts } = { forecasts: [] }] = next;
  expect(forecasts).toMatchObject([{ table: "users", measured: 1 }]);
  const took = again.heard.find((one) => one.type === "migration_finished");
  const range = took?.type === "migration_finished" ? took.forecastMs : undefined;
  // Half and twice of what the same rows took before.
  const before = event?.durationMs ?? 0;
  expect(range?.map((ms) => Math.round((ms / before) * 10) / 10)).toEqual([0.5, 2]);
  console.log(
    `index on 400,000 rows: took ${event?.durationMs} ms; then foretold ${range?.join(" to ")} ms, took ${took?.type === "migration_finished" ? Math.round(took.durationMs) : ""} ms`,
  );
}, 120_000);

it("says nothing of a table that was never analyzed", async () => {
  const { made, heard } = release({
    ...third,
    "5_own":
      "-- slipway: transaction=false\n-- migrate:up\nCREATE INDEX CONCURRENTLY own_twice ON own (id, id);\n-- migrate:down\n",
  });
  await made.migrate();
  expect(heard.map(({ type }) => type)).not.toContain("forecast");
  const [history] = await made.history();
  expect(history?.events[0]).toMatchObject({ version: "5", reason: undefined });
}, 60_000);
