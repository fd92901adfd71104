/** Errors that only developers see: a command loads their words where it can fail with one. */

import { adoptErrors } from "./errors/adopt.ts";
import { buildErrors } from "./errors/build.ts";
import { catalogErrors } from "./errors/catalog.ts";
import { checkErrors } from "./errors/check.ts";
import { dumpErrors } from "./errors/dump.ts";
import type { Catalogue, Entry } from "./errors/entry.ts";
import { everydayErrors } from "./errors/everyday.ts";
import { generatedErrors } from "./errors/generated.ts";
import { layoutErrors } from "./errors/layout.ts";
import { shadowErrors } from "./errors/shadow.ts";
import {
  type DevelopmentCode,
  type ErrorCode,
  type ErrorDetails,
  ReleaseError,
  type RunningCode,
} from "./errors.ts";

/** Is there in a built release only, where nobody develops. */
declare const slipwayBuilt: true | undefined;

/** A `ReleaseError` whose words are not carried in a built release. */
export class DevelopmentError<Code extends DevelopmentCode> extends ReleaseError<Code> {
  constructor(code: Code, details: ErrorDetails[Code], options?: ErrorOptions) {
    const words: Entry<ErrorDetails[Code]> = developmentErrors[code];
    super(code, details, options, words);
  }
}

/** The error of any code, for who makes one of each. */
export function errorOf<Code extends ErrorCode>(
  code: Code,
  details: ErrorDetails[Code],
): ReleaseError {
  return Object.hasOwn(developmentErrors, code)
    ? new DevelopmentError(code as DevelopmentCode, details as never)
    : new ReleaseError(code as RunningCode, details as never);
}

const developmentErrors: Catalogue<Pick<ErrorDetails, DevelopmentCode>> =
  typeof slipwayBuilt === "undefined"
    ? {
        ...adoptErrors,
        ...buildErrors,
        ...catalogErrors,
        ...dumpErrors,
        ...checkErrors,
        ...everydayErrors,
        ...generatedErrors,
        ...layoutErrors,
        ...shadowErrors,
      }
    : ({} as Catalogue<Pick<ErrorDetails, DevelopmentCode>>);
