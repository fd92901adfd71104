/** Facts of an SQLite database: reads its schema and the sizes of its trees, and no row of a table. */
import type { DatabaseFacts, MeasuredTable } from "../../core/model/database-facts.ts";
import type { Row, Session } from "../adapter.ts";
import { fingerprintOf, numberIn, orUnknown, textIn } from "../facts-of-rows.ts";

/** `own`: how the names of the tables of ours begin. */
export async function readSqliteFacts(
  { query }: Pick<Session, "query">,
  own: string,
): Promise<DatabaseFacts> {
  const unknown: string[] = [];
  const ask = (what: string, sql: string) => orUnknown(() => query(sql), { what, unknown });
  const [server] = await query("SELECT sqlite_version() AS version");
  const version = textIn(server, "version") ?? "";
  const schema = (
    await query("SELECT type, name, tbl_name AS tbl, sql FROM sqlite_schema ORDER BY name")
  ).filter(({ tbl }) => !/^(?:sqlite|slipway)_/.test(String(tbl)) && !String(tbl).startsWith(own));
  const sizes = await ask("sizes", "SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name");
  const bytes = new Map(sizes.map((row) => [String(row.name), numberIn(row, "bytes")]));
  const isAnalyzed = (await query("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'"))
    .length;
  const stats = isAnalyzed
    ? await query("SELECT tbl, max(CAST(stat AS integer)) AS rows FROM sqlite_stat1 GROUP BY tbl")
    : [];
  const rows = new Map(stats.map((row) => [String(row.tbl), numberIn(row, "rows")]));
  const settings: { [name: string]: string } = {};
  for (const name of ["journal_mode", "page_size", "page_count", "foreign_keys", "auto_vacuum"])
    settings[name] =
      textIn((await query(`SELECT ${name} AS value FROM pragma_${name}`))[0], "value") ?? "";
  return {
    server: { version, major: Number.parseInt(version, 10) || 0, settings },
    fingerprint: fingerprintOf(schema.map(({ type, name, sql }) => `${type} ${name} ${sql ?? ""}`)),
    bytes: Number(settings.page_size) * Number(settings.page_count),
    tables: schema
      .filter(({ type }) => type === "table")
      .map((row) => tableOf(row, { schema, bytes, rows })),
    indexes: schema
      .filter(({ type }) => type === "index")
      .map(({ name, tbl, sql }) => ({
        name: String(name),
        table: String(tbl),
        unique: sql === null || /^\s*CREATE\s+UNIQUE\b/i.test(String(sql)),
        valid: true,
        bytes: bytes.get(String(name)),
      })),
    ...{ publications: [], subscriptions: [], replicas: [], unknown },
  };
}

function tableOf(
  { name }: Row,
  {
    schema,
    bytes,
    rows,
  }: {
    readonly schema: readonly Row[];
    readonly bytes: ReadonlyMap<string, number | undefined>;
    readonly rows: ReadonlyMap<string, number | undefined>;
  },
): MeasuredTable {
  const table = String(name);
  const sizes = schema
    .filter(({ type, tbl }) => type === "index" && tbl === name)
    .map((index) => bytes.get(String(index.name)) ?? 0);
  return {
    name: table,
    kind: "table",
    rows: rows.get(table),
    bytes: bytes.get(table),
    ...(bytes.size > 0 ? { indexBytes: sizes.reduce((sum, one) => sum + one, 0) } : {}),
  };
}
