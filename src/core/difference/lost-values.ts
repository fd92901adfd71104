/** Columns of an enum of PostgreSQL that loses values, and the rows that still have one of them. */
import type { SchemaCatalog } from "../catalog/catalog.ts";
import type { PartLine } from "./part-lines.ts";
import { asServerQuotes } from "./server-quotes.ts";

export type LostValues = {
  /** `posts.state`. */
  readonly column: string;
  readonly type: string;
  /** The values that go, as literals. */
  readonly values: readonly string[];
  /** The table, as SQL names it. */
  readonly path: string;
  /** The condition of the rows that have one of them. */
  readonly rows: string;
};

/** Finds columns of both catalogs that lose enum values, by their names in the end. */
export function lostValues(from: SchemaCatalog, to: SchemaCatalog): readonly LostValues[] {
  const is = new Map(to.objects.map((object) => [object.id, object]));
  const enums = new Map(
    from.objects.flatMap((before) => {
      const after = is.get(before.id);
      if (before.kind !== "enum" || after?.kind !== "enum") return [];
      const gone = before.values.filter((value) => !after.values.includes(value));
      return gone.length === 0 ? [] : [[before.id, gone.map(literal)] as const];
    }),
  );
  return from.objects.flatMap((before) => {
    const after = is.get(before.id);
    if (before.kind !== "table" || after?.kind !== "table") return [];
    const { prefix = "public", name } = after.named;
    return after.columns.flatMap((column): readonly LostValues[] => {
      const had = before.columns.some(
        (one) => one.name === column.name && one.type === column.type,
      );
      const isArray = column.type.endsWith("[]");
      const type = column.type.replace(/\[\]$/, "");
      const values = had ? enums.get(`type ${type.replaceAll('"', "")}`) : undefined;
      if (values === undefined) return [];
      const quoted = asServerQuotes(column.name);
      const list = values.join(", ");
      const rows = isArray ? `${quoted}::text[] && ARRAY[${list}]` : `${quoted}::text IN (${list})`;
      const path = `${asServerQuotes(prefix)}.${asServerQuotes(name)}`;
      return [{ column: `${name}.${column.name}`, type: column.type, values, path, rows }];
    });
  });
}

/** Refuses such rows before anything is changed: between statements that commit one by one, half of them would stay. */
export function refusesLostValues(from: SchemaCatalog, to: SchemaCatalog): readonly PartLine[] {
  return lostValues(from, to).map(({ column, type, values, path, rows }) => {
    const said = `rows of ${column} still have a value that ${type} loses (${values.join(", ")}): change them first`;
    const sql = `DO $rows$
BEGIN
  IF EXISTS (SELECT FROM ${path} WHERE ${rows}) THEN
    RAISE EXCEPTION USING MESSAGE = ${literal(said)};
  END IF;
END
$rows$`;
    return {
      operation: { kind: "execute", sql, down: "" },
      reason: "Stops here, before anything has changed, where a row still has a value that goes.",
    };
  });
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
