import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { commandsPage } from "../../scripts/commands-page.ts";
import { errorsPage } from "../../scripts/errors-page.ts";
import { platformsPage } from "../../scripts/platforms-page.ts";

it.each([
  ["errors.md", errorsPage],
  ["commands.md", commandsPage],
  ["platforms.md", platformsPage],
])("docs/%s is what the source says; npm run docs writes it anew", async (file, page) => {
  expect(readFileSync(new URL(`../../docs/${file}`, import.meta.url), "utf8")).toBe(await page());
});
