/** `mark`, `rollback` and `plan` of a half-run migration, asked wrongly: one clear error, and nothing is changed. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { sqlite } from "../../src/adapters/sqlite/index.ts";
import { defineRelease, isReleaseError, type MigrationsOption } from "../../src/index.ts";
import { lockName } from "../../src/release/lock-name.ts";
import { recorder } from "../support/recorder.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-mark-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const inPieces = "-- slipway: transaction=false\n";
const half = `${inPieces}create table a (id integer);\ninsert into nowhere values (1);`;
const because = { reason: "by hand" };
const adapter = () => sqlite({ path: join(folder, "a.db") });

function releaseOf(migrations: MigrationsOption) {
  const main = { adapter: adapter(), migrations, lockWaitMs: 0 };
  const { world, lines } = recorder();
  return {
    release: defineRelease({ app: "app", root: folder, repos: { main } }).using(world),
    lines,
  };
}

async function code(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error !== undefined && !isReleaseError(error)) throw error;
  return error?.code ?? "done";
}

async function states(migrations: MigrationsOption) {
  const [main] = await releaseOf(migrations).release.migrationStatus();
  return main?.migrations.map(({ version, status, part }) => [version, status, part?.done]);
}

it("unknown versions and repos, and a word too much, change nothing", async () => {
  const migrations = { "1_a": half };
  const { release } = releaseOf(migrations);
  expect(await code(release.migrate())).toBe("migration_failed");
  expect(await code(release.mark("main", 9, { as: "anew" }))).toBe("nothing_to_mark");
  expect(await code(release.mark("main", 9, { as: "applied", ...because }))).toBe(
    "version_unknown",
  );
  expect(await code(release.mark("main", 9, { as: "pending", ...because }))).toBe(
    "version_unknown",
  );
  expect(await code(release.mark("other" as "main", 1, { as: "anew" }))).toBe("repo_unknown");
  expect(await code(release.mark("main", 1, { as: "applied" } as never))).toBe("option_invalid");
  expect(await code(release.mark("main", 1, { as: "whole" } as never))).toBe("option_invalid");
  expect(await code(release.mark("main", 1, { as: "done" }))).toBe("nothing_to_mark");
  expect(await code(release.mark("main", "1; drop" as never, { as: "anew" }))).toBe(
    "option_invalid",
  );
  expect(await code(release.rollback("main", 9))).toBe("version_unknown");
  expect(await code(release.planRollback("main", 9))).toBe("version_unknown");
  expect(await states(migrations)).toEqual([["1", "down", 1]]);
});

it("twice is as good as once", async () => {
  const migrations = { "1_a": half };
  const { release } = releaseOf(migrations);
  await code(release.migrate());
  const applied = () => code(release.mark("main", 1, { as: "applied", ...because }));
  expect([await applied(), await applied()]).toEqual(["done", "done"]);
  expect(await states(migrations)).toEqual([["1", "up", undefined]]);
  const pending = () => code(release.mark("main", 1, { as: "pending", ...because }));
  expect([await pending(), await pending()]).toEqual(["done", "done"]);
  expect(await states(migrations)).toEqual([["1", "down", undefined]]);
  const [history] = await release.history();
  expect(history?.events.filter(({ result }) => result === "marked").length).toBe(2);
});

it("while another holds the lock nothing is marked, and the wait has an end", async () => {
  const sql = `${half.replace("create", "-- migrate:up\ncreate")}\n-- migrate:down\ndrop table a;`;
  const migrations = { "1_a": sql };
  const { release } = releaseOf(migrations);
  await code(release.migrate());
  const lock = await adapter().open({ role: "lock", application: "other" });
  const { lease } = await lock.tryLock(lockName({ name: "schema_migrations" }));
  expect(lease).toBeDefined();
  expect(await code(release.mark("main", 1, { as: "anew" }))).toBe("lock_held");
  expect(await code(release.mark("main", 1, { as: "applied", ...because }))).toBe("lock_held");
  expect(await code(release.rollback("main", 1))).toBe("lock_held");
  await lease?.release();
  await lock.close();
  expect(await states(migrations)).toEqual([["1", "down", 1]]);
  expect(await code(release.mark("main", 1, { as: "anew" }))).toBe("done");
});

it("a number means the one file that starts with it, also where ids are the versions", async () => {
  const names = ["1_a", "2_b", "2_c"];
  mkdirSync(join(folder, "m"));
  for (const name of names) writeFileSync(join(folder, "m", `${name}.sql`), "select 1;");
  writeFileSync(join(folder, "m", "1_a.sql"), `${half.replace("a (id", "one (id")}\n`);
  const { release } = releaseOf(["m"]);
  await code(release.migrate());
  const found = await states(["m"]);
  expect(found?.map(([version]) => version)).toEqual(expect.arrayContaining(["2_b", "2_c"]));
  expect(await code(release.mark("main", 2, { as: "applied", ...because }))).toBe(
    "version_ambiguous",
  );
  expect(await code(release.mark("main", 2, { as: "anew" }))).toBe("version_ambiguous");
  expect(await code(release.mark("main", 1, { as: "applied", ...because }))).toBe("done");
  expect((await states(["m"]))?.[0]?.slice(1)).toEqual(["up", undefined]);
});

it("what began without a way back has the one that its file has now", async () => {
  const { release } = releaseOf({ "1_a": half.replace("create", "-- migrate:up\ncreate") });
  expect(await code(release.migrate())).toBe("migration_failed");
  expect(await code(release.rollback("main", 1))).not.toBe("done");
  const mended = `${inPieces}-- migrate:up\ncreate table a (id bigint);\n-- migrate:down\ndrop table a;`;
  const again = releaseOf({ "1_a": mended });
  expect(await code(again.release.rollback("main", 1))).toBe("done");
  expect(await code(again.release.rollback("main", 1))).toBe("done");
  expect(again.lines.at(-1)).toContain("already down");
  expect(await code(again.release.migrate())).toBe("done");
});
