/** The steps of a difference between two catalogs. */
import type { SchemaCatalog } from "../catalog/catalog.ts";
import type { CatalogWords } from "../catalog/catalog-access.ts";
import type { Operation, SchemaOperation } from "../language/operation.ts";
import { reverse } from "../language/reverse.ts";
import type { Statement } from "../model/statement.ts";

/** One operation of a difference, and its object. */
export type DifferenceStep = {
  readonly operation: SchemaOperation;
  /** `table public.posts`, as in the catalog. */
  readonly object: string;
  /** `remake` is the half of taking away and making that belongs to another half. */
  readonly doing: "make" | "change" | "take" | "remake";
};

/** Views and routines that go and come again: with them goes whatever was granted on them. */
export function madeAnew(
  steps: readonly DifferenceStep[],
  { objects }: SchemaCatalog,
): readonly string[] {
  const losing = new Set(
    objects.filter(({ kind }) => kind === "view" || kind === "routine").map(({ id }) => id),
  );
  const anew = steps.filter(({ doing, object }) => doing === "remake" && losing.has(object));
  return [...new Set(anew.map(({ object }) => object))];
}

/** The functions that spell a difference. */
export type Spelling = {
  readonly words: CatalogWords;
  compile(op: SchemaOperation): readonly Statement[];
};

/** The two catalogs, with the functions that spell them. */
export type Sides = Spelling & { readonly from: SchemaCatalog; readonly to: SchemaCatalog };

/** Statements as one operation, with those that undo them. */
export function execute(
  up: readonly string[],
  down: readonly string[],
): readonly SchemaOperation[] {
  if (up.length === 0 && down.length === 0) return [];
  return [{ kind: "execute", sql: text(up), down: text(down) }];
}

function text(statements: readonly string[]): string {
  return statements.join(";\n");
}

/** Gives the operations that undo these. All of them have an undoing. */
export function undone(operations: readonly SchemaOperation[]): readonly SchemaOperation[] {
  return operations.toReversed().flatMap((op): readonly SchemaOperation[] => {
    // The way back must have it, also where nothing is to be done going forward.
    if (op.kind === "execute") return [{ ...op, sql: op.down ?? "", down: op.sql }];
    const undoing = reverse(op);
    if ("irreversible" in undoing) throw new Error(`${op.kind} has no undoing here`);
    return undoing as readonly Exclude<Operation, { kind: "run" | "safely" }>[];
  });
}
