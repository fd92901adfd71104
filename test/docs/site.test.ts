/** The site as it is before VitePress reads it: `npm run docs:site` builds it. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, it } from "vitest";
import { sidebarOf } from "../../site/config.ts";
import { deadLinks, markdownBelow } from "../../site/pages.ts";
import { preparePages } from "../../site/prepare.ts";

const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "slipway-site-"));
preparePages(root, folder);
const pages = markdownBelow(folder, ".");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("has every page, those beside docs/, and the examples that pages name", () => {
  expect(pages).toEqual(
    expect.arrayContaining([
      "index.md",
      "contents.md",
      "getting-started.md",
      "rules/index.md",
      "project/contributing.md",
      "examples/blog.md",
    ]),
  );
  expect(pages.length).toBeGreaterThan(130);
});

it("no link leads nowhere", () => {
  const dead = pages.flatMap((page) => deadLinks(folder, page));
  // Old lines of the changelog may name a heading that a page has no more.
  expect(dead.filter((line) => !/^project\/changelog\.md: .* has no heading/.test(line))).toEqual(
    [],
  );
});

it("the front page's buttons and the sidebar lead to pages", () => {
  const front = readFileSync(join(folder, "index.md"), "utf8");
  const buttons = [...front.matchAll(/^ +link: (\S+)$/gm)].map(([, link = ""]) => link);
  expect(buttons).toHaveLength(6);
  const sidebar = sidebarOf(join(root, "docs"));
  expect(sidebar).toHaveLength(5);
  const items = sidebar.flatMap(({ items = [] }) => items);
  const links = items.flatMap((item) => [item, ...(item.items ?? [])]).map(({ link = "" }) => link);
  expect(links.length).toBeGreaterThan(100);
  const known = new Set(
    pages.map((page) => `/${page.replace(/(^|\/)index\.md$/, "$1").replace(/\.md$/, "")}`),
  );
  expect([...buttons, ...links].filter((link) => !known.has(link))).toEqual([]);
});
