import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, describe, expect, it } from "vitest";
import { describeAdapter } from "../../src/adapter-testing.ts";
import { ConnectionFailed, type Session } from "../../src/adapters/adapter.ts";
import { sqlite } from "../../src/adapters/sqlite/index.ts";

const root = mkdtempSync(join(tmpdir(), "slipway-sqlite-"));
afterAll(() => rmSync(root, { recursive: true }));
const newFolder = () => mkdtempSync(join(root, "db-"));
const work = { role: "work", application: "test" } as const;

async function onFile(path: string, body: (session: Session) => Promise<void>): Promise<void> {
  const session = await sqlite({ path }).open(work);
  await body(session).finally(() => session.close());
}

const api = { describe, it, expect };
const dispose = async () => undefined;
describeAdapter(
  "sqlite on a file",
  { make: async () => ({ adapter: sqlite({ path: join(newFolder(), "test.db") }), dispose }) },
  api,
);
describeAdapter(
  "sqlite in memory",
  { make: async () => ({ adapter: sqlite({ path: ":memory:" }), dispose }), parameter: "?" },
  api,
);

describe("a file that is not there", () => {
  it("is not made by reading, and is seen as soon as someone makes it", async () => {
    const folder = newFolder();
    const path = join(folder, "test.db");
    await onFile(path, async (session) => {
      const error: unknown = await session.query("SELECT * FROM posts").catch((error) => error);
      expect(session.errorKind(error)).toBe("table_missing");
      expect(await session.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
      expect(readdirSync(folder)).toEqual([]);

      new DatabaseSync(path).exec("CREATE TABLE posts (id)");
      expect(await session.query("SELECT * FROM posts")).toEqual([]);
    });
  });

  it("is made by the first write", async () => {
    const path = join(newFolder(), "test.db");
    await onFile(path, async (session) => {
      await session.query("CREATE TABLE posts (id)");
      expect(existsSync(path)).toBe(true);
      expect(await session.query("SELECT * FROM posts")).toEqual([]);
    });
  });
});

describe("what cannot be opened is said with a hint", () => {
  const folder = newFolder();
  const text = join(folder, "text.db");
  writeFileSync(
    text,
    "this is no database at all, but long enough to have a header of 100 bytes".repeat(3),
  );
  const cases: [string, string, string, string][] = [
    ["no folder", join(folder, "no", "x.db"), `there is no folder ${folder}/no`, "mkdir -p"],
    ["a folder", folder, `${folder} is a folder`, "Name a file in it."],
    ["no database", text, `${text}: file is not a database`, "Name a file that SQLite made"],
  ];
  it.each(cases)("%s", async (_, path, message, hint) => {
    const error: unknown = await sqlite({ path })
      .open(work)
      .catch((error) => error);
    expect(error).toBeInstanceOf(ConnectionFailed);
    expect(error).toMatchObject({ message, hint: expect.stringContaining(hint) });
  });

  it.skipIf(process.getuid?.() === 0)("a folder that may not be written", async () => {
    const closed = join(folder, "closed");
    mkdirSync(closed, { mode: 0o555 });
    await expect(sqlite({ path: join(closed, "x.db") }).open(work)).rejects.toThrow(
      `the folder ${closed} may not be written`,
    );
  });
});

describe("values", () => {
  it("come back exactly, whole numbers beyond 2^53 as text", async () => {
    await onFile(join(newFolder(), "test.db"), async (session) => {
      const [row] = await session.query(
        "SELECT 9007199254740991 AS safe, 9223372036854775807 AS big, 1.5 AS real, x'00ff' AS bytes, NULL AS none",
      );
      const bytes = new Uint8Array([0, 255]);
      expect(row).toEqual({
        safe: 9007199254740991,
        big: "9223372036854775807",
        real: 1.5,
        bytes,
        none: null,
      });
    });
  });

  it("go in by order, by number and as what SQLite can keep", async () => {
    await onFile(join(newFolder(), "test.db"), async (session) => {
      const date = new Date("2021-07-18T15:33:39.000Z");
      expect(await session.query("SELECT ? AS a, ? AS b", [true, date])).toEqual([
        { a: 1, b: "2021-07-18T15:33:39.000Z" },
      ]);
      expect(
        await session.query("SELECT $2 AS a, $1 AS b, '$3' AS c", ["one", { two: 2 }]),
      ).toEqual([{ a: '{"two":2}', b: "one", c: "$3" }]);
    });
  });
});

describe("foreign keys", () => {
  const setUp = `CREATE TABLE users (id INTEGER PRIMARY KEY);
    CREATE TABLE posts (user_id REFERENCES users ON DELETE CASCADE);
    INSERT INTO users VALUES (1); INSERT INTO posts VALUES (1)`;

  it.each([
    [undefined, 0],
    [false, 1],
  ])("foreignKeys: %s leaves %i posts of a deleted user", async (foreignKeys, left) => {
    const path = join(newFolder(), "test.db");
    const session = await sqlite({
      path,
      ...(foreignKeys === undefined ? {} : { foreignKeys }),
    }).open(work);
    await session.execute([{ sql: setUp, policy: { kind: "plain" } }]);
    await session.query("DELETE FROM users");
    expect(await session.query("SELECT * FROM posts")).toHaveLength(left);
    await session.close();
  });
});

describe("storage", () => {
  it("makes folder and file, and removes what SQLite keeps beside it", async () => {
    const path = join(newFolder(), "deep", "test.db");
    const adapter = sqlite({ path: () => path });
    expect(await adapter.storage?.create()).toBe("created");
    expect(await adapter.storage?.create()).toBe("already_there");
    for (const ending of ["-wal", "-shm", "-journal"]) writeFileSync(path + ending, "");
    expect(await adapter.storage?.drop()).toBe("dropped");
    expect(await adapter.storage?.drop()).toBe("already_gone");
    expect(readdirSync(join(path, ".."))).toEqual([]);
  });

  it("describes itself, even when the path is not known", () => {
    expect(sqlite({ path: "/var/app.db" }).describe()).toBe("sqlite:/var/app.db");
    expect(sqlite({ path: "app.db" }).describe()).toBe(`sqlite:${process.cwd()}/app.db`);
    const unknown = () => {
      throw new Error("DATABASE_PATH is not set");
    };
    expect(sqlite({ path: unknown }).describe()).toBe("sqlite");
  });
});
