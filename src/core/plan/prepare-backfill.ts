/** A backfill as a step: what it does is not statements, and it is not done under the lock. */
import { type Backfill, backfillOf, backfillWords } from "../backfill/backfill.ts";
import { forgetRun } from "../backfill/ledger.ts";
import type { BackfillDefinition } from "../language/backfill-definition.ts";
import type { LoadedMigration, PrepareInput, Step } from "./step.ts";
import { storedPlan } from "./stored-plan.ts";

/** Going up it carries the backfill; going down it forgets that there was one. The rows stay as they are. */
export function prepareBackfill(
  migration: LoadedMigration,
  definition: BackfillDefinition,
  input: PrepareInput,
): Step {
  const backfill = backfillIn(definition, input);
  const down = wayBack(migration, backfill, input);
  if (input.direction === "down") return down;
  const up: Step = { ...down, direction: "up", callback: "up", actions: [], backfill };
  const { checksum } = migration;
  return { ...up, kept: { checksum, meaning: backfill.meaning, plan: storedPlan(up, down) } };
}

/** The backfill with the schema that the run or the repo names. */
export function backfillIn(
  definition: BackfillDefinition,
  { prefix, defaults }: PrepareInput,
): Backfill {
  return backfillOf(definition, prefix ?? defaults.prefix);
}

function wayBack({ file }: LoadedMigration, backfill: Backfill, input: PrepareInput): Step {
  const { dialect, history = { name: "data_migrations" } } = input;
  const statements = forgetRun(dialect, { history, version: file.version });
  const words = `forget the ${backfillWords(backfill)}`;
  return {
    file,
    direction: "down",
    callback: "down",
    transactional: dialect.transactionalDdl,
    phase: "before",
    actions: [{ kind: "statements", words, statements, forgets: "backfill" }],
  };
}
