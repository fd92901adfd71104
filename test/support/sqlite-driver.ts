/** What each driver of SQLite is to give, beside the contract: the same as Node's own. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { describeAdapter } from "../../src/adapter-testing.ts";
import type { Adapter, OpenOptions, Session } from "../../src/adapters/adapter.ts";
import { sqlite } from "../../src/adapters/sqlite/index.ts";
import { defineMigration, defineRelease, silent } from "../../src/index.ts";
import { describeFaults } from "./driver-faults.ts";

export type SqliteDriverTests = {
  readonly folder: string;
  readonly name: string;
  /** The options for a file, or `:memory:`. */
  readonly optionsFor: (path: string) => object;
  readonly make: (path: string) => Adapter;
};

const work: OpenOptions = { role: "work", application: "test" };

export function describeSqliteDriver(tests: SqliteDriverTests): void {
  const { folder, make, optionsFor } = tests;
  const root = mkdtempSync(join(tmpdir(), "slipway-driver-"));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  let files = 0;
  const newFile = () => {
    files += 1;
    return join(root, `${files}.db`);
  };
  const dispose = async () => {};
  describeAdapter(
    folder,
    { make: async () => ({ adapter: make(newFile()), dispose }) },
    { describe, it, expect },
  );
  describeAdapter(
    `${folder} in memory`,
    { make: async () => ({ adapter: make(":memory:"), dispose }) },
    { describe, it, expect },
  );
  describeFaults(tests, async () => {
    const path = newFile();
    return { adapter: make(path), options: optionsFor(path), dispose };
  });

  describe(`${folder} as a driver of SQLite`, () => {
    it("gives rows as Node's own driver gives them", async () => {
      const [own, same] = [await make(":memory:").open(work), await node(":memory:")];
      for (const { sql, parameters } of statements)
        expect([sql, await own.query(sql, parameters)]).toEqual([
          sql,
          await same.query(sql, parameters),
        ]);
      await own.close();
      await same.close();
    });

    it("rebuilds a table with what hangs on it, and finds a foreign key that is broken", async () => {
      const path = newFile();
      const release = (version: string, m: Parameters<typeof defineMigration>[0]) =>
        defineRelease({
          app: "app",
          version: "1",
          repos: {
            main: { adapter: make(path), migrations: { ...first, [version]: defineMigration(m) } },
          },
        }).using({ emit: silent });
      await release("2_b", {
        change: (m) =>
          m.alterTable("posts", (t) => t.modify("title", "text", { null: false, was: "text" })),
      }).migrate();
      const session = await make(path).open(work);
      await expect(session.query("INSERT INTO posts (author) VALUES (9)")).rejects.toThrow(
        /FOREIGN KEY|NOT NULL/,
      );
      const [{ sql } = {}] = await session.query(
        "SELECT sql FROM sqlite_master WHERE name = 'posts'",
      );
      expect(sql).toMatch(/"?title"? TEXT NOT NULL/i);
      await session.close();
    });

    it("says what is wrong with a file, and that another one is writing", async () => {
      const broken = newFile();
      writeFileSync(broken, "no database, and longer than a header would be: ".repeat(9));
      await expect(make(broken).open(work)).rejects.toMatchObject({
        name: "ConnectionFailed",
        hint: "Name a file that SQLite made, or one that is not there yet.",
      });
      const path = newFile();
      const [one, two] = [
        await make(path).open(work),
        await make(path).open({ ...work, role: "lock" }),
      ];
      await one.execute(["CREATE TABLE t (a)", "BEGIN IMMEDIATE"].map(plain));
      const busy = await two.query("INSERT INTO t VALUES (1)").catch((error) => error);
      expect(two.errorKind(busy)).toBe("lock_timeout");
      expect(await one.inTransaction?.()).toBe(true);
      await one.close();
      await two.close();
    });
  });

  const first = {
    "1_a": defineMigration({
      change: (m) => {
        m.createTable("authors", (t) => t.id());
        m.createTable("posts", (t) => {
          t.id();
          t.column("title", "text");
          t.references("author", "authors");
        });
        m.createIndex("posts", ["title"]);
      },
    }),
  };
}

function node(path: string): Promise<Session> {
  return sqlite({ path }).open(work);
}

const statements: readonly { readonly sql: string; readonly parameters?: readonly unknown[] }[] = [
  { sql: "SELECT 1 AS a, 9007199254740993 AS b, 1.5 AS c, x'00ff' AS d, NULL AS e, 'é' AS f" },
  { sql: "SELECT typeof(?) AS a, typeof(?) AS b, typeof(?) AS c", parameters: [5, 5n, 1.5] },
  { sql: "SELECT $2 AS a, $1 AS b, $2 AS c", parameters: ["x", "y"] },
  { sql: "SELECT ?2 AS a, ?1 AS b", parameters: ["x", "y"] },
  { sql: "SELECT ? AS a, ? AS b", parameters: [true, null] },
  { sql: "SELECT hex(?) AS a, ? AS b", parameters: [new Uint8Array([0, 255]), { a: 1 }] },
  { sql: "SELECT ? AS a", parameters: [new Date("2024-02-29T10:11:12.345Z")] },
  { sql: "CREATE TABLE t (a, b)" },
  { sql: "INSERT INTO t VALUES (1, 2)" },
  { sql: "INSERT INTO t VALUES (3, 4) RETURNING a" },
  { sql: "UPDATE t SET b = ? WHERE a = ?", parameters: [7, 1] },
  { sql: "SELECT * FROM t ORDER BY a" },
  { sql: "PRAGMA foreign_keys" },
  { sql: "PRAGMA recursive_triggers = ON" },
  { sql: "SELECT 1 WHERE 0" },
];

function plain(sql: string) {
  return { sql, policy: { kind: "plain" } } as const;
}
