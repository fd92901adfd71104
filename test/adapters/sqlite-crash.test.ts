import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";

const root = mkdtempSync(join(tmpdir(), "slipway-sqlite-crash-"));
afterAll(() => rmSync(root, { recursive: true }));

const rows = 60_000;
const facts = (path: string) => {
  const db = new DatabaseSync(path);
  const get = (sql: string) => ({ ...db.prepare(sql).get() });
  const found = {
    posts: get("SELECT count(*) AS rows, sum(id) AS ids, sum(length(title)) AS letters FROM posts"),
    comments: get("SELECT count(*) AS rows, sum(post_id) AS posts FROM comments"),
    counter: get("SELECT group_concat(name || seq) AS counters FROM sqlite_sequence"),
    objects: get("SELECT count(*) AS count FROM sqlite_schema"),
    broken: db.prepare("PRAGMA foreign_key_check").all(),
    integrity: get("PRAGMA integrity_check"),
  };
  const titleType = get("SELECT type FROM pragma_table_info('posts') WHERE name = 'title'").type;
  db.close();
  return { found, titleType };
};

/** A rebuild in another process, as a migration runs it. Says when it begins and when it is committed. */
function startRebuild(path: string) {
  const module = (name: string) =>
    JSON.stringify(new URL(`../../src/adapters/sqlite/${name}`, import.meta.url).href);
  const script = `
    const { sqlite } = await import(${module("index.ts")});
    const session = await sqlite({ path: ${JSON.stringify(path)} }).open({ role: "work", application: "test" });
    const column = { name: "title", type: "binary", null: false };
    const rebuild = session.dialect.compile({ kind: "alter_table", table: { name: "posts" }, changes: [{ kind: "modify_column", column }] });
    const plain = (sql) => ({ sql, policy: { kind: "plain" } });
    process.stdout.write("begin\\n");
    await new Promise((resolve) => setTimeout(resolve, 20));
    await session.execute([plain("BEGIN IMMEDIATE"), ...rebuild, plain("COMMIT")]);
    process.stdout.write("end\\n");`;
  return spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

describe.each(["delete", "wal"])("kill -9 during a rebuild, journal mode %s", (mode) => {
  const template = join(root, `${mode}.db`);
  const db = new DatabaseSync(template);
  // A small cache, so that pages reach the file long before the commit.
  db.exec(`PRAGMA journal_mode = ${mode}; PRAGMA cache_size = 10;
    CREATE TABLE posts (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL);
    CREATE TABLE comments (post_id INTEGER NOT NULL REFERENCES posts ON DELETE CASCADE);
    CREATE INDEX posts_title ON posts (title);
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
      INSERT INTO posts SELECT i, printf('%080d', i * 7919 % ${rows}) FROM n;
    INSERT INTO comments SELECT id FROM posts WHERE id % 3 = 0;
    INSERT INTO posts VALUES (${rows + 500}, 'x'); DELETE FROM posts WHERE title = 'x'`);
  db.close();

  test("leaves the table old or new, and never half", { timeout: 120_000 }, async () => {
    const { found: expected } = facts(template);
    const whole = join(root, `${mode}-whole.db`);
    copyFileSync(template, whole);
    const child = startRebuild(whole);
    const ended = once(child, "exit");
    await once(child.stdout!, "data");
    const started = performance.now();
    await once(child.stdout!, "data");
    const durationMs = performance.now() - started;
    await ended;
    expect(facts(whole)).toEqual({ found: expected, titleType: "BLOB" });

    const seen: unknown[] = [];
    for (let point = 0; point < 10; point += 1) {
      const path = join(root, `${mode}-${point}.db`);
      copyFileSync(template, path);
      const killed = startRebuild(path);
      const gone = once(killed, "exit");
      await once(killed.stdout!, "data");
      await sleep((durationMs * (point + 0.5)) / 10);
      const midway = existsSync(`${path}-journal`) || existsSync(`${path}-wal`);
      killed.kill("SIGKILL");
      await gone;
      const { found, titleType } = facts(path);
      expect(found).toEqual(expected);
      seen.push(`${midway ? "midway" : "outside"} ${titleType}`);
    }
    expect(["midway TEXT", "midway BLOB", "outside TEXT", "outside BLOB"]).toEqual(
      expect.arrayContaining(seen),
    );
    expect(seen).toContain("midway TEXT");
  });
});
