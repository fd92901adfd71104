/**
 * Follows an open transaction: its locks, the names that it changed, the constraints that it added.
 */
import { type CatalogConstraint, rootOf, type Table } from "./catalog.ts";
import type { EffectOf } from "./effect.ts";
import { blocksWrites, type LockMode } from "./lock.ts";
import { exists } from "./scene.ts";

type Held = {
  readonly table: Table;
  readonly mode: LockMode;
  /** The number of the statement that took it. */
  readonly statement: number;
  /** The foreign key for whose sake the other table is locked too. */
  readonly pair: CatalogConstraint | undefined;
};

/** A name that changed, and what the table was called before. */
export type PendingRename<Judged> = {
  readonly effect: EffectOf<"renamed">;
  readonly statement: number;
  readonly judged: Judged;
};

export class OpenTransaction<Judged> {
  readonly number: number;
  readonly isBlock: boolean;
  /** Around the whole file, by whoever runs it. */
  readonly isWrapped: boolean;
  readonly renames: PendingRename<Judged>[] = [];
  readonly #held: Held[] = [];
  readonly #addedBy = new Map<CatalogConstraint, number>();
  /** The names of tables when the transaction began. */
  readonly #names = new Map<Table, string>();
  /** The statement that locked the second table. */
  #several: number | undefined;

  constructor(number: number, shape: { readonly isBlock: boolean; readonly isWrapped: boolean }) {
    this.number = number;
    this.isBlock = shape.isBlock;
    this.isWrapped = shape.isWrapped;
  }

  /** Keeps a lock that makes writers of an existing table wait. */
  lock({ table, mode, pair }: EffectOf<"lock">, statement: number): void {
    if (!blocksWrites(mode) || !exists(table)) return;
    this.#held.push({ table: rootOf(table), mode, statement, pair });
  }

  added(constraint: CatalogConstraint, statement: number): void {
    this.#addedBy.set(constraint, statement);
  }

  /**
   * A lock that an earlier statement took. The one that came with a constraint does not count while
   * that constraint is validated: its validation has a separate finding.
   */
  heldBefore(statement: number, validates?: CatalogConstraint): Held | undefined {
    const own = validates === undefined ? undefined : this.#addedBy.get(validates);
    return this.#held.find((one) => one.statement < statement && one.statement !== own);
  }

  /** Notes whether this statement was the one that locked a second table. */
  notice(statement: number): void {
    if (this.#tables() !== undefined) this.#several ??= statement;
  }

  /** All tables whose writers wait until the end, where there are two or more, and the statement that made it so. */
  severalTables(): { readonly tables: readonly Table[]; readonly statement: number } | undefined {
    const [tables, statement] = [this.#tables(), this.#several];
    return tables === undefined || statement === undefined ? undefined : { tables, statement };
  }

  /** The two ends of one foreign key are one thing: there is no way to lock only one of them. */
  #tables(): readonly Table[] | undefined {
    const held = this.#held.filter(({ table }) => table.kind === "table");
    const all = new Set(held.map(({ table }) => table));
    const own = new Set(held.filter(({ pair }) => pair === undefined).map(({ table }) => table));
    return all.size < 2 || (all.size === 2 && own.size < 2) ? undefined : [...all];
  }

  /** Keeps a rename until it is known whether something else has taken the old name. */
  renamed(rename: PendingRename<Judged>): void {
    const { table, from, what } = rename.effect;
    if (table !== undefined && what !== "column" && !this.#names.has(table))
      this.#names.set(table, from);
    this.renames.push(rename);
  }

  /** The name of a table before this transaction, if it has another one now. */
  nameBefore(table: Table): string | undefined {
    return this.#names.get(table);
  }
}
