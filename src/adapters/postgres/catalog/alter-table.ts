/** Changes a table or a column into another one, except where the language has words for it. */

import type { TableColumn, TableObject } from "../../../core/catalog/catalog.ts";
import { canonical } from "../../../core/catalog/changes.ts";
import { notNullName } from "../../../core/catalog/not-null-name.ts";
import type { Named } from "../../../core/model/named.ts";
import { quote, quoteNamed, setComment } from "./words.ts";
import { sequenceOptions } from "./write-sequence.ts";

/** Nothing where it must be made anew. */
export function alterTable(from: TableObject, to: TableObject): readonly string[] | undefined {
  const name = quoteNamed(to.named);
  const alter = `ALTER TABLE ${name}`;
  if (from.partitionBy !== to.partitionBy || from.accessMethod !== to.accessMethod)
    return undefined;
  return [
    ...changed(from.partitionOf, to.partitionOf, () => [
      ...(from.partitionOf === undefined
        ? []
        : [`ALTER TABLE ${quoteNamed(from.partitionOf.parent)} DETACH PARTITION ${name}`]),
      ...(to.partitionOf === undefined
        ? []
        : [
            `ALTER TABLE ${quoteNamed(to.partitionOf.parent)} ATTACH PARTITION ${name} ${to.partitionOf.bound}`,
          ]),
    ]),
    ...changed(from.inherits, to.inherits, () => [
      ...from.inherits.map((parent) => `${alter} NO INHERIT ${quoteNamed(parent)}`),
      ...to.inherits.map((parent) => `${alter} INHERIT ${quoteNamed(parent)}`),
    ]),
    ...changed(from.ofType, to.ofType, () => [
      to.ofType === undefined ? `${alter} NOT OF` : `${alter} OF ${quoteNamed(to.ofType)}`,
    ]),
    ...changed(from.persistence, to.persistence, () => [
      `${alter} SET ${to.persistence === "unlogged" ? "UNLOGGED" : "LOGGED"}`,
    ]),
    ...options(from.options, to.options, alter),
    ...changed(from.rowSecurity, to.rowSecurity, () => [
      `${alter} ${to.rowSecurity === undefined ? "DISABLE" : "ENABLE"} ROW LEVEL SECURITY`,
      `${alter} ${to.rowSecurity === "forced" ? "FORCE" : "NO FORCE"} ROW LEVEL SECURITY`,
    ]),
    ...changed(from.replicaIdentity, to.replicaIdentity, () => [
      `${alter} REPLICA IDENTITY ${identityOf(to)}`,
    ]),
    ...changed(from.clusteredOn, to.clusteredOn, () => [
      to.clusteredOn === undefined
        ? `${alter} SET WITHOUT CLUSTER`
        : `${alter} CLUSTER ON ${quote(to.clusteredOn)}`,
    ]),
  ];
}

function changed(from: unknown, to: unknown, make: () => readonly string[]): readonly string[] {
  return canonical(from) === canonical(to) ? [] : make();
}

function identityOf({ replicaIdentity: of }: TableObject): string {
  if (of === undefined) return "DEFAULT";
  return of === "full" || of === "nothing" ? of.toUpperCase() : `USING INDEX ${quote(of)}`;
}

/** `SET STORAGE DEFAULT` is known since PostgreSQL 16 only. https://www.postgresql.org/docs/16/sql-altertable.html */
function usualStorage(column: string, type: string): string {
  if (/^(text|character|jsonb?|bytea)\b|\]$/.test(type)) return `${column} SET STORAGE EXTENDED`;
  const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
  return `DO $$ BEGIN EXECUTE ${literal(`${column} SET STORAGE `)} || (SELECT CASE typstorage WHEN 'p' THEN 'PLAIN' WHEN 'm' THEN 'MAIN' WHEN 'e' THEN 'EXTERNAL' ELSE 'EXTENDED' END FROM pg_catalog.pg_type WHERE oid = ${literal(type)}::pg_catalog.regtype); END $$`;
}

/** `fillfactor=70` of a table, `n_distinct=5` of a column. */
function options(from: readonly string[], to: readonly string[], alter: string): readonly string[] {
  const nameOf = (option: string) => option.split("=")[0] ?? "";
  const set = to.filter((option) => !from.includes(option));
  const kept = from.filter((option) => to.includes(option));
  // The server puts behind the others whatever is set.
  const isInOrder = canonical([...kept, ...set]) === canonical(to);
  const gone = isInOrder ? from.filter((one) => !to.map(nameOf).includes(nameOf(one))) : from;
  const come = isInOrder ? set : to;
  return [
    ...(gone.length === 0 ? [] : [`${alter} RESET (${gone.map(nameOf).join(", ")})`]),
    ...(come.length === 0 ? [] : [`${alter} SET (${come.join(", ")})`]),
  ];
}

