/** What must not compile of an error. TypeScript checks this file; nothing runs it. */
import { DevelopmentError } from "../../src/core/model/development-error.ts";
import { ReleaseError } from "../../src/core/model/errors.ts";

export const fine = [
  new ReleaseError("repo_missing", { known: ["main"], command: "mark" }),
  new DevelopmentError("name_taken", { name: "a", origin: "1_a.ts" }),
];

export const wrong = [
  // @ts-expect-error a built release does not carry its words
  new ReleaseError("bundler_missing", {}),
  // @ts-expect-error a run can end with it
  new DevelopmentError("repo_missing", { known: ["main"], command: "mark" }),
  // @ts-expect-error there is no such code
  new ReleaseError("repo_mising", { known: ["main"] }),
];
