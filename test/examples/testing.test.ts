/** The example of tests under each runner, twice: the second run opens what the first one has kept. */
import { readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runtime } from "../support/runtimes.ts";
import { copyExample, type Example } from "./example.ts";

let example: Example;
const jest = runtime("jest");

beforeAll(() => {
  example = copyExample("testing", { without: ["jest"] });
  if (jest === undefined) return;
  for (const name of ["jest", "@jest"])
    symlinkSync(join(jest, name), join(example.folder, "node_modules", name), "junction");
});

afterAll(() => example.remove());

const kept = () =>
  readdirSync(join(example.folder, "node_modules/.cache/slipway")).filter((file) =>
    file.startsWith("migrated-notes-main-"),
  );

it("passes under node:test, and opens what is kept the second time", async () => {
  for (let run = 1; run <= 2; run++) {
    const ran = await example.script("test:node");
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stdout).toMatch(/pass 2\n/);
    expect(kept()).toHaveLength(1);
  }
});

it("passes under Vitest", async () => {
  const ran = await example.script("test:vitest");
  expect(ran).toMatchObject({ code: 0 });
  expect(ran.stdout).toMatch(/2 passed/);
});

it.skipIf(jest === undefined)("passes under Jest", async () => {
  const ran = await example.script("test:jest");
  expect(ran).toMatchObject({ code: 0 });
  expect(ran.stderr).toMatch(/2 passed/);
});
