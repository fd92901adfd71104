/** A dialect in a release whose migrations were compiled when it was built: nothing is left to compile. */
import type { Dialect } from "./dialect.ts";

export const withoutLanguage: Pick<Dialect, "compile" | "safely" | "refusesTransaction"> = {
  compile: refuse,
  safely: refuse,
  refusesTransaction: refuse,
};

function refuse(): never {
  throw new Error("there is no compiler in this release: build it with --keep-compiler");
}
