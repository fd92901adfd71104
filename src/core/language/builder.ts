/**
 * The `m` of a migration: every method records one operation.
 * Recording is synchronous and never touches a database, which is what makes reversal, dry runs and checks possible.
 */
import { SafeSteps } from "./builder/safe-steps.ts";

export { notSynchronous, ofAnotherTool } from "./builder/recorder.ts";

/** Each class of the chain adds one topic: tables, indexes, constraints, objects, code, safe forms. */
export class MigrationBuilder extends SafeSteps {}
