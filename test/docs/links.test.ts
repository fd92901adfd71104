import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { anchorsOf, deadLinks, markdownBelow, partsOf, slugOf } from "../../site/pages.ts";

const root = resolve(import.meta.dirname, "../..");
const pages = markdownBelow(root, "docs");
const parts = partsOf(readFileSync(join(root, "docs/README.md"), "utf8"));

it("no link of a page leads nowhere", () => {
  expect(pages.length).toBeGreaterThan(100);
  const all = ["README.md", "CONTRIBUTING.md", ...pages];
  expect(all.flatMap((page) => deadLinks(root, page))).toEqual([]);
});

it("the index has five parts, and every page stands in one of them", () => {
  expect(parts.map(({ title }) => title)).toEqual([
    "Getting started",
    "Concepts",
    "Guides",
    "Reference",
    "How it works",
  ]);
  const listed = parts.flatMap((part) => part.pages.map(({ page }) => `docs/${page}`));
  const own = pages.filter(
    (page) => !/^docs\/(README\.md|moving-from\/|operations\/|rules\/(?!README))/.test(page),
  );
  expect([...listed].sort()).toEqual(own);
});

it("anchors are spelled as code hosts do", () => {
  expect(slugOf("`t.add`, and what it's for")).toBe("tadd-and-what-its-for");
  expect([...anchorsOf("# A\n\n## Up\n\n```\n# no heading\n```\n\n## Up\n")]).toEqual([
    "a",
    "up",
    "up-1",
  ]);
});
