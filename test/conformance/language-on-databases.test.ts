/** Conformance 100–112: what migrations do to tables that have rows. 113 is in test/adapters/mysql-*.test.ts. */
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { Row } from "../../src/adapters/adapter.ts";
import type { ReferenceColumnOptions } from "../../src/core/language/column.ts";
import type { MigrationDefinition } from "../../src/core/language/migration-definition.ts";
import type { Direction } from "../../src/core/model/migration.ts";
import { apply } from "../language/apply.ts";
import { type PlaceName, placeNames } from "../language/families.ts";
import { openPlace, type Place } from "../language/places.ts";
import { type Catalog, readCatalog } from "../support/catalog.ts";

type Change = NonNullable<MigrationDefinition["change"]>;

/** What a test may do. */
type Hands = {
  readonly place: Place;
  run(change: Change, direction?: Direction): Promise<void>;
  /** The values of each row. */
  rows(sql: string): Promise<readonly (readonly unknown[])[]>;
  /** Fails for this reason. */
  fails(sql: string, reason: RegExp): Promise<void>;
  catalog(): Promise<Catalog>;
};

/** One connection each, empty before every test. */
function on(names: readonly PlaceName[], tests: (hands: () => Hands) => void): void {
  describe.each(names)("on %s", async (name) => {
    const place = await openPlace(name);
    afterAll(() => place?.close());
    describe.skipIf(place === undefined)("with rows", () => {
      beforeEach(() => place?.empty());
      tests(() => handsOn(place!));
    });
  });
}

function handsOn(place: Place): Hands {
  const { session } = place;
  return {
    place,
    run: (change, direction = "up") => apply(session, { migration: { change } }, direction),
    rows: async (sql) => (await session.query(sql)).map(plain),
    fails: async (sql, reason) => {
      await expect(session.query(sql)).rejects.toThrow(reason);
    },
    catalog: () => readCatalog(session),
  };
}

/** How the databases say why a row is refused. */
const unique = /unique|duplicate/i;
const foreignKey = /foreign key/i;
const notNull = /null|default value/i;

/** Big integers arrive as text or as numbers. */
function plain(row: Row): readonly unknown[] {
  return Object.values(row).map((value) => (/^\d+$/.test(String(value)) ? Number(value) : value));
}

const users: Change = (m) =>
  m.createTable("users", (t) => t.column("id", "bigint", { primaryKey: true }));

const postsOf =
  (options: ReferenceColumnOptions): Change =>
  (m) =>
    m.createTable("posts", (t) => {
      t.column("id", "bigint", { primaryKey: true });
      t.references("author_id", "users", { type: "bigint", ...options });
    });

const filled = [
  "INSERT INTO users (id) VALUES (1), (2)",
  "INSERT INTO posts (id, author_id) VALUES (10, 1), (20, 2)",
];

