import type { MigrationDatabase } from "../model/migration-database.ts";
import type { Named } from "../model/named.ts";
import type { SafeOperation } from "./safe/safe-form.ts";
import type { Column, ColumnChange, Constraint, Index } from "./table-parts.ts";

/** The parts of a table: enough to make it again. */
export type TableDefinition = {
  readonly columns: readonly Column[];
  readonly constraints: readonly Constraint[];
  readonly comment?: string | undefined;
  /** Appended to CREATE TABLE as it is. */
  readonly options?: string | undefined;
  /** Between CREATE and TABLE: `unlogged`, `temporary`. */
  readonly modifiers?: string | undefined;
  /** MySQL. Default there: INNODB. */
  readonly engine?: string | undefined;
};

export type SequenceOptions = {
  readonly type?: string | undefined;
  readonly startValue?: number | undefined;
  readonly increment?: number | undefined;
  readonly minValue?: number | undefined;
  readonly maxValue?: number | undefined;
  readonly cache?: number | undefined;
  readonly cycle?: boolean | undefined;
  /** `table.column`: dropped together with it. */
  readonly ownedBy?: string | undefined;
};

/** Which of an extension is installed, and where. */
export type ExtensionOptions = {
  readonly schema?: string | undefined;
  readonly version?: string | undefined;
};

/** The new version of an extension, and what happens going down; at most one of `was` and `down`. */
export type ExtensionUpdate = {
  readonly to: string;
  readonly was?: string | undefined;
  readonly down?: "keep" | undefined;
};

/** The query of a view and its options: enough to make the view again. */
export type ViewDefinition = {
  readonly as: string;
  readonly columns?: readonly string[] | undefined;
  readonly withData?: boolean | undefined;
};

