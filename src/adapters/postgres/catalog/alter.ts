/** Changes an object into another of the same name, where it can stay. */

import type {
  ConstraintObject,
  IndexObject,
  RoutineObject,
  SchemaObject,
  SequenceObject,
  TriggerObject,
  TypeObject,
  ViewObject,
} from "../../../core/catalog/catalog.ts";
import { changedFacts } from "../../../core/catalog/changes.ts";
import { alterTable } from "./alter-table.ts";
import { dropStatements } from "./drop.ts";
import { labelOf, quote, quoteNamed, setComment, text } from "./words.ts";
import { sequenceOptions } from "./write-sequence.ts";

/** Nothing where it must be made anew. */
export function alterStatements(
  from: SchemaObject,
  to: SchemaObject,
): readonly string[] | undefined {
  const own = ownStatements(from, to, new Set(changedFacts(from, to).map(({ fact }) => fact)));
  if (own === undefined || from.comment === to.comment) return own;
  return [...own, setComment(labelOf(to), to.comment)];
}

type Changed = ReadonlySet<string>;

/** Whether nothing else has changed. */
function only(changed: Changed, ...facts: readonly string[]): boolean {
  return [...changed].every((fact) => fact === "comment" || facts.includes(fact));
}

function ownStatements(
  from: SchemaObject,
  to: SchemaObject,
  changed: Changed,
): readonly string[] | undefined {
  if (only(changed) && from.kind === to.kind) return [];
  if (from.kind === "table" && to.kind === "table") return alterTable(from, to);
  if (from.kind === "sequence" && to.kind === "sequence") return alterSequence(from, to);
  if (from.kind === "view" && to.kind === "view") return alterView(from, to, changed);
  if (from.kind === "domain" && to.kind === "domain") return alterDomain(from, to, changed);
  if (from.kind === "routine" && to.kind === "routine") return replaceRoutine(from, to, changed);
  if (from.kind === "index" && to.kind === "index") return alterIndex(from, to, changed);
  if (from.kind === "constraint" && to.kind === "constraint") return validated(from, to, changed);
  if (from.kind === "extension" && to.kind === "extension" && only(changed, "version"))
    return [`ALTER ${to.label} UPDATE TO ${text(to.version ?? from.newest ?? "")}`];
  if ((to.kind === "trigger" || to.kind === "rule") && only(changed, "enabled"))
    return [enable(to)];
  return undefined;
}

function alterSequence(from: SequenceObject, to: SequenceObject): readonly string[] | undefined {
  if (from.persistence !== to.persistence) return undefined;
  const name = quoteNamed(to.named);
  const [before, after] = [shapeOf(from), shapeOf(to)];
  const own = to.ownedBy;
  const owner = own === undefined ? "NONE" : `${quoteNamed(own.table)}.${quote(own.column)}`;
  return [
    ...(before === after ? [] : [`ALTER SEQUENCE ${name} ${after}`]),
    ...(JSON.stringify(from.ownedBy) === JSON.stringify(own)
      ? []
      : [`ALTER SEQUENCE ${name} OWNED BY ${owner}`]),
  ];
}

function shapeOf(sequence: SequenceObject): string {
  const options = sequenceOptions({ ...sequence, cycle: false });
  return `AS ${sequence.type} ${options} ${sequence.cycle ? "CYCLE" : "NO CYCLE"}`;
}

function alterView(
  from: ViewObject,
  to: ViewObject,
  changed: Changed,
): readonly string[] | undefined {
  if (!only(changed, "columns")) return undefined;
  if (from.columns.map(({ name }) => name).join() !== to.columns.map(({ name }) => name).join())
    return undefined;
  const name = quoteNamed(to.named);
  return to.columns.flatMap((column, i) => {
    const before = from.columns[i];
    const set = column.default === undefined ? "DROP DEFAULT" : `SET DEFAULT ${column.default}`;
    return [
      ...(before?.default === column.default
        ? []
        : [`ALTER VIEW ${name} ALTER COLUMN ${quote(column.name)} ${set}`]),
      ...(before?.comment === column.comment
        ? []
        : [setComment(`COLUMN ${name}.${quote(column.name)}`, column.comment)]),
    ];
  });
}

