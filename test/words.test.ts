/** Phrases that our texts do without: in the documentation, and in every text that the code prints. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { errorExamples } from "../scripts/error-examples.ts";
import { errorOf } from "../src/core/model/development-error.ts";

const root = join(import.meta.dirname, "..");

const retired = [
  /\b(?:is|are|was|were|be|being|been) (?:told|said|had)\b/i,
  /\bof (?:its|their|your|our|his) own\b/i,
  /\bgo(?:es)? on\b/i,
  /\bso many\b/i,
  /\bin place of\b/i,
  /\bcomes? to (?:its|their|an) end\b/i,
  /\bthat which\b/i,
];

const found = (lines: readonly string[]): string[] =>
  lines.filter((line) => retired.some((phrase) => phrase.test(line)));

/** The lines of a page that are prose: no code, no output. */
function prose(page: string): string[] {
  const text = page.replace(/^( *)```.*?^\1```/gms, "").replace(/`[^`\n]*`/g, "");
  return text.split("\n");
}

/** The lines of a file that may be printed: no comments. */
function printed(source: string): string[] {
  const text = source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$|\s\/\/ .*$/gm, "");
  return text.split("\n");
}

describe("retired phrases", () => {
  const pages = globSync("{README.md,CONTRIBUTING.md,docs/**/*.md,examples/*/README.md}", {
    cwd: root,
  });
  it.for(pages)("%s has none", (page) => {
    const lines = found(prose(readFileSync(join(root, page), "utf8")));
    expect(lines).toEqual([]);
  });

  it("nothing that the code prints has one", () => {
    const files = globSync("src/**/*.ts", { cwd: root });
    expect(files.length).toBeGreaterThan(500);
    const lines = files.flatMap((file) =>
      found(printed(readFileSync(join(root, file), "utf8"))).map(
        (line) => `${file}: ${line.trim()}`,
      ),
    );
    expect(lines).toEqual([]);
  });
});

it("the hint of an error is whole sentences: no semicolon joins two of them", () => {
  const codes = Object.keys(errorExamples) as (keyof typeof errorExamples)[];
  expect(codes.length).toBeGreaterThan(150);
  const hints = codes.map((code) => `${code}: ${errorOf(code, errorExamples[code]).hint}`);
  expect(hints.filter((hint) => /; [a-z]/.test(hint))).toEqual([]);
});