on(placeNames, (hands) => {
  it("100: a table and a unique index are made and dropped", async () => {
    const { run, fails, rows, catalog, place } = hands();
    const change: Change = (m) => {
      m.createTable("posts", (t) => {
        t.id();
        t.column("title", "string");
      });
      m.createIndex("posts", ["title"], { unique: true });
    };
    const before = await catalog();
    await run(change);
    await place.session.query("INSERT INTO posts (title) VALUES ('a')");
    await fails("INSERT INTO posts (title) VALUES ('a')", unique);
    expect(await rows("SELECT title FROM posts")).toEqual([["a"]]);
    await run(change, "down");
    expect(await catalog()).toEqual(before);
  });

  it("101: an index is dropped by its columns", async () => {
    const { run, catalog } = hands();
    await run(users);
    const before = await catalog();
    await run((m) => m.createIndex("users", ["id"]));
    await run((m) => m.dropIndex("users", ["id"]));
    expect(await catalog()).toEqual(before);
  });

  const deletes: readonly (readonly [ReferenceColumnOptions, readonly unknown[]])[] = [
    [{ onDelete: "cascade" }, [[20, 2]]],
    [
      { onDelete: "set null" },
      [
        [10, null],
        [20, 2],
      ],
    ],
  ];
  it.each(deletes)("102: the parent goes, with %j", async (options, left) => {
    const { run, rows, place } = hands();
    await run(users);
    await run(postsOf(options));
    for (const sql of filled) await place.session.query(sql);
    await place.session.query("DELETE FROM users WHERE id = 1");
    expect(await rows("SELECT id, author_id FROM posts ORDER BY id")).toEqual(left);
  });

  it.each(["restrict", "no action"] as const)(
    "102: the parent may not go, with %s",
    async (onDelete) => {
      const { run, fails, place } = hands();
      await run(users);
      await run(postsOf({ onDelete }));
      for (const sql of filled) await place.session.query(sql);
      await fails("DELETE FROM users WHERE id = 1", foreignKey);
    },
  );

  it("103: the child follows a parent that changes", async () => {
    const { run, rows, place } = hands();
    await run(users);
    await run(postsOf({ onUpdate: "cascade" }));
    for (const sql of filled) await place.session.query(sql);
    await place.session.query("UPDATE users SET id = 3 WHERE id = 1");
    expect(await rows("SELECT id, author_id FROM posts ORDER BY id")).toEqual([
      [10, 3],
      [20, 2],
    ]);
  });

  it("104: a pair that is not there is refused by a key over two columns", async () => {
    const { run, rows, fails, place } = hands();
    await run((m) => {
      m.createTable("members", (t) => {
        t.column("org_id", "bigint", { primaryKey: true });
        t.column("id", "bigint", { primaryKey: true });
      });
      m.createTable("posts", (t) => {
        t.references("org_id", "members", {
          type: "bigint",
          column: "org_id",
          with: { author_id: "id" },
        });
        t.column("author_id", "bigint");
      });
    });
    await place.session.query("INSERT INTO members (org_id, id) VALUES (1, 2)");
    await fails("INSERT INTO posts (org_id, author_id) VALUES (1, 1)", foreignKey);
    await place.session.query("INSERT INTO posts (org_id, author_id) VALUES (1, 2)");
    expect(await rows("SELECT org_id, author_id FROM posts")).toEqual([[1, 2]]);
  });

  it("105: adding, modifying, removing and renaming columns keeps the rows, both ways", async () => {
    const { run, rows, fails, catalog, place } = hands();
    await run((m) =>
      m.createTable("posts", (t) => {
        t.column("id", "bigint", { primaryKey: true });
        t.column("title", "string", { null: false });
        t.column("views", "integer", { default: 1 });
        t.column("old", "string");
      }),
    );
    await place.session.query("INSERT INTO posts (id, title, old) VALUES (1, 'a', 'x')");
    const before = await catalog();
    const change: Change = (m) => {
      m.alterTable("posts", (t) => {
        t.add("score", "integer", { null: false, default: 5 });
        t.modify("title", "string", {
          null: true,
          default: "new",
          was: { type: "string", null: false, default: null },
        });
        t.modify("views", "bigint", { default: null, was: { type: "integer", default: 1 } });
      });
      m.alterTable("posts", (t) => t.remove("old", { was: "string" }));
      m.renameColumn("posts", "title", { to: "name" });
    };
    await run(change);
    await place.session.query("INSERT INTO posts (id) VALUES (2)");
    await fails("INSERT INTO posts (id, score) VALUES (3, NULL)", notNull);
    await place.session.query("INSERT INTO posts (id, name) VALUES (4, NULL)");
    expect(await rows("SELECT id, name, views, score FROM posts ORDER BY id")).toEqual([
      [1, "a", 1, 5],
      [2, "new", null, 5],
      [4, null, null, 5],
    ]);
    await place.session.query("DELETE FROM posts WHERE name IS NULL");
    await run(change, "down");
    expect(await catalog()).toEqual(before);
    await fails("INSERT INTO posts (id) VALUES (5)", notNull);
    expect(await rows("SELECT id, title, views FROM posts ORDER BY id")).toEqual([
      [1, "a", 1],
      [2, "new", null],
    ]);
  });

  it("106: the type of a primary key behind a foreign key changes, both ways", async () => {
    const { run, rows, fails, catalog, place } = hands();
    await run((m) => {
      m.createTable("users", (t) => t.column("id", "integer", { primaryKey: true }));
      m.createTable("posts", (t) => t.references("author_id", "users", { type: "integer" }));
    });
    await place.session.query("INSERT INTO users (id) VALUES (1)");
    await place.session.query("INSERT INTO posts (author_id) VALUES (1)");
    const before = await catalog();
    const change: Change = (m) => {
      m.alterTable("posts", (t) =>
        t.modify("author_id", "decimal", {
          precision: 10,
          scale: 0,
          was: { type: "integer", references: { table: "users" } },
        }),
      );
      const wide = { type: "decimal", precision: 10, scale: 0 } as const;
      m.alterTable("users", (t) =>
        t.modify("id", "decimal", { precision: 10, scale: 0, was: "integer" }),
      );
      m.alterTable("posts", (t) =>
        t.modify("author_id", "decimal", {
          precision: 10,
          scale: 0,
          references: { table: "users" },
          was: wide,
        }),
      );
    };
    await run(change);
    expect(await catalog()).not.toEqual(before);
    await fails("INSERT INTO posts (author_id) VALUES (2)", foreignKey);
    await run(change, "down");
    expect(await catalog()).toEqual(before);
    await fails("INSERT INTO posts (author_id) VALUES (2)", foreignKey);
    expect(await rows("SELECT author_id FROM posts")).toEqual([[1]]);
  });

  it("107: an existing foreign key gets another onDelete", async () => {
    const { run, rows, catalog, place } = hands();
    await run(users);
    await run(postsOf({}));
    for (const sql of filled) await place.session.query(sql);
    const before = await catalog();
    const change: Change = (m) =>
      m.alterTable("posts", (t) =>
        t.modify("author_id", "bigint", {
          references: { table: "users", onDelete: "cascade" },
          was: { type: "bigint", references: { table: "users" } },
        }),
      );
    await run(change);
    await place.session.query("DELETE FROM users WHERE id = 1");
    expect(await rows("SELECT id FROM posts")).toEqual([[20]]);
    await run(change, "down");
    expect(await catalog()).toEqual(before);
  });

  it("108: what may be there or not can be run twice", async () => {
    const { run, catalog } = hands();
    const before = await catalog();
    const create: Change = (m) => {
      m.createTable("posts", (t) => t.id(), { ifNotExists: true });
      m.createIndex("posts", ["id"], { ifNotExists: true });
    };
    const drop: Change = (m) => {
      m.dropTable("posts", { ifExists: true });
    };
    await run(create);
    const after = await catalog();
    await run(create);
    expect(await catalog()).toEqual(after);
    await run((m) => m.dropIndex("posts", ["id"], { ifExists: true }));
    await run((m) => m.dropIndex("posts", ["id"], { ifExists: true }));
    await run(drop);
    await run(drop);
    expect(await catalog()).toEqual(before);
  });

  it("110: a table gets a primary key, and loses it again", async () => {
    const { run, rows, fails, catalog, place } = hands();
    await run((m) => m.createTable("posts", (t) => t.column("title", "string")));
    await place.session.query("INSERT INTO posts (title) VALUES ('a'), ('b')");
    const before = await catalog();
    const change: Change = (m) =>
      m.alterTable("posts", (t) => t.add("id", "bigserial", { primaryKey: true }));
    await run(change);
    expect(await rows("SELECT id, title FROM posts ORDER BY id")).toEqual([
      [1, "a"],
      [2, "b"],
    ]);
    await fails("INSERT INTO posts (id, title) VALUES (2, 'c')", unique);
    await run(change, "down");
    expect(await catalog()).toEqual(before);
  });
});

