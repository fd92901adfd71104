/**
 * Changes that MariaDB can only make by a copy, and MySQL by its catalog: what stands before a virtual column changes.
 * Found by asking MariaDB 10.11 for each way; its pages do not say it. https://mariadb.com/kb/en/generated-columns/
 */
import { wordOf } from "../../sql/token.ts";
import type { DefinedTable } from "./mysql-schema.ts";
import { nameOf, newNames, shownSpec, specTokens } from "./mysql-specs.ts";

/** The change that makes MariaDB copy the table, as a noun; `undefined` if nothing shows a copy. */
export function mariadbCopy(
  specs: string,
  before: DefinedTable,
  after: DefinedTable,
): string | undefined {
  const called = newNames(specTokens(specs));
  const names = [...before.columns.keys()].filter((column) => after.columns.has(column));
  const virtual = names.filter((column) => before.columns.get(column)!.isVirtual);
  const moved = virtual.find((column) => {
    const behind = precede(after, column).map((one) => called.get(one) ?? one);
    const kept = new Set([...after.columns.keys()].map((one) => called.get(one) ?? one));
    const ahead = precede(before, column).filter((one) => kept.has(one));
    return ahead.length !== behind.length || ahead.some((one) => !behind.includes(one));
  });
  if (moved !== undefined) return `a column's new place before the virtual column ${moved}`;
  const dropped = droppedIn(specs, before, after);
  const isKey = (column: string) =>
    [...before.keys.values()].some(({ columns }) => columns.includes(column)) ||
    [...before.indexes.values()].some(
      ({ kind, columns }) => columns.includes(column) && (kind === "unique" || columns.length > 1),
    );
  const keyed = dropped.find(
    (column) => isKey(column) && virtual.some((one) => precede(before, one).includes(column)),
  );
  if (keyed !== undefined)
    return `the dropped column ${keyed}, which is in a key and before a virtual column,`;
  const isStored = [...before.columns.values()].some((one) => one.isGenerated && !one.isVirtual);
  const restated = isStored && changesNull(specs, before);
  return restated ? "NOT NULL beside a stored generated column" : undefined;
}

function droppedIn(specs: string, before: DefinedTable, after: DefinedTable): readonly string[] {
  const renamed = new Set(newNames(specTokens(specs)).values());
  return [...before.columns.keys()].filter(
    (column) => !after.columns.has(column) && !renamed.has(column),
  );
}

/** The columns before it. */
function precede({ columns }: DefinedTable, column: string): readonly string[] {
  const names = [...columns.keys()];
  return names.slice(0, names.indexOf(column));
}

/** A column that is in a key over several: the key is made anew, and the table with it. */
export function rebuiltKey(
  specs: string,
  before: DefinedTable,
  after: DefinedTable,
): string | undefined {
  const keyed = droppedIn(specs, before, after).find((column) =>
    [...before.indexes].some(
      ([index, { columns }]) =>
        columns.includes(column) && columns.length > 1 && after.indexes.has(index),
    ),
  );
  const made = specTokens(specs).map(shownSpec);
  const isBoth =
    made.some((words) => /^ADD (UNIQUE |INDEX|KEY)/.test(words)) &&
    [...after.columns.keys()].some((column) => !before.columns.has(column)) &&
    made.some((words) =>
      /^ADD (COLUMN )?(?!UNIQUE|INDEX|KEY|CONSTRAINT|FOREIGN|PRIMARY|CHECK)/.test(words),
    );
  if (isBoth) return "a new column together with an index";
  return keyed === undefined
    ? undefined
    : `the dropped column ${keyed}, which is in a key of several,`;
}

function changesNull(specs: string, { columns }: DefinedTable): boolean {
  return specTokens(specs).some((tokens) => {
    if (wordOf(tokens[0]) !== "MODIFY") return false;
    const name = tokens[wordOf(tokens[1]) === "COLUMN" ? 2 : 1];
    const was = columns.get(nameOf(name));
    const isRequired = /\bNOT NULL\b/.test(shownSpec(tokens));
    return was !== undefined && was.type !== "timestamp" && !was.isRequired && isRequired;
  });
}
