/** The migrations that faults are put into, as the maps of a release. */
import { defineMigration, type MigrationDefinition } from "../../../src/index.ts";
import type { MigrationMap } from "../../../src/release/config.ts";
import { isGreedy, takeAllMemory } from "./memory.ts";
import { told } from "./words.ts";

/** Runs until the parent says `end`. */
function hold(label = "hold") {
  return { run: () => told("end"), down: () => undefined, label };
}

function holding(before: string, options: Partial<MigrationDefinition> = {}): MigrationDefinition {
  return defineMigration({
    ...options,
    up(m) {
      m.createTable(before, (t) => t.id());
      const { run, label } = hold();
      m.run(run, { label });
    },
    down: () => undefined,
  });
}

const creates = (name: string): MigrationDefinition =>
  defineMigration({ change: (m) => m.createTable(name, (t) => t.id()) });

const runs = (sql: string, down = "select 1"): MigrationDefinition =>
  defineMigration({ change: (m) => m.execute(sql, { down }) });

/** Notes that a version ran, in a table that lets it be noted twice. */
const notes = (version: number): MigrationDefinition => runs(`insert into ran values (${version})`);

/** Notes that a process is inside, outside of any transaction: sequences forget nothing. */
const enters = defineMigration({
  up(m) {
    m.run(async (db) => {
      await db.query(
        "insert into seen select nextval('entered') - (select last_value from gone) as inside",
      );
    });
    m.execute("insert into ran values (1)");
  },
  down: () => undefined,
});

const leaves = defineMigration({
  up(m) {
    m.execute("insert into ran values (9)");
    m.run(async (db) => {
      await db.query("select nextval('gone')");
    });
  },
  down: () => undefined,
});

const index = defineMigration({
  change: (m) => m.createIndex("big", ["title"], { concurrently: true }),
});

const newer = {
  "1_one": creates("one"),
  "2_big": defineMigration({
    change: (m) =>
      m.createTable("big", (t) => {
        t.id();
        t.column("title", "text");
      }),
  }),
  "4_column": defineMigration({
    change: (m) =>
      m.alterTable("one", (t) => {
        t.add("more", "integer");
      }),
  }),
} satisfies MigrationMap;

