/** Effects that SQLite itself shows when it tries a statement. */
export type SqliteEffect =
  | {
      /**
       * SQLite accepts the statement on an empty table, and refuses it as soon as the table has a
       * row.
       */
      readonly kind: "rows refused";
      readonly table: string;
      readonly why: string;
    }
  | {
      /** An object that was sound before and is broken after the migration. */
      readonly kind: "left broken";
      /** `trigger t`, `view v`, `foreign key of t` */
      readonly what: string;
      readonly why: string;
      readonly tables: readonly string[];
    }
  | {
      /** Rows of other tables that a dropped table takes with it, or changes. */
      readonly kind: "rows dropped along";
      readonly table: string;
      /** The tables that refer to it, and what becomes of their rows. */
      readonly rows: readonly { readonly table: string; readonly fate: "deleted" | "changed" }[];
    }
  | {
      /** Work that lasts as long as there are rows, under the one write lock of a database. */
      readonly kind: "write lock held";
      readonly way: "reads" | "writes";
      readonly table: string;
      /** As a noun: `the index on orders`. */
      readonly what: string;
    };
