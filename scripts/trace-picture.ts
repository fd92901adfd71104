/** docs/opentelemetry: the picture of docs/opentelemetry.md, of a real trace: a migration that met a lock and tried again. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import pg from "pg";
import { defineMigration, defineRelease } from "slipway";
import { postgres } from "slipway/postgres";
import type { ReceivedSpan } from "../test/opentelemetry/otlp-receiver.ts";
import { startSdk } from "../test/opentelemetry/sdk.ts";
import { startPostgres } from "../test/support/postgres-server.ts";

const folder = resolve(import.meta.dirname, "../docs/opentelemetry");
mkdirSync(folder, { recursive: true });

const rowHeight = 24;
const names = 320;
const width = 960;

const server = await startPostgres();
const receiver = await startSdk();
try {
  await traceOf(server.url);
  writeFileSync(join(folder, "trace.svg"), picture(rowsOf(receiver.spans)));
} finally {
  await receiver.stop();
  await server.stop();
}

/** A reader holds the table until the first try has given up. */
async function traceOf(url: string): Promise<void> {
  const reader = new pg.Client({ connectionString: url });
  await reader.connect();
  await reader.query("CREATE TABLE posts (id int)");
  await reader.query("BEGIN; SELECT FROM posts");
  const migrations = {
    "20210709121212_create_authors": defineMigration({
      change: (m) => m.createTable("authors", (t) => t.id()),
    }),
    "20210718153339_add_title": defineMigration({
      change: (m) => m.alterTable("posts", (t) => t.add("title", "text")),
    }),
  };
  const adapter = postgres({ url });
  const policy = { lockTimeoutMs: 100 };
  const main = { adapter, migrations, dataMigrations: {}, fingerprint: false, policy };
  const emit = ({ type }: { readonly type: string }) => {
    if (type === "blocked") void reader.query("COMMIT");
  };
  try {
    await defineRelease({ app: "blog", repos: { main } }).using({ emit }).migrate();
  } finally {
    await reader.end();
  }
}

type Row = { readonly span: ReceivedSpan; readonly depth: number };

/** What is inside of a span follows it. Statements are shown where they are a part of a try. */
function rowsOf(spans: readonly ReceivedSpan[]): readonly Row[] {
  const tries = new Set(spans.filter(({ name }) => /try$/.test(name)).map(({ id }) => id));
  const shown = spans.filter(({ kind, parent = "" }) => kind === "internal" || tries.has(parent));
  const below = (parent: string | undefined, depth: number): readonly Row[] =>
    shown
      .filter((span) => span.parent === parent)
      .toSorted((a, b) => a.startMs - b.startMs)
      .flatMap((span) => [{ span, depth }, ...below(span.id, depth + 1)]);
  return below(undefined, 0);
}

function picture(rows: readonly Row[]): string {
  const startMs = Math.min(...rows.map(({ span }) => span.startMs));
  const totalMs = Math.max(...rows.map(({ span }) => span.endMs)) - startMs;
  const scale = (width - names - 120) / totalMs;
  const height = rows.length * rowHeight + 16;
  const lines = rows.map(({ span, depth }, row) => {
    const y = row * rowHeight + 8;
    const x = names + (span.startMs - startMs) * scale;
    const long = Math.max((span.endMs - span.startMs) * scale, 2);
    const colour =
      span.failed !== undefined ? "#c0392b" : span.kind === "client" ? "#7f8c8d" : "#2471a3";
    const ms = span.endMs - span.startMs;
    const failed = span.failed === undefined ? "" : `, ${span.attributes["error.type"]}`;
    return `<text x="${12 + depth * 16}" y="${y + 16}">${escaped(span.name)}</text>
<rect x="${x.toFixed(1)}" y="${y + 5}" width="${long.toFixed(1)}" height="14" rx="2" fill="${colour}"/>
<text x="${(x + long + 6).toFixed(1)}" y="${y + 16}" class="ms">${ms.toFixed(ms < 10 ? 1 : 0)} ms${escaped(failed)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="A trace of slipway migrate">
<style>text { font: 13px system-ui, sans-serif; fill: #222 } .ms { font-size: 11px; fill: #555 }</style>
<rect width="${width}" height="${height}" fill="#fff"/>
${lines.join("\n")}
</svg>
`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
