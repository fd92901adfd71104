/** Knows the whole catalog while one object is written. */

import type {
  ConstraintObject,
  SchemaCatalog,
  SchemaObject,
  TableObject,
} from "../../../core/catalog/catalog.ts";
import { allNeeds } from "../../../core/catalog/needs.ts";
import type { Named } from "../../../core/model/named.ts";

export class SchemaContext {
  readonly #needs: Map<string, readonly string[]>;
  readonly #checks = new Map<string, ConstraintObject[]>();
  readonly #indexes = new Map<string, string>();

  constructor({ objects }: SchemaCatalog) {
    this.#needs = new Map(objects.map((object) => [object.id, allNeeds(object)]));
    for (const object of objects) this.#know(object);
  }

  #know(object: SchemaObject): void {
    if (object.kind === "index") this.#indexes.set(dotted(object.named), object.id);
    if (object.kind !== "constraint") return;
    if (isKey(object)) {
      const { prefix } = object.table;
      this.#indexes.set(dotted({ prefix, name: object.name }), object.id);
    }
    if (object.of === "check") {
      const table = dotted(object.table);
      this.#checks.set(table, [...(this.#checks.get(table) ?? []), object]);
    }
  }

  /** The index of this name, or the constraint that has it. */
  indexId(index: Named): string {
    return this.#indexes.get(dotted(index)) ?? `index ${dotted(index)}`;
  }

  /** The checks that stand in the statement that makes the table. */
  checksInside(table: TableObject): readonly ConstraintObject[] {
    return (this.#checks.get(dotted(table.named)) ?? []).filter((check) =>
      this.isInside(check, table.id),
    );
  }

  /**
   * Whether the check belongs into its table's statement. One of a table that is not made here gets
   * a separate statement.
   */
  isInside(check: ConstraintObject, table = `table ${dotted(check.table)}`): boolean {
    if (!this.#needs.has(table)) return false;
    const needs = check.needs.filter((id) => id !== table);
    return check.validated && !this.#reaches(needs, table);
  }

  /** Whether a part of the table needs an object that is made after the table. */
  isLater(needs: readonly string[] | undefined, table: TableObject): boolean {
    return this.#reaches(needs ?? [], table.id);
  }

  #reaches(from: readonly string[], target: string): boolean {
    const seen = new Set<string>();
    const open = [...from];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (id === target) return true;
      if (seen.has(id)) continue;
      seen.add(id);
      open.push(...(this.#needs.get(id) ?? []));
    }
    return false;
  }
}

export function isKey({ of }: ConstraintObject): boolean {
  return of === "primary key" || of === "unique" || of === "exclusion";
}

export function dotted({ prefix, name }: Named): string {
  return `${prefix}.${name}`;
}