export function alterColumn(
  { named }: { readonly named: Named },
  from: TableColumn,
  to: TableColumn,
): readonly string[] {
  const alter = `ALTER TABLE ${quoteNamed(named)}`;
  const column = `${alter} ALTER COLUMN ${quote(to.name)}`;
  return [
    ...changed(from.identity, to.identity, () => identity(from, to, column)),
    ...notNull(from, to, alter),
    ...changed(from.storage, to.storage, () => [
      to.storage === undefined
        ? usualStorage(column, to.type)
        : `${column} SET STORAGE ${to.storage.toUpperCase()}`,
    ]),
    ...changed(from.compression, to.compression, () => [
      `${column} SET COMPRESSION ${to.compression ?? "default"}`,
    ]),
    ...changed(from.statistics, to.statistics, () => [
      `${column} SET STATISTICS ${to.statistics ?? -1}`,
    ]),
    ...options(from.options, to.options, column),
    ...notNullComment({ named }, from, to),
  ];
}

function identity(from: TableColumn, to: TableColumn, column: string): readonly string[] {
  const { identity: was } = from;
  const { identity: is } = to;
  const drop = `${column} DROP IDENTITY`;
  if (is === undefined) return [drop];
  const add = `${column} ADD GENERATED ${is.always ? "ALWAYS" : "BY DEFAULT"} AS IDENTITY (SEQUENCE NAME ${quoteNamed(is.sequence.named)} ${sequenceOptions(is.sequence)})`;
  if (was === undefined) return [add];
  if (quoteNamed(was.sequence.named) !== quoteNamed(is.sequence.named)) return [drop, add];
  const saidOf = ({ always, sequence }: typeof is) => [
    `GENERATED ${always ? "ALWAYS" : "BY DEFAULT"}`,
    ...[`INCREMENT BY ${sequence.increment}`, `MINVALUE ${sequence.min}`],
    ...[`MAXVALUE ${sequence.max}`, `START WITH ${sequence.start}`, `CACHE ${sequence.cache}`],
    sequence.cycle ? "CYCLE" : "NO CYCLE",
  ];
  const before = saidOf(was);
  const sets = saidOf(is).filter((one) => !before.includes(one));
  if (sets.length === 0) return [];
  return [`${column} ${sets.map((set) => `SET ${set}`).join(" ")}`];
}

/** PostgreSQL 18 keeps the name of the constraint behind NOT NULL. */
function notNull(from: TableColumn, to: TableColumn, alter: string): readonly string[] {
  const [was, is] = [from.notNull, to.notNull];
  if (was === undefined || is === undefined) return [];
  const nameless = (facts: typeof is) =>
    canonical({ ...facts, name: undefined, comment: undefined });
  if (nameless(was) !== nameless(is)) {
    const named = is.name === undefined ? "" : `CONSTRAINT ${quote(is.name)} `;
    const inherit = is.noInherit === true ? " NO INHERIT" : "";
    return [
      `${alter} ALTER COLUMN ${quote(to.name)} DROP NOT NULL`,
      `${alter} ADD ${named}NOT NULL ${quote(to.name)}${inherit}`,
    ];
  }
  const nameOf = (facts: typeof is) => facts.name ?? defaultName(alter, to.name);
  if (nameOf(was) === nameOf(is)) return [];
  return [`${alter} RENAME CONSTRAINT ${quote(nameOf(was))} TO ${quote(nameOf(is))}`];
}

function defaultName(alter: string, column: string): string {
  const table = /"((?:[^"]|"")*)"$/.exec(alter)?.[1]?.replaceAll('""', '"') ?? "";
  return notNullName(table, column);
}

function notNullComment(
  { named }: { readonly named: Named },
  from: TableColumn,
  to: TableColumn,
): readonly string[] {
  const [was, is] = [from.notNull?.comment, to.notNull?.comment];
  if (canonical(was) === canonical(is) || to.notNull === undefined) return [];
  const name = is?.of ?? to.notNull.name ?? defaultName(`"${named.name}"`, to.name);
  return [setComment(`CONSTRAINT ${quote(name)} ON ${quoteNamed(named)}`, is?.is)];
}
