import { expect, it } from "vitest";
import { judgedWords } from "../../src/cli/findings/scope-lines.ts";

it.each(["pending", "base", "all"] as const)(
  "does not say that there was nothing to judge where it could not be judged (%s)",
  (how) => {
    const judged = { repo: "main", how, migrations: 0, earlier: 2, unjudged: 1 };
    expect(judgedWords(judged)).toBe("repo main: nothing was judged: 1 migration could not be");
  },
);
