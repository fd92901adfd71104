/**
 * Each safe form against the plain operation, on a table with rows and with writers on it: how long the longest write
 * had to wait, and how long the whole took.
 */
import pg from "pg";
import { postgres } from "../src/adapters/postgres/index.ts";
import {
  defineMigration,
  defineRelease,
  type MigrationDefinition,
  silent,
  sql,
} from "../src/index.ts";
import type { Bench } from "./bench.ts";

/** Two million are the honest form; fewer are for a quick look. */
const rows = Number(process.env.SLIPWAY_BENCH_ROWS ?? 2_000_000);

type Change = NonNullable<MigrationDefinition["up"]>;
type Pair = { readonly name: string; readonly plain: Change; readonly safe: Change };

const pairs: readonly Pair[] = [
  {
    name: "index",
    plain: (m) => m.createIndex("posts", ["title"]),
    safe: (m) => m.createIndexConcurrently("posts", ["title"]),
  },
  {
    name: "check",
    plain: (m) => m.createConstraint("posts", "short", { check: "length(title) < 100" }),
    safe: (m) => m.addCheck("posts", "short", "length(title) < 100"),
  },
  {
    name: "foreign key",
    plain: (m) =>
      m.createConstraint("posts", "author", {
        foreignKey: { columns: ["author_id"], table: "users" },
      }),
    safe: (m) =>
      m.addForeignKey("posts", { name: "author", columns: ["author_id"], table: "users" }),
  },
  {
    name: "unique constraint",
    plain: (m) => m.createConstraint("posts", "once", { unique: ["title", "id"] }),
    safe: (m) => m.addUniqueConstraint("posts", ["title", "id"], { name: "once" }),
  },
  {
    name: "not null",
    plain: (m) => m.alterTable("posts", (t) => t.setNotNull("title")),
    safe: (m) => m.setNotNullSafely("posts", "title"),
  },
  {
    name: "column with a value of its own",
    plain: (m) =>
      m.alterTable("posts", (t) =>
        t.add("token", "uuid", { default: sql`gen_random_uuid()`, null: false }),
      ),
    safe: (m) =>
      m.addColumnWithBackfill("posts", "token", "uuid", {
        default: sql`gen_random_uuid()`,
        null: false,
      }),
  },
  {
    name: "change of type",
    plain: (m) => m.alterTable("posts", (t) => t.setType("views", "bigint")),
    safe: (m) => m.changeTypeSafely("posts", "views", "bigint", { was: "integer" }),
  },
];

/** A table in Markdown. */
export async function safeForms({ database, signal }: Bench): Promise<string> {
  const template = await database();
  await fill(template);
  const lines: string[] = [];
  for (const { name, plain, safe } of pairs) {
    const [one, two] = [
      await measure(plain, template, signal),
      await measure(safe, template, signal),
    ];
    const ratio = (one.longestMs / two.longestMs).toFixed(1);
    const cells = [...[one, two].map(({ longestMs, totalMs }) => [longestMs, totalMs])];
    lines.push(`| ${[name, ...cells.flat().map((ms) => ms.toFixed(0)), ratio].join(" | ")} |`);
  }
  const head =
    "plain: longest write ms | plain: total ms | safe: longest write ms | safe: total ms | longest, plain ÷ safe";
  return [
    `| safe forms, ${rows} rows | ${head} |`,
    "| --- | ---: | ---: | ---: | ---: | ---: |",
    ...lines,
    "",
  ].join("\n");
}

async function fill(url: string): Promise<void> {
  await withClient(url, async (client) => {
    await client.query("create table users (id bigint primary key)");
    await client.query("insert into users select generate_series(1, 1000)");
    await client.query(
      "create table posts (id bigserial primary key, title text, views integer, author_id bigint)",
    );
    await client.query(
      `insert into posts (title, views, author_id) select 'post ' || n, 0, 1 + n % 1000 from generate_series(1, ${rows}) n`,
    );
    await client.query("vacuum analyze posts");
  });
}

type Seen = { readonly longestMs: number; readonly totalMs: number };

/** Two writers all the while; the first second, in which nothing else runs, does not count. */
async function measure(change: Change, template: string, signal: AbortSignal): Promise<Seen> {
  signal.throwIfAborted();
  const { url, drop } = await copyOf(template);
  const stop = new AbortController();
  let longestMs = 0;
  const counting = { yes: false };
  const writers = [1, 2].map((seed) =>
    withClient(url, async (client) => {
      for (let i = seed; !stop.signal.aborted; i += 2) {
        const started = performance.now();
        await client.query(
          i % 3 === 0
            ? "insert into posts (title, views, author_id) values ('new ' || $1::text, 0, 1)"
            : "update posts set views = 1 where id = 1 + ($1::text::bigint * 7919) % 100000",
          [String(i)],
        );
        if (counting.yes) longestMs = Math.max(longestMs, performance.now() - started);
      }
    }),
  );
  await new Promise((resolve) => setTimeout(resolve, 1000));
  counting.yes = true;
  const release = defineRelease({
    app: "bench",
    repos: {
      main: {
        adapter: postgres({ url }),
        migrations: { "1_change": defineMigration({ up: change, down: () => undefined }) },
        safe: "off",
      },
    },
  });
  const started = performance.now();
  try {
    await release.using({ emit: silent }).migrate();
  } finally {
    stop.abort();
    await Promise.all(writers);
  }
  const totalMs = performance.now() - started;
  await drop();
  return { longestMs, totalMs };
}

let copies = 0;

async function copyOf(template: string): Promise<{ url: string; drop(): Promise<void> }> {
  const from = new URL(template).pathname.slice(1);
  const name = `${from}_${++copies}`;
  const url = new URL(template);
  url.pathname = `/${name}`;
  const server = new URL(template);
  server.pathname = "/postgres";
  const run = (text: string) => withClient(server.href, (client) => client.query(text));
  await run(`create database ${name} template ${from}`);
  await run("checkpoint");
  return {
    url: url.href,
    drop: async () => void (await run(`drop database ${name} with (force)`)),
  };
}

async function withClient<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
