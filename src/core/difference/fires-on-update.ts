/** Finds tables on which an UPDATE does more than it says: a backfill would do it for each row. */
import type { SchemaCatalog, SchemaObject } from "../catalog/catalog.ts";
import type { Named } from "../model/named.ts";

/** Whether a trigger or a rule of the table runs on an UPDATE of any column. */
export function firesOnUpdate(table: Named, ...catalogs: readonly SchemaCatalog[]): boolean {
  return catalogs.some(({ objects }) => objects.some((object) => isFired(object, table)));
}

const quotedName = String.raw`(?:"(?:[^"]|"")+"|\S+)`;
const events = new RegExp(
  `^CREATE (?:CONSTRAINT )?TRIGGER ${quotedName} (?:BEFORE|AFTER|INSTEAD OF) (.+?) ON `,
);
const event = new RegExp(String.raw`^CREATE RULE ${quotedName} AS\s+ON (\w+) TO `);

function isFired(object: SchemaObject, { prefix, name }: Named): boolean {
  if (object.kind !== "trigger" && object.kind !== "rule") return false;
  if (object.table.name !== name || object.table.prefix !== prefix) return false;
  if (object.enabled === "disabled" || object.enabled === "replica") return false;
  const { definition } = object;
  // One with OF fires for its columns only, and a new column is none of them.
  if (object.kind === "trigger")
    return /\bUPDATE(?! OF\b)/.test(events.exec(definition)?.[1] ?? "");
  return event.exec(definition)?.[1] === "UPDATE";
}
