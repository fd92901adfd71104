/** Checks the options of an adapter from JavaScript: a misspelled one would leave its default in force, in silence. */
import type { KindsOf } from "../core/model/kind.ts";
import { anything, wrongOptions } from "../core/model/wrong-options.ts";

/** For an option that is read, and refused, when a connection is made. */
export const readAtConnect = anything;

/** @throws {ReleaseError} `option_unknown`; `option_invalid` for options that are no object */
export function checkOptions<Options extends object>(
  of: string,
  given: Options,
  kinds: KindsOf<Options>,
): Options {
  const [wrong] = wrongOptions(given, { of, kinds });
  if (wrong !== undefined) throw wrong;
  return given;
}