/** Every operation that SQL can express. */
export type SchemaOperation =
  | {
      readonly kind: "create_table";
      readonly table: Named;
      readonly definition: TableDefinition;
      readonly ifNotExists?: boolean | undefined;
    }
  | {
      readonly kind: "drop_table";
      readonly table: Named;
      readonly ifExists?: boolean | undefined;
      readonly cascade?: boolean | undefined;
      readonly was?: TableDefinition | undefined;
    }
  | {
      readonly kind: "alter_table";
      readonly table: Named;
      readonly changes: readonly ColumnChange[];
    }
  | { readonly kind: "rename_table"; readonly table: Named; readonly to: string }
  | {
      readonly kind: "rename_column";
      readonly table: Named;
      readonly column: string;
      readonly to: string;
    }
  | {
      readonly kind: "create_index";
      readonly index: Index;
      readonly ifNotExists?: boolean | undefined;
    }
  | {
      readonly kind: "drop_index";
      readonly index: Index;
      readonly ifExists?: boolean | undefined;
      readonly cascade?: boolean | undefined;
    }
  | {
      readonly kind: "rename_index";
      readonly table: Named;
      readonly index: string;
      readonly to: string;
    }
  | { readonly kind: "create_constraint"; readonly table: Named; readonly constraint: Constraint }
  | {
      readonly kind: "drop_constraint";
      readonly table: Named;
      readonly name: string;
      readonly ifExists?: boolean | undefined;
      readonly cascade?: boolean | undefined;
      readonly was?: Constraint | undefined;
    }
  | {
      readonly kind: "rename_constraint";
      readonly table: Named;
      readonly constraint: string;
      readonly to: string;
    }
  | { readonly kind: "validate_constraint"; readonly table: Named; readonly name: string }
  | {
      readonly kind: "create_schema";
      readonly name: string;
      readonly ifNotExists?: boolean | undefined;
    }
  | {
      readonly kind: "drop_schema";
      readonly name: string;
      readonly ifExists?: boolean | undefined;
      readonly cascade?: boolean | undefined;
    }
  | ({
      readonly kind: "create_extension";
      readonly name: string;
      readonly ifNotExists?: boolean | undefined;
    } & ExtensionOptions)
  | {
      readonly kind: "drop_extension";
      readonly name: string;
      readonly ifExists?: boolean | undefined;
      readonly cascade?: boolean | undefined;
      /** Default: the newest version, in the schema that is the first to be searched. */
      readonly was?: ExtensionOptions | undefined;
    }
  | ({ readonly kind: "update_extension"; readonly name: string } & ExtensionUpdate)
  | { readonly kind: "create_enum"; readonly enum: Named; readonly values: readonly string[] }
  | {
      readonly kind: "drop_enum";
      readonly enum: Named;
      readonly ifExists?: boolean | undefined;
      readonly was?: readonly string[] | undefined;
    }
  | {
      readonly kind: "add_enum_value";
      readonly enum: Named;
      readonly value: string;
      readonly before?: string | undefined;
      readonly after?: string | undefined;
      readonly ifNotExists?: boolean | undefined;
    }
  | {
      readonly kind: "rename_enum_value";
      readonly enum: Named;
      readonly value: string;
      readonly to: string;
    }
  | {
      readonly kind: "create_sequence";
      readonly sequence: Named;
      readonly options: SequenceOptions;
      readonly ifNotExists?: boolean | undefined;
    }
  | {
      readonly kind: "drop_sequence";
      readonly sequence: Named;
      readonly ifExists?: boolean | undefined;
      readonly was?: SequenceOptions | undefined;
    }
  | {
      readonly kind: "create_view";
      readonly view: Named;
      readonly definition: ViewDefinition;
      readonly materialized?: boolean | undefined;
      readonly orReplace?: boolean | undefined;
      /** With `orReplace`: the view that is replaced. */
      readonly was?: ViewDefinition | undefined;
    }
  | {
      readonly kind: "drop_view";
      readonly view: Named;
      readonly materialized?: boolean | undefined;
      readonly ifExists?: boolean | undefined;
      readonly cascade?: boolean | undefined;
      readonly was?: ViewDefinition | undefined;
    }
  | {
      readonly kind: "comment";
      readonly on: "table" | "column";
      readonly table: Named;
      readonly column?: string | undefined;
      readonly comment: string | null;
      readonly was?: string | null | undefined;
    }
  | {
      readonly kind: "execute";
      readonly sql: string;
      readonly parameters?: readonly unknown[] | undefined;
      /** The SQL that undoes it; the empty string says that nothing needs to be undone. */
      readonly down?: string | undefined;
      /** The file that the SQL was read from, for people. */
      readonly from?: string | undefined;
    }
  | { readonly kind: "execute_file"; readonly path: string; readonly down?: string | undefined };

/** Code of a migration: gets its connection, inside its transaction. */
export type RunFunction = (db: MigrationDatabase) => Promise<unknown> | unknown;

/** An SQL file that is too large to be read as a whole: it is cut while it is sent. */
export type StreamedFile = {
  /** For people. */
  readonly origin: string;
  /** The checksum of its text, as the history keeps it. */
  readonly checksum: () => string;
  /** The pieces of its text, each time from the beginning. */
  readonly pieces: () => Iterable<string>;
};

/** Code that is a file in truth: the engine sends its statements. */
export type RunsFile = RunFunction & { readonly file: StreamedFile };

/** The file that code is, if it is one. */
export function streamedBy(run: RunFunction): StreamedFile | undefined {
  return "file" in run ? (run as RunsFile).file : undefined;
}

/** The one opaque operation: code. Without `down` it is irreversible. */
export type RunOperation = {
  readonly kind: "run";
  readonly run: RunFunction;
  readonly down?: RunFunction | undefined;
  readonly label?: string | undefined;
};

/** An operation as the migration records it, before Slipway takes safe forms apart. */
export type Operation = SchemaOperation | RunOperation | SafeOperation;
export type OperationKind = Operation["kind"];
/** The operation of one kind. */
export type OperationOf<Kind extends OperationKind> = Extract<Operation, { readonly kind: Kind }>;
