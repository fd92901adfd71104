/**
 * Every error that Slipway can end with. Code, details, message, hint and exit code of one stand together in
 * `errors/<topic>.ts`, and nowhere else is such a text built.
 */

import type { AdoptErrors } from "./errors/adopt.ts";
import { type BackfillErrors, backfillErrors } from "./errors/backfill.ts";
import { type BlockedErrors, blockedErrors } from "./errors/blocked.ts";
import type { BuildErrors } from "./errors/build.ts";
import { type BuiltErrors, builtErrors } from "./errors/built.ts";
import type { CatalogErrors } from "./errors/catalog.ts";
import type { CheckErrors } from "./errors/check.ts";
import { type DatabaseErrors, databaseErrors } from "./errors/database.ts";
import { type DriftErrors, driftErrors } from "./errors/drift.ts";
import type { DumpErrors } from "./errors/dump.ts";
import type { Catalogue, Entry } from "./errors/entry.ts";
import type { EverydayErrors } from "./errors/everyday.ts";
import { type FleetErrors, fleetErrors } from "./errors/fleet.ts";
import type { GeneratedErrors } from "./errors/generated.ts";
import type { LayoutErrors } from "./errors/layout.ts";
import { type MigrationsErrors, migrationsErrors } from "./errors/migrations.ts";
import { type RolloutErrors, rolloutErrors } from "./errors/rollout.ts";
import { type RunErrors, runErrors } from "./errors/run.ts";
import { type SafetyErrors, safetyErrors } from "./errors/safety.ts";
import type { ShadowErrors } from "./errors/shadow.ts";
import { type UsageErrors, usageErrors } from "./errors/usage.ts";

export {
  type DoneMigration,
  describeHolder,
  describeWaiting,
  type FailedAt,
  type LockHolder,
} from "./errors/words.ts";

/** Errors that only developers see. */
type DevelopmentDetails = BuildErrors &
  AdoptErrors &
  CheckErrors &
  CatalogErrors &
  DumpErrors &
  EverydayErrors &
  GeneratedErrors &
  LayoutErrors &
  ShadowErrors;

/** Errors that can end a run, wherever it runs. */
type RunningDetails = UsageErrors &
  MigrationsErrors &
  DatabaseErrors &
  RolloutErrors &
  RunErrors &
  BlockedErrors &
  BuiltErrors &
  DriftErrors &
  SafetyErrors &
  FleetErrors &
  BackfillErrors & { several: { readonly errors: readonly ReleaseError[] } };

/** The closed list of codes, each with its details. */
export type ErrorDetails = RunningDetails & DevelopmentDetails;

/** Any of the codes: switch on it. */
export type ErrorCode = keyof ErrorDetails;

/** Those that a run can end with, in a built release too. */
export type RunningCode = keyof RunningDetails;

/** Those of a `DevelopmentError`. */
export type DevelopmentCode = keyof DevelopmentDetails;

/**
 * Anything that Slipway refuses or fails at.
 * `code` is for programs, `message` names the problem, `hint` the next step; `exitCode` is the
 * command line's.
 */
export class ReleaseError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = "ReleaseError";
  readonly code: Code;
  readonly details: ErrorDetails[Code];
  readonly hint: string;
  readonly exitCode: number;

  constructor(code: Code & RunningCode, details: ErrorDetails[Code], options?: ErrorOptions);
  constructor(
    code: Code,
    details: ErrorDetails[Code],
    options: ErrorOptions | undefined,
    words: Entry<ErrorDetails[Code]>,
  );
  constructor(
    code: Code,
    details: ErrorDetails[Code],
    options?: ErrorOptions,
    words?: Entry<ErrorDetails[Code]>,
  ) {
    const entry = words ?? (errors[code as RunningCode] as Entry<ErrorDetails[Code]>);
    super(entry.message(details), options);
    this.code = code;
    this.details = details;
    this.hint = entry.hint(details);
    this.exitCode = typeof entry.exitCode === "number" ? entry.exitCode : entry.exitCode(details);
  }

  /** Everything but the stack, for `--json`. */
  toJSON(): {
    code: Code;
    message: string;
    hint: string;
    exitCode: number;
    details: ErrorDetails[Code];
  } {
    const { code, message, hint, exitCode, details } = this;
    return { code, message, hint, exitCode, details };
  }
}

/** True for an error of ours, also when it comes from another copy of this package. */
export function isReleaseError(error: unknown): error is ReleaseError {
  return error instanceof Error && error.name === "ReleaseError" && "exitCode" in error;
}

/** Throws the found errors: nothing, the one error, or all of them as `several`. */
export function refuse(found: readonly ReleaseError[]): void {
  const [first, second] = found;
  if (first === undefined) return;
  if (second === undefined) throw first;
  throw new ReleaseError("several", { errors: found });
}

/** Is there in a built release only, when none of its migrations is a backfill. */
declare const slipwayWithoutBackfills: true | undefined;

/** Is there in a built release only, when the rules have found nothing in its migrations. */
declare const slipwayWithoutFindings: true | undefined;

/** Is there in a built release only, when no repo of it has tenants. */
declare const slipwayWithoutTenants: true | undefined;

const errors: Catalogue<RunningDetails> = {
  ...usageErrors,
  ...migrationsErrors,
  ...databaseErrors,
  ...rolloutErrors,
  ...runErrors,
  ...blockedErrors,
  ...(typeof slipwayWithoutFindings === "undefined" ? safetyErrors : ({} as typeof safetyErrors)),
  ...builtErrors,
  ...driftErrors,
  ...(typeof slipwayWithoutTenants === "undefined" ? fleetErrors : ({} as typeof fleetErrors)),
  ...(typeof slipwayWithoutBackfills === "undefined"
    ? backfillErrors
    : ({} as typeof backfillErrors)),
  several: {
    exitCode: (d) => d.errors[0]?.exitCode ?? 2,
    message: (d) => d.errors.map((error) => error.message).join("\n"),
    hint: (d) => [...new Set(d.errors.map((error) => error.hint))].join("\n"),
  },
};
