/** docs/terminal: pictures of a terminal in which the real commands run, on a PostgreSQL of their own. */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import pg from "pg";
import { startPostgres } from "../test/support/postgres-server.ts";
import { screenOf, terminalSvg } from "./terminal-svg.ts";

const root = resolve(import.meta.dirname, "..");
const folder = join(root, "docs/terminal");
mkdirSync(folder, { recursive: true });

const server = await startPostgres();
const databases = ["main", "analytics", "billing"];
const project = mkdtempSync(join(tmpdir(), "slipway-pictures-"));

function write(file: string, text: string): void {
  mkdirSync(dirname(join(project, file)), { recursive: true });
  writeFileSync(join(project, file), text);
}

function urlOf(database: string): string {
  const url = new URL(server.url);
  url.pathname = `/${database}`;
  return url.href;
}

async function ask(database: string, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(database) });
  await client.connect();
  for (const sql of statements) await client.query(sql);
  await client.end();
}

const repo = (name: string) =>
  `    ${name}: { adapter: postgres({ url: ${JSON.stringify(urlOf(name))} }), safe: "off" },\n`;

/** What a command writes to a terminal of this width. Ended after so long, where it does not end by itself. */
function typed(words: string, columns: number, forMs = 60_000): Promise<string> {
  const command = `stty cols ${columns} rows 40; exec ${process.execPath} ${join(root, "dist/cli/bin.js")} ${words}`;
  const { PATH, HOME } = process.env;
  const child = spawn("script", ["-qefc", command, "/dev/null"], {
    cwd: project,
    env: { PATH, HOME, TERM: "xterm-256color", SHELL: "/bin/sh" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk;
  });
  const timer = setTimeout(() => child.kill("SIGTERM"), forMs);
  return new Promise((done) => {
    child.on("close", () => {
      clearTimeout(timer);
      done(text);
    });
  });
}

function picture(name: string, command: string, text: string, columns: number): void {
  const svg = terminalSvg([`$ ${command}`, ...screenOf(text, columns)], {
    columns,
    title: command,
  });
  writeFileSync(join(folder, `${name}.svg`), svg);
  console.log(`docs/terminal/${name}.svg ${Math.round(svg.length / 1_000)} kB`);
}

symlinkSync(root, join(mkdirAt("node_modules"), "slipway"), "junction");
symlinkSync(join(root, "node_modules/pg"), join(project, "node_modules/pg"), "junction");

function mkdirAt(path: string): string {
  mkdirSync(join(project, path), { recursive: true });
  return join(project, path);
}

write("package.json", '{ "name": "shop", "version": "2.5.0", "type": "module" }');
write(
  "release.ts",
  `import { defineRelease } from "slipway";
import { postgres } from "slipway/postgres";

export const Release = defineRelease({
  app: "shop",
  repos: {
${databases.map(repo).join("")}  },
});
`,
);
for (const database of databases) await ask("postgres", `create database ${database}`);
write(
  "db/main/migrations/20260105090000_create_orders.sql",
  "create table orders (id bigint primary key, cents int, state text);\n",
);
write(
  "db/main/migrations/20260203090000_create_invoices.sql",
  "create table invoices (id bigint primary key);\n",
);
write(
  "db/analytics/migrations/20260110090000_create_visits.sql",
  "create table visits (id bigint primary key, path text);\n",
);
write(
  "db/billing/migrations/20260112090000_create_charges.sql",
  "create table charges (id bigint primary key, note text);\n",
);
write(
  "db/main/data_migrations/20260215090000_orders_in_cents.ts",
  `import { defineBackfill, sql } from "slipway";

export default defineBackfill({
  table: "orders",
  key: "id",
  set: { cents: 100 },
  where: sql\`cents is null\`,
  batchSize: 1_000,
  maxBatchSize: 2_000,
  pauseMs: 80,
});
`,
);
await typed("migrate", 100);
await ask(
  "main",
  "insert into orders select n, null, 'paid' from generate_series(1, 400000) n",
  "analyze orders",
);
await ask("analytics", "insert into visits select n, 'x' from generate_series(1, 10) n");
write(
  "db/analytics/migrations/20260301090000_add_country.sql",
  "alter table visits add country text;\n",
);
write(
  "db/billing/migrations/20260302090000_unique_notes.sql",
  "create unique index charges_note on charges (note);\n",
);
write("db/billing/migrations/20260305090000_drop_note.sql", "alter table charges drop note;\n");
await ask("billing", "insert into charges values (1, 'same'), (2, 'same')");
await typed("migrate --repo billing", 100);
const reader = new pg.Client({ connectionString: urlOf("analytics"), application_name: "report" });
await reader.connect();
await reader.query("begin");
await reader.query("select count(*) from visits");
const blocked = typed("migrate --repo analytics --retry-for 60000", 100, 20_000);
const backfill = typed("migrate-data --repo main", 100, 20_000);
await new Promise((done) => setTimeout(done, 8_000));
picture("status", "npx slipway status", await typed("status", 100), 100);
picture("backfill", "npx slipway migrate-data --repo main", beforeEnd(await backfill), 100);
await blocked;
await reader.end();
await server.stop();
rmSync(project, { recursive: true });

/** As it was before it was stopped: the last line is the bar. */
function beforeEnd(text: string): string {
  const clear = "\r\u001b[2K";
  const drawn = text.split(clear);
  const last = drawn.findLastIndex((line) => line.startsWith("[█"));
  return drawn.slice(0, last + 1).join(clear);
}
