/** A file of `slipway facts`, as it was named. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { DevelopmentError } from "../core/model/development-error.ts";

/** A file of facts, as it was named and as it is written. */
export type FactsFile = { readonly path: string; readonly text: string };

/** @throws {ReleaseError} `facts_unreadable` */
export function factsIn(file: string, cwd: string): FactsFile {
  try {
    return { path: file, text: readFileSync(resolve(cwd, file), "utf8") };
  } catch {
    const reason = "there is no such file that can be read";
    throw new DevelopmentError("facts_unreadable", { path: file, reason });
  }
}
