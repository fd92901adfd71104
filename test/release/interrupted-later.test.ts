/** A signal while a later repo is at work ends the run as a signal does, and tells what earlier repos had done. */
import { afterEach, expect, it } from "vitest";
import { defineMigration, defineRelease } from "../../src/index.ts";
import { refusal } from "../conformance/support/release.ts";
import { type TestDatabase, testDatabase } from "../support/databases.ts";
import { recorder } from "../support/recorder.ts";

const databases: TestDatabase[] = [];
afterEach(async () => {
  for (const database of databases.splice(0)) await database.dispose();
});

it("keeps the exit code of the signal and names the migrations of each repo", async () => {
  databases.push(await testDatabase("sqlite"), await testDatabase("sqlite"));
  const [main, analytics] = databases as [TestDatabase, TestDatabase];
  const stop = new AbortController();
  const pull = defineMigration({
    up: (m) => m.run(async () => stop.abort("SIGTERM")),
    down: () => undefined,
  });
  const release = defineRelease({
    app: "app",
    repos: {
      main: { adapter: main.adapter, migrations: { "1_a": "create table a (id integer)" } },
      analytics: {
        adapter: analytics.adapter,
        migrations: { "1_b": "create table b (id integer)", "2_pull": pull },
      },
    },
  }).using({ ...recorder().world, signal: stop.signal });
  const ended = await refusal(release.migrate());
  expect([ended.code, ended.exitCode]).toEqual(["interrupted", 143]);
  expect(ended.message).toContain("1 (main), 1 (analytics)");
});
