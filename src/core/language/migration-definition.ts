/** The export of a migration's module. */

import type { MigrationSettings } from "../model/migration.ts";
import type { BackfillDefinition } from "./backfill-definition.ts";
import type { MigrationBuilder } from "./builder.ts";

/** The default export of a migration's module; make it with `defineMigration`. */
export type MigrationDefinition = MigrationSettings & {
  /** Records what to do; going down it is reversed. Not to be used together with `up` and `down`. */
  readonly change?: (m: MigrationBuilder) => void;
  /** Records what to do going up. Wins over `change`. */
  readonly up?: (m: MigrationBuilder) => void;
  /** Records what undoes `up`. Wins over the reverse of `change`. */
  readonly down?: (m: MigrationBuilder) => void;
  /** Recorded inside the transaction, before the body, in both directions. */
  readonly afterBegin?: (m: MigrationBuilder) => void;
  /** Recorded inside the transaction, after the body and before the history row, in both directions. */
  readonly beforeCommit?: (m: MigrationBuilder) => void;
  /** The result of `defineBackfill`, instead of all that. Only among data migrations. */
  readonly backfill?: BackfillDefinition;
  /** Whether its author wrote BEGIN and COMMIT in an SQL file, and so wants one transaction for all of it. */
  readonly saysTransaction?: boolean;
};

/** The mark of what `defineMigration` made, which no other tool takes for its own. */
export const ownMark = Symbol.for("slipway.migration");

/**
 * Records operations. It is synchronous, so `async` does not compile; code that needs the database
 * goes into `m.run`.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: void alone would let a promise through
type Records = (m: MigrationBuilder) => undefined | void;

type Recording = {
  readonly [Part in "change" | "up" | "down" | "afterBegin" | "beforeCommit"]?: Records;
};

/** A migration has at least one of these. */
type WrittenMigration = Omit<MigrationDefinition, keyof Recording | "saysTransaction"> &
  Recording &
  (
    | Required<Pick<Recording, "change">>
    | Required<Pick<Recording, "up">>
    | Required<Pick<Recording, "down">>
    | Required<Pick<MigrationDefinition, "backfill">>
  );

/** Gives a migration its types, and a mark by which it is known among the modules of another tool. */
export function defineMigration(definition: WrittenMigration): MigrationDefinition {
  return Object.isExtensible(definition)
    ? Object.defineProperty(definition, ownMark, { value: true, configurable: true })
    : definition;
}
