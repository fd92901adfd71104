import { type DumpErrors, dumpErrors } from "./errors/dump.ts";
import type { Entry } from "./errors/entry.ts";
import { type ErrorDetails, ReleaseError } from "./errors.ts";

/** A `ReleaseError` of writing down or loading a schema, with its words: a built release has them where it does so. */
export class SchemaError<Code extends keyof DumpErrors> extends ReleaseError<Code> {
  constructor(code: Code, details: ErrorDetails[Code], options?: ErrorOptions) {
    const words: Entry<ErrorDetails[Code]> = dumpErrors[code];
    super(code, details, options, words);
  }
}
