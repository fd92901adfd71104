/** What somebody changed by hand is told, object by object, and nothing else is. */
import { defineMigration, defineRelease, type MigrationsOption } from "slipway";
import { describe, expect, it } from "vitest";
import type { Adapter } from "../../src/adapters/adapter.ts";
import { schemaByMigrations } from "../../src/shadow/schema-by-migrations.ts";
import { databaseKinds, pooled, testDatabase } from "../support/databases.ts";

const silent = { write: () => undefined, emit: () => undefined };

const first = {
  "1_posts": defineMigration({
    change(m) {
      m.createTable("posts", (t) => {
        t.column("title", "string");
        t.column("rank", "integer");
      });
      m.createIndex("posts", ["rank"]);
    },
  }),
};
const second = {
  ...first,
  "2_more": defineMigration({
    change(m) {
      m.alterTable("posts", (t) => t.add("body", "text"));
      m.createTable("more", (t) => t.column("n", "integer"));
    },
  }),
};

const release = (adapter: Adapter, migrations: MigrationsOption = first, more = {}) =>
  defineRelease({ app: "drift", repos: { main: { adapter, migrations, ...more } } }).using(silent);

const objects = async (of: ReturnType<typeof release>) => {
  const [found] = await of.verifySchema();
  return found?.drifted.map(({ object }) => object) ?? [];
};

describe.each(databaseKinds)("on %s", (kind) => {
  const dot = kind === "sqlite" ? "" : "public.";

  it("a database that nobody touched has none, whatever has run", async () => {
    const { adapter, dispose } = await testDatabase(kind);
    try {
      await release(adapter).migrate();
      await expect(objects(release(adapter))).resolves.toEqual([]);
      await release(adapter, second).migrate();
      await expect(objects(release(adapter, second))).resolves.toEqual([]);
      await release(adapter, second).rollback("main", 2);
      await expect(objects(release(adapter, second))).resolves.toEqual([]);
    } finally {
      await dispose();
    }
  });

  it("what was changed by hand is told until it is accepted, also after the next run", async () => {
    const { adapter, query, dispose } = await testDatabase(kind);
    try {
      await release(adapter).migrate();
      await query("create index by_hand on posts (title)");
      await query("create table mine (id integer)");
      const expected = [`index ${dot}by_hand`, `table ${dot}mine`];
      await expect(objects(release(adapter))).resolves.toEqual(expected);
      const [found] = await release(adapter).verifySchema();
      expect(found?.drifted.map(({ lines }) => lines)).toEqual(
        expected.map((object) => [`+ ${object}`]),
      );
      expect(found?.keptAt?.getTime()).toBeGreaterThan(Date.now() - 60_000);
      await release(adapter, second).migrate();
      await expect(objects(release(adapter, second))).resolves.toEqual(expected);
      await release(adapter, second).verifySchema({ accept: true });
      await expect(objects(release(adapter, second))).resolves.toEqual([]);
    } finally {
      await dispose();
    }
  });

  it("what is ignored is left alone, with all that is of it", async () => {
    const { adapter, query, dispose } = await testDatabase(kind);
    try {
      const ignoring = release(adapter, first, { ignore: [`${dot}mine_*`, `index ${dot}by_hand`] });
      await ignoring.migrate();
      await query("create table mine_1 (id integer)");
      await query("create index mine_index on mine_1 (id)");
      await query("create index by_hand on posts (title)");
      await query("create index other on posts (title)");
      await expect(objects(ignoring)).resolves.toEqual([`index ${dot}other`]);
    } finally {
      await dispose();
    }
  });

  it("a schema that the migrations make anew is the same, and what differs from it is told", async () => {
    const { adapter, query, dispose } = await testDatabase(kind);
    try {
      const of = release(adapter);
      await of.migrate();
      const [inventory] = await of.inventory();
      const against = await schemaByMigrations(of, inventory!, {});
      await expect(of.verifySchema({ against })).resolves.toEqual([
        { repo: "main", drifted: [], told: [] },
      ]);
      await query("create index by_hand on posts (title)");
      const [found] = await of.verifySchema({ against });
      expect(found?.drifted.map(({ object }) => object)).toEqual([`index ${dot}by_hand`]);
    } finally {
      await dispose();
    }
  });

  it("a text that differs is told line by line", async () => {
    const { adapter, query, dispose } = await testDatabase(kind);
    try {
      await release(adapter).migrate();
      await query("create view looks as select\n  title\nfrom posts");
      await release(adapter).verifySchema({ accept: true });
      await query("drop view looks");
      await query("create view looks as select\n  title\nfrom posts where rank > 1");
      const [found] = await release(adapter).verifySchema();
      const lines = found?.drifted.flatMap((one) => one.lines) ?? [];
      expect(lines.length).toBeGreaterThan(1);
      expect(lines.filter((line) => line.includes("\n"))).toEqual([]);
      expect(lines[0]).toMatch(/^~ view \S*looks: /);
    } finally {
      await dispose();
    }
  });

  it("while a migration is half done nothing is compared, and nothing is accepted", async () => {
    const { adapter, query, dispose } = await testDatabase(kind);
    const half = defineMigration({
      transaction: false,
      up(m) {
        m.execute("create table half (n integer)");
        m.execute("insert into nowhere values (1)");
      },
      down() {},
    });
    try {
      await release(adapter).migrate();
      const of = release(adapter, { ...first, "2_half": half });
      await expect(of.migrate()).rejects.toMatchObject({ code: "migration_failed" });
      for (const options of [{}, { accept: true }])
        await expect(of.verifySchema(options)).rejects.toMatchObject({
          code: "schema_not_kept",
          hint: "Finish the migration, roll it back or mark it first. To see how, run status.",
        });
      await query("create table nowhere (n integer)");
      await of.migrate();
      await expect(objects(of)).resolves.toEqual([]);
    } finally {
      await dispose();
    }
  });

  it("a schema that was just loaded is kept", async () => {
    const from = await testDatabase(kind);
    await release(from.adapter, second).migrate();
    const [dumped] = await release(from.adapter, second).dump();
    await from.dispose();
    const to = await testDatabase(kind);
    try {
      await release(to.adapter, second).load("main", dumped?.sql ?? "");
      await expect(objects(release(to.adapter, second))).resolves.toEqual([]);
      await to.query("create table mine (id integer)");
      await expect(objects(release(to.adapter, second))).resolves.toEqual([`table ${dot}mine`]);
    } finally {
      await to.dispose();
    }
  });

  it("after a run that kept nothing the next keeps all, and says what nobody can know", async () => {
    const { adapter, query, dispose } = await testDatabase(kind);
    try {
      await release(adapter).migrate();
      // As one that was killed before its end.
      await release(adapter, second, { fingerprint: false }).migrate();
      await query("create table mine (id integer)");
      const third = {
        ...second,
        "3_third": defineMigration({
          change: (m) => m.createTable("third", (t) => t.column("n", "integer")),
        }),
      };
      const told = async () => {
        const [found] = await release(adapter, third).verifySchema();
        expect(found?.drifted).toEqual([]);
        return found?.told;
      };
      await release(adapter, third).migrate();
      await expect(told()).resolves.toEqual([
        expect.stringMatching(/^what changed before a run kept all anew/),
      ]);
      await release(adapter, third).rollback("main", 3);
      await release(adapter, third).migrate();
      await expect(told()).resolves.toHaveLength(1);
      await release(adapter, third).verifySchema({ accept: true });
      await expect(told()).resolves.toEqual([]);
    } finally {
      await dispose();
    }
  });

  it("without a kept schema nothing is guessed", async () => {
    const { adapter, dispose } = await testDatabase(kind);
    try {
      const without = release(adapter, first, { fingerprint: false });
      await without.migrate();
      await expect(without.verifySchema()).rejects.toMatchObject({
        code: "schema_not_kept",
        exitCode: 2,
        hint: expect.stringContaining("fingerprint is false"),
      });
      await without.verifySchema({ accept: true });
      await expect(objects(without)).resolves.toEqual([]);
      await release(adapter, second, { fingerprint: false }).migrate();
      await expect(release(adapter, second).verifySchema()).rejects.toMatchObject({
        code: "schema_not_kept",
        message: expect.stringContaining("is not what had run"),
      });
    } finally {
      await dispose();
    }
  });
});

