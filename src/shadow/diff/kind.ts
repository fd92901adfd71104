/**
 * Compares schemas of each kind of database, and finds the changes that turn one into the other.
 */

import type { Adapter } from "../../adapters/adapter.ts";
import { mysqlWords } from "../../adapters/mysql/difference/words.ts";
import { mysql } from "../../adapters/mysql/index.ts";
import { keptRights } from "../../adapters/postgres/catalog/kept-rights.ts";
import { postgresCatalog } from "../../adapters/postgres/catalog/postgres-catalog.ts";
import { postgresDialect } from "../../adapters/postgres/dialect.ts";
import { postgres } from "../../adapters/postgres/index.ts";
import { sqliteWords } from "../../adapters/sqlite/difference/words.ts";
import { sqlite } from "../../adapters/sqlite/index.ts";
import type { SchemaCatalog } from "../../core/catalog/catalog.ts";
import { carryingRights } from "../../core/difference/carried-rights.ts";
import { type RefusedChange, refusedChanges } from "../../core/difference/refused.ts";
import { differenceWith, type Rename } from "../../core/difference/renames.ts";
import { type MigrationPart, safeParts } from "../../core/difference/safe-parts.ts";
import { writtenIn } from "../../core/difference/written/difference.ts";
import { namedLike } from "../../core/difference/written/named-like.ts";
import { namedTables, writtenPartsWith } from "../../core/difference/written/renames.ts";
import type { WrittenWords } from "../../core/difference/written/words.ts";
import type { RepoInventory } from "../../release/inventory.ts";
import type { ShadowKind } from "../trace/shadow.ts";

export type Ends = { readonly from: SchemaCatalog; readonly to: SchemaCatalog };

export type DiffComparison = {
  /** A database by its address, which is only read. */
  at(url: string): Adapter;
  /** The catalog with the same text for the same meaning. */
  settled(catalog: SchemaCatalog): SchemaCatalog;
  /** By the names that the other has for the same objects. */
  like(catalog: SchemaCatalog, other: SchemaCatalog): SchemaCatalog;
  /** The catalog's tables and columns, by which renames are found. */
  named(catalog: SchemaCatalog): SchemaCatalog;
  parts(ends: Ends, renames: readonly Rename[]): readonly MigrationPart[];
  refused(ends: Ends): readonly RefusedChange[];
};

/** `undefined` where Slipway cannot write differences: on a database of a user's adapter. */
export function kindOf({ rules }: RepoInventory): ShadowKind | undefined {
  return rules;
}

export function comparisonOf(kind: ShadowKind): DiffComparison {
  switch (kind) {
    case "postgres":
      return onPostgres;
    case "sqlite":
      return {
        ...written(sqliteWords, (url) => sqlite({ path: fileOf(url) })),
        like: (catalog, other) => namedLike(catalog, other, sqliteWords),
      };
    case "mysql":
      return written(mysqlWords, (url) => mysql({ url }));
  }
}

/** `sqlite:app.db`, or the path alone. */
export function fileOf(url: string): string {
  return url.replace(/^(sqlite|file):(\/\/)?/, "");
}

const onPostgres: DiffComparison = {
  at: (url) => postgres({ url }),
  settled: (catalog) => catalog,
  like: (catalog) => catalog,
  named: (catalog) => catalog,
  parts: (ends, renames) => {
    const { words } = postgresCatalog;
    if (words === undefined) throw new Error("PostgreSQL has words");
    const { steps, from } = differenceWith(
      { ...ends, words, compile: postgresDialect.compile },
      renames,
    );
    const carried = carryingRights(steps, from, keptRights);
    return safeParts(carried, { from, to: ends.to, words });
  },
  refused: refusedChanges,
};

function written(words: WrittenWords, at: (url: string) => Adapter): DiffComparison {
  const settled = (catalog: SchemaCatalog): SchemaCatalog => ({
    ...catalog,
    objects: catalog.objects.map((object) =>
      object.kind === "written" ? { ...object, definition: words.settled(object) } : object,
    ),
  });
  return {
    at,
    settled,
    // MariaDB and MySQL have a table for each case of its name, where the files of their system do.
    like: (catalog) => catalog,
    named: (catalog) => namedTables(catalog, words),
    // Here grants stay with the name.
    parts: (ends, renames) => writtenPartsWith({ ...ends, words }, renames),
    refused: ({ from, to }) => {
      const is = writtenIn(to);
      const tables = [...writtenIn(from).values()].flatMap((before): readonly RefusedChange[] => {
        const after = is.get(before.id);
        if (before.of !== "table" || after === undefined) return [];
        if (words.settled(before) === words.settled(after)) return [];
        const reason = words.refuses(before, after);
        return reason === undefined ? [] : [{ object: before.id, reason }];
      });
      return [...refusedChanges({ from, to }), ...tables];
    },
  };
}
