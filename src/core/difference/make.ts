/**
 * Makes objects: in the language's words where they say everything, else in the words of the
 * catalog's writer.
 */
import type {
  ConstraintObject,
  SchemaCatalog,
  SchemaObject,
  SequenceObject,
  TableColumn,
  TableObject,
} from "../catalog/catalog.ts";
import type { CatalogWords } from "../catalog/catalog-access.ts";
import type { SchemaPiece } from "../catalog/order.ts";
import type { SchemaOperation } from "../language/operation.ts";
import { columnOf, serialOf } from "./column.ts";
import { keyOf, nameIn, saidByLanguage, sequence, view } from "./in-language.ts";
import { constraintOf, indexOf } from "./parse-definition.ts";
import { execute } from "./steps.ts";

/** A piece of a catalog, with the operations that make it, in order. */
export type MadePiece = Omit<SchemaPiece, "statements" | "undo"> & {
  readonly operations: readonly SchemaOperation[];
};

/**
 * Gives the operations that make the objects, each after the objects that it needs. `around` holds
 * everything that is there by then.
 */
export function madePieces(
  objects: readonly SchemaObject[],
  around: readonly SchemaObject[],
  words: CatalogWords,
): readonly MadePiece[] {
  const catalog: SchemaCatalog = { objects: objects.map(bare), leftOut: [] };
  const { pieces, circle } = words.pieces(catalog);
  const maker = new Maker({ objects, around }, [...pieces, ...circle], words);
  return [...pieces, ...circle].flatMap((piece) => maker.made(piece));
}

/** Without the settings that follow when the object is there. */
function bare(object: SchemaObject): SchemaObject {
  switch (object.kind) {
    case "table":
      return { ...bareTable(object), comment: undefined, columns: object.columns.map(bareColumn) };
    case "view": {
      const columns = object.columns.map(({ name }) => ({ name }));
      return { ...object, comment: undefined, columns };
    }
    case "index":
      return { ...object, comment: undefined, statistics: [] };
    case "trigger":
    case "rule":
      return { ...object, comment: undefined, enabled: "origin" };
    case "extension":
    case "composite":
      return object;
    default:
      return { ...object, comment: undefined };
  }
}

function bareTable(table: TableObject): TableObject {
  const { replicaIdentity } = table;
  const isIndex = replicaIdentity !== "full" && replicaIdentity !== "nothing";
  return {
    ...table,
    rowSecurity: undefined,
    options: [],
    replicaIdentity: isIndex ? replicaIdentity : undefined,
  };
}

export function bareColumn(column: TableColumn): TableColumn {
  const { storage, compression, statistics, comment, notNull, ...rest } = column;
  const { comment: _, ...constraint } = notNull ?? {};
  return {
    ...rest,
    options: [],
    ...(notNull === undefined ? {} : { notNull: constraint as typeof notNull }),
  };
}

class Maker {
  readonly #objects: ReadonlyMap<string, SchemaObject>;
  readonly #pieces: ReadonlySet<string>;
  readonly #words: CatalogWords;
  readonly #partitioned: ReadonlySet<string>;
  readonly #sequences: ReadonlyMap<string, SequenceObject>;
  readonly #constraints = new Map<string, ConstraintObject[]>();
  /** Objects that the statement of a table already makes. */
  readonly #inside = new Set<string>();

