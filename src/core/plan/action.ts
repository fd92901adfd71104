/** The actions of a step, and how operations become actions. */

import type { ActionEffects } from "../language/code-effects.ts";
import { describe } from "../language/describe.ts";
import { type Dialect, UnsupportedOperation } from "../language/dialect.ts";
import type {
  Operation,
  RunFunction,
  RunOperation,
  SchemaOperation,
} from "../language/operation.ts";
import { probeOf } from "../language/probe-of.ts";
import type { ColumnFill } from "../language/safe/column-fill.ts";
import type { SafeForm } from "../language/safe/safe-form.ts";
import type { SafePart } from "../language/safe/safe-part.ts";
import { ReleaseError } from "../model/errors.ts";
import type { MigrationFile } from "../model/migration.ts";
import type { Statement } from "../model/statement.ts";

/** One part of a step: statements, code, or rows to be filled batch by batch. */
export type Action = (StatementsAction | RunAction | BackfillAction) & OfOperation;

/** Where it comes from. */
type OfOperation = {
  /** The operation of `change`, by its place there: the way back names the one that it undoes. */
  readonly of?: number | "hook" | undefined;
  /** Of one that was compiled before: what it means to the code around it. */
  readonly effects?: ActionEffects | undefined;
};

type StatementsAction = {
  readonly kind: "statements";
  readonly words: string;
  /** Left out when the step comes from a stored plan, and when there are several. */
  readonly operation?: SchemaOperation | undefined;
  /** Of a part of a safe form: all that it does. */
  readonly operations?: readonly SchemaOperation[] | undefined;
  readonly statements: readonly Statement[];
  /** All statements are one transaction, also where the step is none. */
  readonly together?: true | undefined;
  /** Going down: what it takes out of our own tables, which must be there. */
  readonly forgets?: "backfill" | undefined;
} & OfSafeForm;

type RunAction = { readonly kind: "run"; readonly words: string; readonly run: RunFunction };

type BackfillAction = {
  readonly kind: "backfill";
  readonly words: string;
  readonly backfill: ColumnFill;
} & OfSafeForm;

/** The notes that a part of a safe form carries. */
type OfSafeForm = {
  /** The form that it is a part of, in words. */
  readonly form?: string | undefined;
  /** The form itself. */
  readonly safely?: SafeForm | undefined;
  /** Which lock it takes, and for how long. */
  readonly note?: string | undefined;
};

/** An operation, or a part of a safe form. Each of several parts is a separate transaction. */
export type Piece = OfOperation &
  (
    | { readonly operation: SchemaOperation | RunOperation }
    | {
        readonly part: SafePart;
        readonly form: string;
        readonly safely: SafeForm;
        readonly isOnlyOne: boolean;
      }
  );

/**
 * Takes safe forms apart, as they are on this server.
 *
 * @throws {ReleaseError} `operation_unsupported`
 */
export function takeApart(
  operations: readonly Operation[],
  file: MigrationFile,
  dialect: Dialect,
): readonly Piece[] {
  return operations.flatMap((op): readonly Piece[] => {
    if (op.kind !== "safely") return [{ operation: op }];
    const parts = supported(file, dialect, () => dialect.safely(op.form));
    const isOnlyOne = parts.length === 1;
    const form = describe(op);
    return parts.map((part) => ({ part, form, safely: op.form, isOnlyOne }));
  });
}

/** Whether a piece keeps its migration from being one transaction. */
export function refusesOneTransaction(piece: Piece, dialect: Dialect): boolean {
  if ("part" in piece && !piece.isOnlyOne) return true;
  return schemaOperations(piece).some((op) => dialect.refusesTransaction(op));
}

/** The words that people use for it. */
export function wordsOf(piece: Piece): string {
  return "part" in piece ? piece.form : describe(piece.operation);
}

/** @throws {ReleaseError} `operation_unsupported` */
export function compile(piece: Piece, file: MigrationFile, dialect: Dialect): Action {
  const action = compileOne(piece, file, dialect);
  return piece.of === undefined ? action : { ...action, of: piece.of };
}

function compileOne(piece: Piece, file: MigrationFile, dialect: Dialect): Action {
  if ("part" in piece) return compilePart(piece, file, dialect);
  const { operation } = piece;
  const words = describe(operation);
  if (operation.kind === "run") return { kind: "run", words, run: operation.run };
  return {
    kind: "statements",
    words,
    operation,
    statements: statementsOf(operation, file, dialect),
  };
}

function compilePart(
  { part, form, safely }: Extract<Piece, { readonly part: SafePart }>,
  file: MigrationFile,
  dialect: Dialect,
): Action {
  const { words, note, operations, backfill } = part;
  if (backfill !== undefined) return { kind: "backfill", words, backfill, form, safely, note };
  const statements = operations.flatMap((op) => statementsOf(op, file, dialect));
  const together = statements.length > 1 && !statements.some(({ alone }) => alone);
  const [operation] = operations.length === 1 ? operations : [];
  return {
    kind: "statements",
    words,
    ...(operation === undefined ? { operations } : { operation }),
    statements,
    ...(together ? { together } : {}),
    form,
    safely,
    note,
  };
}

function statementsOf(
  op: SchemaOperation,
  file: MigrationFile,
  dialect: Dialect,
): readonly Statement[] {
  return withProbes(
    op,
    supported(file, dialect, () => dialect.compile(op)),
  );
}

function schemaOperations(piece: Piece): readonly SchemaOperation[] {
  if ("part" in piece) return piece.part.operations ?? [];
  return piece.operation.kind === "run" ? [] : [piece.operation];
}

function supported<Result>(file: MigrationFile, dialect: Dialect, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof UnsupportedOperation)) throw error;
    const { operation, hint } = error;
    throw new ReleaseError("operation_unsupported", {
      origin: file.origin,
      operation,
      database: dialect.label,
      hint,
    });
  }
}

/** The first statement of an operation is what it is about; what follows, such as a comment, may be done twice. */
function withProbes(op: SchemaOperation, statements: readonly Statement[]): readonly Statement[] {
  if (op.kind === "execute") return statements;
  return statements.map((statement, i) => ({
    ...statement,
    probe: statement.probe ?? (i === 0 ? probeOf(op) : { kind: "repeatable" }),
  }));
}
