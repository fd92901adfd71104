import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import manifest from "../package.json" with { type: "json" };
import * as adapterApi from "../src/adapter.ts";
import * as api from "../src/index.ts";

it("exports exactly this, so that a change of the surface is seen", () => {
  expect(Object.keys(api).toSorted()).toEqual([
    "ReleaseError",
    "defineBackfill",
    "defineMigration",
    "defineRelease",
    "defineRule",
    "defineSeeds",
    "describeHolder",
    "env",
    "isReleaseError",
    "json",
    "silent",
    "sql",
    "terminal",
  ]);
});

it("offers to the writer of an adapter exactly this", () => {
  expect(Object.keys(adapterApi).toSorted()).toEqual([
    "ConnectionFailed",
    "StatementFailed",
    "UnsupportedOperation",
    "claimant",
    "defineDialect",
    "givenText",
    "heldLock",
    "importDriver",
    "isFragment",
    "processLock",
    "redact",
    "runInOrder",
    "standardLiteral",
    "standardQuote",
  ]);
});

it("has a way in for every adapter", () => {
  const folders = readdirSync(new URL("../src/adapters", import.meta.url), { withFileTypes: true });
  const adapters = folders
    .filter((entry) => entry.isDirectory() && entry.name !== "contract")
    .map((entry) => `./${entry.name}`);
  expect(Object.keys(manifest.exports)).toEqual(expect.arrayContaining(adapters));
});
