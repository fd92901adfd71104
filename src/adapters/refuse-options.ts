/** Refuses by name an option that a database does not have: an option is never silently ignored. */
import { UnsupportedOperation } from "../core/language/dialect.ts";

/** @throws {UnsupportedOperation} always; `operation` completes "MySQL cannot …" */
export function refuse(operation: string, hint: string): never {
  throw new UnsupportedOperation(operation, { hint });
}

/** The advice for each option that is refused, by its name. */
export type Hints<Options> = { readonly [Option in keyof Options]?: string };

/**
 * Refuses the first option that is given, of those that have a hint. `false` counts as not given.
 *
 * @throws {UnsupportedOperation}
 */
export function refuseOptions<Options extends object>(
  options: Options,
  what: string,
  hints: Hints<Options>,
): void {
  for (const name of Object.keys(hints) as (keyof Options & string)[]) {
    const value = options[name];
    if (value === undefined || value === false) continue;
    refuse(`use the option ${name} of ${what}`, hints[name] ?? "Leave it out.");
  }
}

/** The hint where something is dropped together with what depends on it. */
export const noCascade = "Leave it out, and drop what depends on it first.";
