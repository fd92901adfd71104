/** Where a migration's operations are collected. */
import { InvalidOperation, type RecordContext } from "../defaults.ts";
import type { Operation, TableDefinition } from "../operation.ts";
import { describeWith } from "../options/check.ts";
import { tableChecks } from "../options/table.ts";
import { TableBuilder } from "../table-builder.ts";
import { keepable } from "../values.ts";

/** The place of a named object. */
export type PrefixOption = {
  /**
   * The schema (PostgreSQL) or database (MySQL). Default: the run's, else the repo's, else the
   * connection's.
   */
  readonly prefix?: string;
};

/** Collects operations in order. The classes that extend it add the methods, topic by topic. */
export class Recorder {
  /** Which way the migration goes. `change` is recorded going up and then reversed. */
  readonly direction: "up" | "down";
  /** The prefix of this run, if one was given. */
  readonly prefix: string | undefined;
  protected readonly context: RecordContext;
  readonly #operations: Operation[] = [];
  readonly #onRecord: (operation: Operation) => void;
  #inTable = false;

  /** Calls `onRecord` for each operation, from below the call that records it. */
  constructor(context: RecordContext, onRecord: (operation: Operation) => void = () => undefined) {
    this.direction = context.direction;
    this.prefix = context.prefix;
    this.context = context;
    this.#onRecord = onRecord;
  }

  /** Gives the operations that the calls recorded, in order. */
  build(): readonly Operation[] {
    return this.#operations;
  }

  protected define(
    table: { readonly name: string },
    define: (t: TableBuilder) => void,
  ): TableDefinition {
    const t = new TableBuilder(table, this.context);
    this.nested(() => describeWith(t, tableChecks, define));
    return t.build();
  }

  protected nested(record: () => unknown): void {
    this.#inTable = true;
    const result = record();
    this.#inTable = false;
    if (result instanceof Promise) throw notSynchronous("the function that describes the table");
  }

  protected record(operation: Operation): void {
    if (this.#inTable) {
      throw new InvalidOperation(
        "cannot execute nested commands: an operation was recorded inside a table",
        {
          hint: "Move it behind the table.",
        },
      );
    }
    const kept = keepable(operation, operation.kind.replaceAll("_", " "));
    this.#operations.push(kept);
    this.#onRecord(kept);
  }
}

/** Says that a recording function returned a promise. */
export function notSynchronous(what: string): InvalidOperation {
  return new InvalidOperation(`${what} must not be async: a migration is recorded, not run`, {
    hint: `Put what needs the database into m.run(async (db) => { … }). ${ofAnotherTool}`,
  });
}

/** For a file that looks like a mistake and may be none. */
export const ofAnotherTool =
  "If another tool wrote it, its repo needs modules: with what slipway/compat has for that tool.";