type Domain = Extract<TypeObject, { readonly kind: "domain" }>;

function alterDomain(from: Domain, to: Domain, changed: Changed): readonly string[] | undefined {
  if (!only(changed, "default", "notNull", "checks")) return undefined;
  const alter = `ALTER DOMAIN ${quoteNamed(to.named)}`;
  const [was, is] = [JSON.stringify(from.notNull), JSON.stringify(to.notNull)];
  if (was !== is && (from.notNull?.name ?? to.notNull?.name) !== undefined) return undefined;
  const same = (a: Domain["checks"][number]) => (b: Domain["checks"][number]) =>
    JSON.stringify(a) === JSON.stringify(b);
  const gone = from.checks.filter((check) => !to.checks.some(same(check)));
  const come = to.checks.filter((check) => !from.checks.some(same(check)));
  return [
    ...(from.default === to.default
      ? []
      : [
          to.default === undefined ? `${alter} DROP DEFAULT` : `${alter} SET DEFAULT ${to.default}`,
        ]),
    ...gone.map(({ name }) => `${alter} DROP CONSTRAINT ${quote(name)}`),
    ...(was === is ? [] : [`${alter} ${to.notNull === undefined ? "DROP" : "SET"} NOT NULL`]),
    ...come.flatMap(({ name, definition, comment }) => [
      `${alter} ADD CONSTRAINT ${quote(name)} ${definition}`,
      ...(comment === undefined
        ? []
        : [setComment(`CONSTRAINT ${quote(name)} ON DOMAIN ${quoteNamed(to.named)}`, comment)]),
    ]),
  ];
}

/** One with the same head can be replaced, and what calls it stays. */
function replaceRoutine(
  from: RoutineObject,
  to: RoutineObject,
  changed: Changed,
): readonly string[] | undefined {
  if (!only(changed, "definition") || to.of === "aggregate") return undefined;
  const head = ({ definition }: RoutineObject) => definition.split(/\n LANGUAGE /)[0];
  return head(from) === head(to) ? [to.definition.trimEnd()] : undefined;
}

function alterIndex(
  from: IndexObject,
  to: IndexObject,
  changed: Changed,
): readonly string[] | undefined {
  if (!only(changed, "statistics")) return undefined;
  const places = new Map(to.statistics);
  const all = new Set([...from.statistics, ...to.statistics].map(([place]) => place));
  return [...all].map(
    (place) =>
      `ALTER INDEX ${quoteNamed(to.named)} ALTER COLUMN ${place} SET STATISTICS ${places.get(place) ?? -1}`,
  );
}

/** One that was only not validated yet is; nothing makes it as it was but making it anew. */
function validated(
  from: ConstraintObject,
  to: ConstraintObject,
  changed: Changed,
): readonly string[] | undefined {
  if (!only(changed, "definition", "validated")) return undefined;
  if (to.of !== "check" && to.of !== "foreign key") return undefined;
  if (to.definition === `${from.definition} NOT VALID`)
    return [
      ...dropStatements(to),
      `ALTER TABLE ${quoteNamed(to.table)} ADD CONSTRAINT ${quote(to.name)} ${to.definition}`,
    ];
  if (from.definition !== `${to.definition} NOT VALID`) return undefined;
  return [`ALTER TABLE ${quoteNamed(to.table)} VALIDATE CONSTRAINT ${quote(to.name)}`];
}

function enable({ kind, table, name, enabled }: TriggerObject): string {
  const words = {
    origin: "ENABLE",
    replica: "ENABLE REPLICA",
    always: "ENABLE ALWAYS",
    disabled: "DISABLE",
  };
  return `ALTER TABLE ${quoteNamed(table)} ${words[enabled]} ${kind.toUpperCase()} ${quote(name)}`;
}
