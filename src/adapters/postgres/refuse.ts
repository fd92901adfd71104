/** Refusing what PostgreSQL cannot do, by name: an option is never silently ignored. */
import { UnsupportedOperation } from "../../core/language/dialect.ts";

/**
 * Refuses the first option that is given, of those that have a hint.
 *
 * @throws {UnsupportedOperation}
 */
export function refuseOptions<Options extends object>(
  options: Options,
  what: string,
  hints: { readonly [Option in keyof Options]?: string },
): void {
  for (const [option, hint] of Object.entries(hints)) {
    if (options[option as keyof Options] === undefined) continue;
    throw new UnsupportedOperation(`use the option ${option} of ${what}`, { hint: String(hint) });
  }
}
