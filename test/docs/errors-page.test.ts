/** docs/errors.md shows what commands print: each command of the page is run here. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { errorRuns } from "../../scripts/error-runs.ts";
import { errorsPage } from "../../scripts/errors-page.ts";

it("docs/errors.md is what the commands and the catalogue say; npm run docs writes it anew", async () => {
  const page = readFileSync(new URL("../../docs/errors.md", import.meta.url), "utf8");
  expect(page).toBe(await errorsPage());
  expect(page.match(/^\$ slipway /gm)).toHaveLength(errorRuns.length);
  expect(page).not.toContain("error: error:");
}, 120_000);
