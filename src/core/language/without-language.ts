/** A dialect for a release whose build has compiled all migrations: it compiles nothing. */
import type { Dialect } from "./dialect.ts";

export const withoutLanguage: Pick<Dialect, "compile" | "safely" | "refusesTransaction"> = {
  compile: refuse,
  safely: refuse,
  refusesTransaction: refuse,
};

function refuse(): never {
  throw new Error("there is no compiler in this release: build it with --keep-compiler");
}
