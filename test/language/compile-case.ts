/** The SQL of a case, and of the way back, without a database. */
import type { Dialect } from "../../src/core/language/dialect.ts";
import type { Operation } from "../../src/core/language/operation.ts";
import type { Direction } from "../../src/core/model/migration.ts";
import type { Statement } from "../../src/core/model/statement.ts";
import { readFiles } from "../../src/core/plan/read-files.ts";
import { record } from "../../src/core/plan/record.ts";
import type { OperationCase } from "./cases/operation-case.ts";

const file = { id: "1_case", version: "1", name: "case", origin: "1_case.ts" };

/** What a case records, with the paths of files in it. */
export function recordCase(
  operation: OperationCase,
  direction: Direction,
  dialect: Dialect,
): readonly Operation[] {
  const { defaults = {} } = operation;
  const { identifierLimit } = dialect;
  return record(file, operation, { direction, identifierLimit, defaults }).body;
}

/** What a case records, with the text of files in it. */
export function operationsOf(
  operation: OperationCase,
  direction: Direction,
  dialect: Dialect,
): readonly Operation[] {
  const { files = {} } = operation;
  return readFiles(file, recordCase(operation, direction, dialect), (path) => files[path]);
}

/** The statements of a case. Code has none. */
export function compileCase(
  operation: OperationCase,
  direction: Direction,
  dialect: Dialect,
): readonly Statement[] {
  return operationsOf(operation, direction, dialect).flatMap((op) => {
    if (op.kind === "run") return [];
    const parts = op.kind === "safely" ? dialect.safely(op.form) : [{ operations: [op] }];
    return parts.flatMap(({ operations = [] }) =>
      operations.flatMap((part) => dialect.compile(part)),
    );
  });
}
