/**
 * A difference of written objects as migrations: everything that old code needs goes in a separate
 * one.
 */
import type { SchemaCatalog, SchemaObject, WrittenObject } from "../../catalog/catalog.ts";
import { compareIds } from "../../catalog/order.ts";
import type { PartLine } from "../part-lines.ts";
import type { MigrationPart } from "../safe-parts.ts";
import type { DifferenceStep } from "../steps.ts";
import { type WrittenSides, writtenDifference, writtenIn } from "./difference.ts";

/** Those that are not empty, with `before` in front of the first. */
export function writtenParts(
  sides: WrittenSides,
  before: readonly DifferenceStep[] = [],
): readonly MigrationPart[] {
  const between = meanwhile(sides);
  const main = [...before, ...writtenDifference({ ...sides, to: between })];
  const after = writtenDifference({ ...sides, from: between });
  const parts: readonly MigrationPart[] = [
    { suffix: "", phase: "before", lines: main.map(line) },
    {
      ...{ suffix: main.length === 0 ? "" : "after", phase: "after" },
      reason:
        "Code of the release before may need what goes here, so it goes when that code is gone.",
      lines: after.map(line),
    },
  ];
  return parts.filter(({ lines }) => lines.length > 0);
}

function line({ operation }: DifferenceStep): PartLine {
  const isRebuild =
    operation.kind === "execute" && /^PRAGMA foreign_keys = OFF;\nCREATE/.test(operation.sql);
  return isRebuild ? { operation, reason: rebuildReason } : { operation };
}

const rebuildReason =
  "SQLite has no ALTER TABLE for this: a new table takes the rows, and the name.";

/** The schema that code of both releases can work with. */
function meanwhile({ from, to, words }: WrittenSides): SchemaCatalog {
  const [was, is] = [writtenIn(from), writtenIn(to)];
  const taken = new Set([...is.values()].map((object) => words.folded(nameOf(object))));
  const gone = [...was.values()].filter(
    (object) => !is.has(object.id) && stays(object) && !taken.has(words.folded(nameOf(object))),
  );
  /** Views that are another, and tables that have lost a column already. */
  const other: string[] = [];
  const objects = to.objects.map((object): SchemaObject => {
    const before = was.get(object.id);
    if (object.kind !== "written" || before === undefined) return object;
    if (words.settled(before) === words.settled(object)) return object;
    if (object.of === "view") other.push(nameOf(object));
    if (object.of !== "table") return object;
    const between = words.between(before, object);
    const names = new Set(words.columns(between).map(({ name }) => words.folded(name)));
    if (words.columns(before).some(({ name }) => !names.has(words.folded(name))))
      other.push(nameOf(object));
    return between;
  });
  const kept = withoutLookers(gone, other).map((object) =>
    object.of === "table" ? (words.kept?.(object, { from: was, to: is }) ?? object) : object,
  );
  return { ...to, objects: [...objects, ...kept].sort((a, b) => compareIds(a.id, b.id)) };
}

/** A trigger that goes is in the way of new code. */
function stays({ of }: WrittenObject): boolean {
  return of !== "trigger" && of !== "event";
}

/** Without views that look at one that is another now, or is gone. */
function withoutLookers(
  objects: readonly WrittenObject[],
  names: readonly string[],
): readonly WrittenObject[] {
  const looking = objects.filter(
    ({ of, definition }) => of === "view" && names.some((name) => definition.includes(name)),
  );
  if (looking.length === 0) return objects;
  const rest = objects.filter((object) => !looking.includes(object));
  return withoutLookers(rest, [...names, ...looking.map(nameOf)]);
}

function nameOf({ id, of }: WrittenObject): string {
  return id.slice(of.length + 1);
}