on(["postgres", "pglite", "sqlite"], (hands) => {
  it('102: the parent goes, with onDelete: "set default"', async () => {
    const { run, rows, place } = hands();
    await run(users);
    await run(postsOf({ default: 2, onDelete: "set default" }));
    for (const sql of filled) await place.session.query(sql);
    await place.session.query("DELETE FROM users WHERE id = 1");
    expect(await rows("SELECT id, author_id FROM posts ORDER BY id")).toEqual([
      [10, 2],
      [20, 2],
    ]);
  });
});

on(["postgres", "pglite"], (hands) => {
  const lists: readonly (readonly [ReferenceColumnOptions["onDelete"], readonly unknown[]])[] = [
    [{ setNull: ["author_id"] }, [7, null]],
    [{ setDefault: ["author_id"] }, [7, 2]],
  ];
  it.each(lists)(
    "102: only some columns change when the parent goes, with %j",
    async (onDelete, left) => {
      const { run, rows, place } = hands();
      await run((m) => {
        m.createTable("members", (t) => {
          t.column("org_id", "bigint", { primaryKey: true });
          t.column("id", "bigint", { primaryKey: true });
        });
        m.createTable("posts", (t) => {
          t.column("org_id", "bigint");
          t.references("author_id", "members", {
            default: 2,
            with: { org_id: "org_id" },
            ...(onDelete && { onDelete }),
          });
        });
      });
      await place.session.query("INSERT INTO members (org_id, id) VALUES (7, 1), (7, 2)");
      await place.session.query("INSERT INTO posts (org_id, author_id) VALUES (7, 1)");
      await place.session.query("DELETE FROM members WHERE id = 1");
      expect(await rows("SELECT org_id, author_id FROM posts")).toEqual([left]);
    },
  );
});