  constructor(
    {
      objects,
      around,
    }: { readonly objects: readonly SchemaObject[]; readonly around: readonly SchemaObject[] },
    pieces: readonly SchemaPiece[],
    words: CatalogWords,
  ) {
    this.#objects = new Map(objects.map((object) => [object.id, object]));
    this.#pieces = new Set(pieces.map(({ id }) => id));
    this.#words = words;
    this.#partitioned = new Set(
      around.flatMap((object) =>
        object.kind === "table" && (object.partitionBy ?? object.partitionOf) !== undefined
          ? [object.id]
          : [],
      ),
    );
    this.#sequences = new Map(
      objects.flatMap((object) => (object.kind === "sequence" ? [[object.id, object]] : [])),
    );
    for (const object of objects) {
      if (object.kind !== "constraint") continue;
      const table = `table ${object.table.prefix}.${object.table.name}`;
      this.#constraints.set(table, [...(this.#constraints.get(table) ?? []), object]);
    }
    for (const object of objects)
      if (object.kind === "table") for (const id of this.#goesInside(object)) this.#inside.add(id);
  }

  made(piece: SchemaPiece): readonly MadePiece[] {
    const { statements, undo, ...rest } = piece;
    const object = this.#objects.get(piece.of);
    if (object === undefined || this.#inside.has(piece.of)) return [];
    if (piece.id !== piece.of) return [{ ...rest, operations: execute(statements, undo) }];
    const own = this.#inLanguage(object) ?? execute(statements, undo);
    return [{ ...rest, operations: [...own, ...this.#settings(object)] }];
  }

  /** The settings that follow when an object is there. */
  #settings(object: SchemaObject): readonly SchemaOperation[] {
    if (object.kind === "extension" || object.kind === "composite") return [];
    const said = object.kind === "index" || object.kind === "constraint";
    const [from, to] =
      object.kind === "table" || (said && this.#inLanguage(object) !== undefined)
        ? [{ ...bare(object), comment: object.comment } as SchemaObject, object]
        : [bare(object), object];
    const up = this.#words.alter(from, to) ?? [];
    const down = up.length === 0 ? [] : (this.#words.alter(to, from) ?? []);
    const inside = this.#constraints.get(object.id) ?? [];
    const raw = object.kind === "table" && this.#table(object) === undefined;
    return [
      ...execute(up, down),
      ...(object.kind === "table" ? columnSettings(object, this.#words) : []),
      ...(raw ? tableComments(object) : []),
      ...(raw ? inside.filter(({ id }) => !this.#pieces.has(id)) : []).flatMap((check) =>
        check.comment === undefined
          ? []
          : execute(
              this.#words.alter(bare(check), check) ?? [],
              this.#words.alter(check, bare(check)) ?? [],
            ),
      ),
    ];
  }

  #inLanguage(object: SchemaObject): readonly SchemaOperation[] | undefined {
    switch (object.kind) {
      case "table":
        return this.#table(object);
      case "schema":
        return object.id === "schema public" || object.after.length > 0
          ? undefined
          : [{ kind: "create_schema", name: nameIn(object.definition) }];
      case "enum":
        return [{ kind: "create_enum", enum: object.named, values: object.values }];
      case "sequence":
        return sequence(object);
      case "view":
        return view(object);
      case "index": {
        const index = object.partOf === undefined && object.valid ? indexOf(object) : undefined;
        return index?.only === true || index === undefined
          ? undefined
          : [{ kind: "create_index", index }];
      }
      case "constraint": {
        const constraint = this.#isPlain(object) ? constraintOf(object) : undefined;
        return constraint && [{ kind: "create_constraint", table: object.table, constraint }];
      }
      default:
        return undefined;
    }
  }

  /** Keys of a table that has partitions are those of this table alone. */
  #isPlain({ table, partOf, of }: ConstraintObject): boolean {
    const isPart = this.#partitioned.has(`table ${table.prefix}.${table.name}`);
    return partOf === undefined && !(isPart && of !== "check" && of !== "foreign key");
  }

  #table(table: TableObject): readonly SchemaOperation[] | undefined {
    if (!saidByLanguage(table)) return undefined;
    const own = this.#constraints.get(table.id) ?? [];
    const checks = own.filter(({ of, id }) => of === "check" && !this.#pieces.has(id));
    const constraints = checks.map(constraintOf);
    if (constraints.some((one) => one === undefined)) return undefined;
    const key = keyOf(table, own);
    const columns = table.columns.map((column) => {
      const serial = serialOf(table, column, this.#sequences);
      const isLate = this.#pieces.has(`default of ${column.name} on ${table.id}`);
      const { default: given, null: mayBeNull, type, ...rest } = columnOf(column);
      const isKey = key?.columns.includes(column.name) === true;
      return {
        ...rest,
        type: serial?.type ?? type,
        ...(given === undefined || serial !== undefined || isLate ? {} : { default: given }),
        ...(mayBeNull === undefined || isKey ? {} : { null: mayBeNull }),
        ...(isKey ? { primaryKey: true } : {}),
        ...(column.comment === undefined ? {} : { comment: column.comment }),
      };
    });
    const { named, persistence, comment } = table;
    return [
      {
        kind: "create_table",
        table: named,
        definition: {
          columns,
          constraints: constraints.flatMap((one) => one ?? []),
          ...(comment === undefined ? {} : { comment }),
          ...(persistence === "unlogged" ? { modifiers: "unlogged" } : {}),
        },
      },
    ];
  }

  /** The sequences and the key that stand in its statement. */
  #goesInside(table: TableObject): readonly string[] {
    if (this.#table(table) === undefined) return [];
    const serials = table.columns.flatMap(
      (column) => serialOf(table, column, this.#sequences)?.sequence ?? [],
    );
    const key = keyOf(table, this.#constraints.get(table.id) ?? []);
    return [...serials, ...(key === undefined ? [] : [key.id])];
  }
}

export function columnSettings(
  table: TableObject,
  words: CatalogWords,
): readonly SchemaOperation[] {
  return table.columns.flatMap((column) => {
    const plain = bareColumn(column);
    return execute(
      words.alterColumn(table, plain, column),
      words.alterColumn(table, column, plain),
    );
  });
}

function tableComments({ named, comment, columns }: TableObject): readonly SchemaOperation[] {
  const on = [{ comment }, ...columns.map((one) => ({ comment: one.comment, column: one.name }))];
  return on.flatMap(({ comment: text, ...target }): readonly SchemaOperation[] =>
    text === undefined
      ? []
      : [
          "column" in target
            ? { kind: "comment", on: "column", table: named, ...target, comment: text, was: null }
            : { kind: "comment", on: "table", table: named, comment: text, was: null },
        ],
  );
}
