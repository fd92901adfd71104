/** SQLite: another writer has the file for longer than a statement waits. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { defineMigration, defineRelease, isReleaseError } from "slipway";
import { afterEach, beforeEach, expect, it } from "vitest";
import { sqlite } from "../../src/adapters/sqlite/index.ts";
import { recorder } from "../support/recorder.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-busy-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

it("is tried again until the other one is done, or the time is over; nothing is left in between", async () => {
  const path = join(folder, "test.db");
  const other = new DatabaseSync(path);
  other.exec("CREATE TABLE posts (id integer)");
  const { world, events } = recorder();
  let seen = 0;
  const emit: typeof world.emit = (event) => {
    world.emit?.(event);
    // The migration has begun: from now on the other one writes, and the second time after two tries it is done.
    if (event.type === "migration_started") other.exec("BEGIN IMMEDIATE");
    if (event.type === "migration_failed") other.exec("COMMIT");
    if (event.type !== "blocked") return;
    seen += 1;
    if (seen === 3) other.exec("COMMIT");
  };
  const migrations = {
    "1_slug": defineMigration({
      change: (m) => m.alterTable("posts", (t) => t.add("slug", "text")),
    }),
  };
  const main = { adapter: sqlite({ path, busyTimeoutMs: 50 }), migrations };
  const release = defineRelease({ app: "blog", repos: { main } }).using({ ...world, emit });
  const error = await release
    .migrate({ policy: { onBlocked: "fail" } })
    .catch((caught: unknown) => caught);
  expect(isReleaseError(error) && error.code).toBe("blocked");
  const columns = () => other.prepare("SELECT name FROM pragma_table_info('posts')").all();
  expect(columns()).toHaveLength(1);
  await release.migrate();
  expect(events.filter(({ type }) => type === "blocked")).toHaveLength(3);
  expect(columns()).toHaveLength(2);
  other.close();
});
