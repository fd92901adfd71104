/** Finds the objects that migrations touch. They matter where phases may overtake each other. */
import type { Operation } from "../language/operation.ts";
import { touches } from "../language/touches.ts";
import { allTouches, type Touches } from "../model/touch.ts";
import type { SqlSyntax } from "../sql/token.ts";
import type { PhasedMigration } from "./phases.ts";
import { recordedUp } from "./prepare.ts";
import type { LoadedMigration, PrepareInput } from "./step.ts";

/** Where a migration stands in the order of the phases. */
export function phasedMigration(migration: LoadedMigration, input: PrepareInput): PhasedMigration {
  const { file, definition } = migration;
  const { afterBegin, body, beforeCommit } = recordedUp(migration, input);
  const operations = [...afterBegin, ...body, ...beforeCommit];
  return {
    file,
    phase: definition.phase ?? "before",
    touches: touchesOf(operations, input.dialect.syntax),
  };
}

/** All that these operations touch. */
export function touchesOf(operations: readonly Operation[], syntax: SqlSyntax): Touches {
  return allTouches(operations.map((op) => touches(op, syntax)));
}
