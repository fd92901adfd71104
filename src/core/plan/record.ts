/** From a migration's functions to operations: what it records going up, or what undoes that going down. */

import { MigrationBuilder, notSynchronous, ofAnotherTool } from "../language/builder.ts";
import { InvalidOperation, PrefixMismatch, type RecordContext } from "../language/defaults.ts";
import { describe } from "../language/describe.ts";
import { lineInStack } from "../language/line-in-stack.ts";
import type { MigrationDefinition } from "../language/migration-definition.ts";
import type { Operation } from "../language/operation.ts";
import { describeWith } from "../language/options/check.ts";
import { migrationChecks } from "../language/options/migration.ts";
import { reverse } from "../language/reverse.ts";
import { isReleaseError, ReleaseError } from "../model/errors.ts";
import { messageOf } from "../model/message-of.ts";
import type { Direction, MigrationFile } from "../model/migration.ts";

/** The operations that one migration records in one direction. */
export type Recorded = {
  readonly callback: "change" | "up" | "down";
  readonly afterBegin: readonly Operation[];
  readonly body: readonly Operation[];
  /** Of `change`: which operation of it each of `body` is, or undoes, by its place. */
  readonly of?: readonly number[] | undefined;
  readonly beforeCommit: readonly Operation[];
};

/** Operations, and which of those that were written each is or undoes. */
type Numbered = { readonly operations: readonly Operation[]; readonly of: readonly number[] };

type Body = (m: MigrationBuilder) => void;

/** The hooks of a repo; those of a migration run inside of them. */
export type Hooks = {
  readonly afterBegin?: Body | undefined;
  readonly beforeCommit?: Body | undefined;
};

/**
 * Records a migration. `up` and `down` win over `change`, each in its own direction.
 *
 * @throws {ReleaseError} `callback_missing`, `sql_section_missing`, `irreversible`, `operation_invalid`, `prefix_mismatch`
 */
export function record(
  file: MigrationFile,
  definition: MigrationDefinition,
  context: RecordContext,
  hooks: Hooks = {},
): Recorded {
  const { direction } = context;
  const own = definition[direction];
  const body = own ?? definition.change;
  if (body === undefined)
    throw new ReleaseError("callback_missing", { origin: file.origin, callback: direction });

  const both = (bodies: readonly (Body | undefined)[]) =>
    bodies.flatMap((hook) =>
      hook === undefined ? [] : recordBody(file, hook, direction, context).operations,
    );
  const { operations, of } = recordBody(file, body, own === undefined ? direction : "up", context);
  return {
    callback: own === undefined ? "change" : direction,
    afterBegin: both([hooks.afterBegin, definition.afterBegin]),
    body: operations,
    ...(own === undefined ? { of } : {}),
    beforeCommit: both([definition.beforeCommit, hooks.beforeCommit]),
  };
}

/** The operations that `body` records; reversed as a whole when `direction` is down. */
function recordBody(
  file: MigrationFile,
  body: Body,
  direction: Direction,
  context: RecordContext,
): Numbered {
  const recorded = recordAsWritten(file, body, context);
  if (direction === "up") return { operations: recorded, of: [...recorded.keys()] };
  return reverseAll(file, recorded, (index) => lineOf(file, body, { ...context, index }));
}

/**
 * The operations that `body` records, not reversed.
 *
 * @throws {ReleaseError} `operation_invalid`, `prefix_mismatch`
 */
export function recordAsWritten(
  file: MigrationFile,
  body: Body,
  context: RecordContext,
): readonly Operation[] {
  const { onLine } = context;
  const m = new MigrationBuilder(
    context,
    onLine && ((op) => onLine(op, lineInStack(file.id, new Error().stack))),
  );
  try {
    const result: unknown = describeWith(m, migrationChecks, body);
    if (result instanceof Promise) {
      result.catch(() => undefined);
      throw notSynchronous("a migration's function");
    }
  } catch (error) {
    throw withOrigin(file, error);
  }
  return m.build();
}

function reverseAll(
  file: MigrationFile,
  operations: readonly Operation[],
  lineAt: (index: number) => number | undefined,
): Numbered {
  const entries = [...operations.entries()];
  const all = entries.toReversed().flatMap(([index, op]) => {
    const reversed = reverse(op);
    if (!("irreversible" in reversed)) return reversed.map((undoing) => ({ undoing, of: index }));
    throw new ReleaseError("irreversible", {
      origin: file.origin,
      line: lineAt(index),
      operation: describe(op),
      fix: reversed.irreversible,
    });
  });
  return { operations: all.map(({ undoing }) => undoing), of: all.map(({ of }) => of) };
}

/** The line that records the operation of this index: found by recording once more, which only a refusal pays for. */
function lineOf(
  file: MigrationFile,
  body: Body,
  { index, ...context }: RecordContext & { readonly index: number },
): number | undefined {
  const lines: (number | undefined)[] = [];
  try {
    body(new MigrationBuilder(context, () => lines.push(lineInStack(file.id, new Error().stack))));
  } catch {
    // It did not throw the first time. The line is a courtesy, the refusal is what counts.
  }
  return lines[index];
}

function withOrigin(file: MigrationFile, error: unknown): ReleaseError {
  if (isReleaseError(error)) return error;
  const { origin } = file;
  const line = error instanceof Error ? lineInStack(file.id, error.stack) : undefined;
  const place = line === undefined ? { origin } : { origin, line };
  if (error instanceof InvalidOperation) {
    return new ReleaseError(
      "operation_invalid",
      { ...place, reason: error.message, hint: error.hint },
      { cause: error },
    );
  }
  if (error instanceof PrefixMismatch) {
    return new ReleaseError(
      "prefix_mismatch",
      { origin, given: error.given, expected: error.expected },
      { cause: error },
    );
  }
  const reason = messageOf(error);
  return new ReleaseError(
    "operation_invalid",
    {
      ...place,
      reason,
      // A TypeError may mean that the file expects what another tool passes, and not a builder.
      hint: `Fix the file. Nothing has run yet.${error instanceof TypeError ? ` ${ofAnotherTool}` : ""}`,
    },
    { cause: error },
  );
}
