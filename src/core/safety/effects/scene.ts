/**
 * The surroundings of a statement when it runs: the schema, the transaction, the session, the
 * server.
 */
import type { Tree, TreeNode } from "../../sql/tree.ts";
import { word } from "../../sql/tree.ts";
import { type Catalog, emptyTable, type Origin, older, type Table } from "./catalog.ts";
import type { Effect } from "./effect.ts";

/** A server's version: the major number, as PostgreSQL counts since 10. */
export type ServerMajor = { readonly major: number };

/** The transaction of a statement. Outside of a block, each statement is a transaction. */
export type Transaction = { readonly number: number; readonly isBlock: boolean };

export type Scene = {
  readonly catalog: Catalog;
  readonly server: ServerMajor;
  /** The mark of new objects. */
  readonly origin: Origin;
  readonly transaction: Transaction;
  /** Session settings that rules look at: `timezone`, `lock_timeout`, … */
  readonly settings: ReadonlyMap<string, string>;
  /** The statements of a text; `undefined` when it cannot be parsed. */
  readonly parse: (sql: string) => readonly TreeNode[] | undefined;
  /** The statements in a block of PL/pgSQL that are written out. */
  readonly parseBlock: (code: string) => readonly TreeNode[];
  /** The server's words when it refused the statement. Default: nobody tried it. */
  readonly refused?: string | undefined;
  readonly emit: (effect: Effect) => undefined;
};

/** The table that a `RangeVar` names. An unknown one counts as existing. */
export function tableOf(relation: Tree | undefined, scene: Scene): Table {
  return tableNamed(word(relation, "relname") ?? "", word(relation, "schemaname"), scene);
}

/** Like `tableOf`, by name. */
export function tableNamed(name: string, schema: string | undefined, { catalog }: Scene): Table {
  const key = catalog.keyIn(catalog.tables, name, schema);
  const known = catalog.tables.get(key);
  if (known !== undefined) return known;
  const place = key.slice(0, key.length - name.length - 1);
  const heardOf = emptyTable({
    ...{ schema: place, name, origin: older },
    known: false,
    heardOf: true,
  });
  catalog.tables.set(key, heardOf);
  return heardOf;
}

/** A table that is in the catalog, whether heard of or known. */
export function findTable(relation: Tree | undefined, { catalog }: Scene): Table | undefined {
  return catalog.find(
    catalog.tables,
    word(relation, "relname") ?? "",
    word(relation, "schemaname"),
  );
}

/** Whether it is older than the run: others use it, and it may be large. */
export function exists(thing: { readonly origin: Origin }): boolean {
  return !thing.origin.run;
}

/** Whether it is older than the current file. */
export function olderThanFile(thing: { readonly origin: Origin }, scene: Scene): boolean {
  return thing.origin.file !== scene.origin.file;
}