on(["postgres", "pglite", "mariadb"], (hands) => {
  it("109: a schema with tables and a key between them is made and dropped", async () => {
    const { run, rows, catalog, place } = hands();
    const before = await catalog();
    const change: Change = (m) => {
      m.createSchema("blog");
      m.createTable("users", (t) => t.id(), { prefix: "blog" });
      m.createTable("posts", (t) => t.references("author_id", "users"), { prefix: "blog" });
      m.createIndex("posts", ["author_id"], { prefix: "blog" });
    };
    await run(change);
    await place.session.query("INSERT INTO blog.users (id) VALUES (1)");
    await place.session.query("INSERT INTO blog.posts (author_id) VALUES (1)");
    expect(await rows("SELECT author_id FROM blog.posts")).toEqual([[1]]);
    await run(change, "down");
    expect(await catalog()).toEqual(before);
  });
});

const collations = {
  postgres: ["POSIX", "C"],
  pglite: ["POSIX", "C"],
  mariadb: ["utf8mb4_bin", "utf8mb4_unicode_ci"],
  sqlite: ["NOCASE", "RTRIM"],
} as const satisfies { readonly [Name in PlaceName]: readonly [string, string] };

on(placeNames, (hands) => {
  it("112: the catalog shows the collation of a column, and the one that it gets", async () => {
    const { run, catalog, place } = hands();
    const [first, second] = collations[place.name as PlaceName];
    const shown = async () => JSON.stringify(await catalog());
    await run((m) =>
      m.createTable("posts", (t) => t.column("code", "string", { collation: first })),
    );
    expect(await shown()).toContain(first);
    const before = await catalog();
    const change: Change = (m) =>
      m.alterTable("posts", (t) =>
        t.modify("code", "string", {
          collation: second,
          was: { type: "string", collation: first },
        }),
      );
    await run(change);
    expect(await shown()).toContain(`${second}`);
    expect(await shown()).not.toContain(first);
    await run(change, "down");
    expect(await catalog()).toEqual(before);
  });
});
