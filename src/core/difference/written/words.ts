/** How the objects of a database are compared and changed that keeps the text of each of them. */
import type { WrittenObject } from "../../catalog/catalog.ts";
import type { SchemaOperation } from "../../language/operation.ts";

/**
 * The operations that make an object. `last` names other objects of its kind, and runs when all of
 * them are there.
 */
export type WrittenMade = {
  readonly make: readonly SchemaOperation[];
  readonly last: readonly SchemaOperation[];
};

/**
 * The operations that turn one table into the other, with their undoing. `first` and `last` are as
 * in `WrittenMade`.
 */
export type WrittenChange = WrittenMade & {
  readonly first: readonly SchemaOperation[];
  /**
   * Objects that go before the table changes, and are made again: its indexes, its triggers, views
   * that look at it.
   */
  readonly takesAlong: readonly WrittenObject["of"][];
};

/** The part of a column that shows whether somebody renamed it. */
export type WrittenColumn = { readonly name: string; readonly type: string };

/** `posts.title` becomes `posts.heading`, or `posts` becomes `articles`. */
export type WrittenRename = {
  readonly table: string;
  readonly column?: string | undefined;
  readonly to: string;
};

/** All objects of the two ends, by their ids. */
export type WrittenTables = {
  readonly from: ReadonlyMap<string, WrittenObject>;
  readonly to: ReadonlyMap<string, WrittenObject>;
};

export type WrittenWords = {
  /** The same text for the same object, however it was spelled; one fact of a table on each line. */
  settled(object: WrittenObject): string;
  /** `isCircular`: a table that others refer to when it goes, and that refers to them. Default: it is none. */
  make(object: WrittenObject, how?: { readonly isCircular: boolean }): WrittenMade;
  /** Changes a table whose text differs, or that others disturb. */
  change(from: WrittenObject, to: WrittenObject, tables: WrittenTables): WrittenChange;
  /** Whether changes of other objects are in the way of a part of it. Default: they never are. */
  isDisturbed?(table: WrittenObject, tables: WrittenTables): boolean;
  /** The reason why nobody can turn one table into the other. Default: there is none. */
  refuses(from: WrittenObject, to: WrittenObject): string | undefined;
  /**
   * The second table with the parts that only the first one has, and without the NOT NULL that the first does not
   * have.
   */
  between(from: WrittenObject, to: WrittenObject): WrittenObject;
  /** A table that goes later, beside what others are until then. Default: as it is. */
  kept?(table: WrittenObject, tables: WrittenTables): WrittenObject;
  /** The tables that it has foreign keys to. */
  refersTo(table: WrittenObject): readonly string[];
  columns(table: WrittenObject): readonly WrittenColumn[];
  /** The object after a rename of itself or of something that it names. */
  renamed(object: WrittenObject, rename: WrittenRename): WrittenObject;
  /** The form in which names are compared. */
  folded(name: string): string;
};