it.skipIf(pooled)("a run does not wait for a view that somebody has locked", async () => {
  const { adapter, query, dispose } = await testDatabase("postgres");
  const other = await adapter.open({ role: "work", application: "other" });
  try {
    await release(adapter).migrate();
    await query("create view titles as select title from posts");
    await other.query("begin");
    await other.query("lock table titles in access exclusive mode");
    const started = performance.now();
    await release(adapter, { ...first, "2_other": "create table other (n integer)" }).migrate();
    expect(performance.now() - started).toBeLessThan(30_000);
  } finally {
    await other.close();
    await dispose();
  }
});

it.skipIf(pooled)("a run does not wait for who locks what is kept", async () => {
  const { adapter, dispose } = await testDatabase("postgres");
  const other = await adapter.open({ role: "work", application: "other" });
  const more = { ...first, "2_other": "create table other (n integer)" };
  try {
    await release(adapter).migrate();
    await other.query("begin");
    await other.query("lock table slipway_schema in access exclusive mode");
    const started = performance.now();
    await release(adapter, more).migrate();
    expect(performance.now() - started).toBeLessThan(5_000);
    await expect(release(adapter, more).verifySchema()).rejects.toMatchObject({
      code: "setup_refused",
      message: expect.stringContaining("lock timeout"),
    });
    await other.query("commit");
    await expect(release(adapter, more).verifySchema()).rejects.toMatchObject({
      code: "schema_not_kept",
    });
  } finally {
    await other.close();
    await dispose();
  }
});

it.skipIf(pooled)("of a large database a run keeps the schema where the repo says so", async () => {
  const { adapter, query, dispose } = await testDatabase("postgres");
  try {
    await query(
      "do $$ begin for i in 1..2001 loop execute format('create table many_%s ()', i); end loop; end $$",
    );
    await release(adapter).migrate();
    await expect(release(adapter).verifySchema()).rejects.toMatchObject({
      code: "schema_not_kept",
      message: expect.stringContaining("a run keeps one with fingerprint: true"),
    });
    const always = release(adapter, second, { fingerprint: true });
    await always.migrate();
    await expect(objects(always)).resolves.toEqual([]);
    await query("drop table many_7");
    await expect(objects(always)).resolves.toEqual(["table public.many_7"]);
  } finally {
    await dispose();
  }
});
