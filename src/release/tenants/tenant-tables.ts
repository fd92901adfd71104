/** The histories that another way of migrating has left in the schemas of tenants: found by one query, read by few. */
import type { Session } from "../../adapters/adapter.ts";
import { DevelopmentError } from "../../core/model/development-error.ts";
import { findBySigns, type PresentTable, tablesOf } from "../../histories/by-signs.ts";
import { ecto } from "../../histories/ecto.ts";
import type { ForeignHistory, ForeignRow, TextRow } from "../../histories/foreign-history.ts";
import { histories } from "../../histories/index.ts";
import { presentTables } from "../present-tables.ts";

/** A tool, and its table in the schema of each tenant that has one. */
export type TenantTables = {
  readonly history: ForeignHistory;
  readonly tables: ReadonlyMap<string, PresentTable>;
};

/** @throws {ReleaseError} `foreign_missing`, `foreign_ambiguous` */
export async function findTenantTables(
  session: Session,
  wanted: {
    readonly repo: string;
    readonly tenants: readonly string[];
    readonly from?: string | undefined;
    readonly table?: string | undefined;
  },
): Promise<TenantTables> {
  const { repo, from, table } = wanted;
  const known = [ecto, ...histories].filter(({ tool }) => from === undefined || tool === from);
  const names = [...new Set([...tablesOf(known), ...(table === undefined ? [] : [table])])];
  const present = await presentTables(session, names);
  const bySchema = Map.groupBy(present, ({ schema }) => schema ?? "");
  const found = new Map<ForeignHistory, Map<string, PresentTable>>();
  for (const tenant of wanted.tenants)
    for (const one of findBySigns(known, bySchema.get(tenant) ?? [], table)) {
      if (table !== undefined && one.table.name !== table) continue;
      const own = found.get(one.history) ?? new Map<string, PresentTable>();
      found.set(one.history, own.set(tenant, one.table));
    }
  const [only, second] = found;
  if (only === undefined) {
    const labels =
      from === undefined
        ? ["a tool that Slipway knows, in a schema of a tenant"]
        : known.map(({ label }) => label);
    throw new DevelopmentError("foreign_missing", { repo, known: labels });
  }
  if (second !== undefined)
    throw new DevelopmentError("foreign_ambiguous", {
      repo,
      found: [...found.keys()].map(({ tool, table: { name } }) => `${tool} (${name})`),
    });
  return { history: only[0], tables: only[1] };
}

/** A server keeps few locks at once, and each table that is read takes some. */
const tablesInOneQuery = 200;

/** The rows of each tenant, in the order in which they ran. */
export async function readTenantTables(
  session: Session,
  { history, tables }: TenantTables,
): Promise<ReadonlyMap<string, readonly ForeignRow[]>> {
  const { dialect } = session;
  const select = (tenant: string, table: PresentTable) => {
    const later = (history.laterColumns ?? []).filter((name) => table.columns.includes(name));
    const column = (name: string) => `${dialect.quote("t")}.${dialect.quote(name)}`;
    const texts = [...history.columns, ...later].map(
      (name) => `${dialect.castToText(column(name))} AS ${dialect.quote(name)}`,
    );
    const from = `${dialect.quoteNamed({ name: table.name, prefix: tenant })} AS ${dialect.quote("t")}`;
    const order = history.order.map(column).join(", ");
    return `(SELECT ${dialect.literal(tenant)} AS ${dialect.quote("tenant")}, ${texts.join(", ")} FROM ${from} ORDER BY ${order})`;
  };
  const rows = new Map<string, ForeignRow[]>();
  const shapes = Map.groupBy(tables, ([, { columns }]) => columns.toSorted().join());
  for (const alike of shapes.values())
    for (let i = 0; i < alike.length; i += tablesInOneQuery) {
      const some = alike
        .slice(i, i + tablesInOneQuery)
        .map(([tenant, table]) => select(tenant, table));
      for (const { tenant, ...row } of await session.query(some.join(" UNION ALL "))) {
        const text = textOf(row);
        const said = history.says(text);
        const own = rows.get(String(tenant)) ?? [];
        rows.set(String(tenant), own);
        if (said !== undefined) own.push({ ...said, text });
      }
    }
  return new Map(
    [...tables.keys()].map((tenant) => {
      const own = rows.get(tenant) ?? [];
      return [tenant, history.together?.(own) ?? own] as const;
    }),
  );
}

function textOf(row: Readonly<Record<string, unknown>>): TextRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value === null || value === undefined ? undefined : String(value),
    ]),
  );
}
