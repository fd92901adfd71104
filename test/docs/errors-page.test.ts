/** docs/errors.md shows what commands print: a part of them is run here, all of them by `npm run faults`. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { errorRuns, runErrors } from "../../scripts/error-runs.ts";
import { errorsPage, recordedErrors } from "../../scripts/errors-page.ts";

const all = process.env.SLIPWAY_FAULTS === "full";
const runs = errorRuns.filter((_, i) => all || i % 6 === 0);

it("docs/errors.md has every command and what it printed; npm run docs runs them anew", () => {
  const page = readFileSync(new URL("../../docs/errors.md", import.meta.url), "utf8");
  expect(page).toBe(errorsPage());
  expect(page.match(/^\$ (?:\w+=\w+ )?slipway /gm)).toHaveLength(errorRuns.length);
  expect(page).not.toContain("error: error:");
});

it("a command prints what docs/errors.md shows", async () => {
  expect(runs.length).toBeGreaterThan(5);
  const recorded = recordedErrors();
  const codes = runs.map(({ code }) => code).sort();
  const ran = await runErrors(runs);
  expect([...ran.keys()]).toEqual(codes);
  expect(Object.fromEntries(ran)).toEqual(
    Object.fromEntries(codes.map((code) => [code, recorded[code]])),
  );
}, 120_000);