export const scenarios = {
  /** Every kind of migration once, from entering to leaving. */
  together: {
    "1_enters": enters,
    "2_notes": notes(2),
    "3_index": defineMigration({
      change: (m) => m.createIndex("ran", ["version"], { concurrently: true }),
    }),
    "4_steps": "-- slipway: transaction=false\ninsert into ran values (4);\nselect 1;\n",
    "9_leaves": leaves,
  },
  /** For a process that stops between any two of its calls. */
  freeze: {
    "1_one": notes(1),
    "2_code": defineMigration({
      up(m) {
        m.execute("insert into ran values (2)");
        m.run(async (db) => {
          await db.query("select 1");
        });
        m.createTable("two", (t) => t.id());
      },
      down: () => undefined,
    }),
    "3_index": defineMigration({
      change: (m) => m.createIndex("ran", ["version"], { concurrently: true }),
    }),
    "4_four": notes(4),
  },
  /** The same kinds, each of which can be undone. */
  freezeBack: {
    "1_one": runs("insert into ran values (1)", "delete from ran where version = 1"),
    "2_code": defineMigration({
      up(m) {
        m.execute("insert into ran values (2)");
        m.createTable("two", (t) => t.id());
      },
      down(m) {
        m.dropTable("two");
        m.run(async (db) => {
          await db.query("select 1");
        });
        m.execute("delete from ran where version = 2");
      },
    }),
    "3_index": defineMigration({
      change: (m) => m.createIndex("ran", ["version"], { concurrently: true }),
    }),
    "4_four": runs("insert into ran values (4)", "delete from ran where version = 4"),
  },
  /** Stands inside a transaction. */
  hold: { "1_one": creates("one"), "2_hold": holding("two"), "3_three": creates("three") },
  /** Its code takes all memory, inside a transaction, where the child is told to be greedy. */
  greedy: {
    "1_one": creates("one"),
    "2_greedy": defineMigration({
      up(m) {
        m.createTable("two", (t) => t.id());
        m.run(() => (isGreedy() ? takeAllMemory() : undefined));
      },
      down: () => undefined,
    }),
    "3_three": creates("three"),
  },
  /** The same, outside of any. */
  greedyAlone: {
    "1_one": creates("one"),
    "2_greedy": defineMigration({
      transaction: false,
      up(m) {
        m.createTable("two", (t) => t.id());
        m.run(() => (isGreedy() ? takeAllMemory() : undefined));
      },
      down: () => undefined,
    }),
    "3_three": creates("three"),
  },
  /** Stands in code outside of a transaction. */
  code: { "1_hold": holding("one", { transaction: false }), "2_two": creates("two") },
  /** Stands in a statement of a transaction. */
  sleep: {
    "1_one": creates("one"),
    "2_sleep": runs("create table two (id int); select pg_sleep(60)"),
    "3_three": creates("three"),
  },
  /** Waits for somebody else's lock on the table. */
  alter: {
    "1_alter": defineMigration({
      change: (m) => m.alterTable("big", (t) => t.add("more", "integer")),
    }),
  },
  index: { "1_index": index },
  indexSql: {
    "1_index":
      "-- migrate:up\ncreate index concurrently big_title_index on big (title);\n-- migrate:down\ndrop index concurrently big_title_index;\n",
  },
  /** A statement that refuses a transaction, and that nobody can ask the catalog about. */
  unknown: {
    "1_unknown":
      "-- slipway: transaction=false\ncreate table one (id int);\ncreate index concurrently on big (title);\ncreate table three (id int);\n",
  },
  settings: {
    "1_setting":
      "-- slipway: transaction=false\nset search_path to public;\ncreate table one (id int);\n",
  },
  codeOnly: {
    "1_code": defineMigration({
      transaction: false,
      up: (m) =>
        m.run(async (db) => {
          await db.query("create table one (id int)");
        }),
      down: () => undefined,
    }),
  },
  older: { "1_one": creates("one") },
  indexed: {
    "1_one": defineMigration({
      change(m) {
        m.createTable("one", (t) => t.column("title", "string"));
        m.createIndex("one", ["title"]);
      },
    }),
  },
  badIndex: {
    "1_one":
      "-- migrate:up\ncreate table one (title varchar(100));\ncreate index one_missing on one (missing);\n",
  },
  newer: { ...newer, "3_index": index },
  /** Without a concurrent build, which is PostgreSQL's. */
  newerPlain: {
    ...newer,
    "3_index": defineMigration({ change: (m) => m.createIndex("big", ["title"]) }),
  },
  fill: {
    "1_fill": runs("create table copy tablespace small as select * from big", "drop table copy"),
  },
  fillIndex: {
    "1_fill":
      "-- migrate:up\ncreate index concurrently big_title_small on big (title) tablespace small;\n-- migrate:down\nselect 1;\n",
  },
  togetherMysql: {
    "1_first": notes(1),
    "2_inside": defineMigration({
      up(m) {
        m.execute("insert into ran values (2)");
        m.run(async (db) => {
          await db.query("insert into inside values (connection_id())");
          await db.query("insert into seen select count(*) from inside");
          await db.query("select sleep(0.1)");
          await db.query("delete from inside where id = connection_id()");
        });
      },
      down: () => undefined,
    }),
    "3_last": notes(3),
  },
  /** The same, with tables that have keys, and ids that two nodes do not share. */
  togetherGalera: {
    "1_first": runs("insert into ran (version) values (1)"),
    "2_inside": defineMigration({
      up(m) {
        m.execute("insert into ran (version) values (2)");
        m.run(async (db) => {
          const me = `concat(@@wsrep_node_name, connection_id())`;
          await db.query(`insert into inside values (${me})`);
          await db.query("select sleep(0.05)");
          await db.query("insert into seen (inside) select count(*) from inside");
          await db.query("select sleep(0.05)");
          await db.query(`delete from inside where id = ${me}`);
        });
      },
      down: () => undefined,
    }),
    "3_last": runs("insert into ran (version) values (3)"),
  },
  holdMysql: {
    "1_one": creates("one"),
    "2_hold": defineMigration({
      up(m) {
        m.createTable("two", (t) => t.id());
        m.run(() => told("end"), { label: "hold" });
      },
      down: () => undefined,
    }),
    "3_three": creates("three"),
  },
  /** The record of the first takes the announcement of the second along. */
  following: { "1_one": creates("one"), "2_two": creates("two") },
  /** Two statements of DDL, each of which MySQL commits by itself, around one that lasts. */
  two: {
    "1_two": defineMigration({
      up(m) {
        m.createTable("one", (t) => t.id());
        m.createTable("two", (t) => t.id());
        m.createTable("three", (t) => t.id());
      },
      down: () => undefined,
    }),
  },
} satisfies { readonly [scenario: string]: MigrationMap };

export type Scenario = keyof typeof scenarios;
