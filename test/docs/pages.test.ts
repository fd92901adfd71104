import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { commandsPage } from "../../scripts/commands-page.ts";
import { platformsPage } from "../../scripts/platforms-page.ts";
import { warningsPage } from "../../scripts/warnings-page.ts";
import { neededParser } from "../../src/check/parser.ts";
import { rulePages } from "../../src/check/rule-pages.ts";
import { sqliteTrial } from "../../src/shadow/sqlite/trial.ts";

it.each([
  ["warnings.md", warningsPage],
  ["commands.md", commandsPage],
  ["platforms.md", platformsPage],
])("docs/%s is what the source says; npm run docs writes it anew", async (file, page) => {
  expect(readFileSync(new URL(`../../docs/${file}`, import.meta.url), "utf8")).toBe(await page());
});

it("docs/rules is what the rules say; npm run docs writes it anew", async () => {
  const folder = new URL("../../docs/rules/", import.meta.url);
  const written = readdirSync(folder).map(
    (file) => [file, readFileSync(new URL(file, folder), "utf8")] as const,
  );
  const pages = rulePages(await neededParser("the test"), { sqlite: await sqliteTrial() });
  expect(new Map(written.sort())).toEqual(new Map([...pages].sort()));
});
