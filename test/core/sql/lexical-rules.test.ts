import { describe, expect, test } from "vitest";
import { rulesAt } from "../../../src/core/sql/lexical-rules.ts";

/** What may stand behind a sign, so that each rule has a text that it matches. */
const tails = [
  ...["", "'", "'x'", '"', "&'x'", '&"x"', "-", "- x", "->", "--> statement-breakpoint", "*"],
  ...["*/", "* x */", "*!40000", "/", "x", "x1", "0", "1", "1e5", "x1F", "b01", "$", "x$ $x$"],
  ...[":", "=", ".", "=>", ">", ">>", "|", "&", "`", "`x`", "]", "@x", "-> statement-breakpoint"],
];

describe("the rules of a sign", () => {
  test.each(["postgres", "mysql", "sqlite"] as const)(
    "are all that match there, in %s",
    (syntax) => {
      // Beyond ASCII every rule is asked.
      const all = rulesAt("\u{100}", 0, syntax);
      expect(all.length).toBeGreaterThan(8);
      const matched = new Set<unknown>();
      for (let code = 0; code < 128; code++)
        for (const tail of tails) {
          const text = String.fromCharCode(code) + tail;
          const found = all.filter(([, match]) => match(text, 0) !== undefined);
          for (const rule of found) matched.add(rule);
          expect(rulesAt(text, 0, syntax), text).toEqual(expect.arrayContaining(found));
        }
      expect(matched.size).toBe(all.length);
    },
  );
});
