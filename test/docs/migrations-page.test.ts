import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { migrationsPage } from "../../scripts/migrations-page.ts";
import { groups } from "../../scripts/operations/pages/index.ts";
import { operationsPages } from "../../scripts/operations-pages.ts";
import { neededParser } from "../../src/check/parser.ts";
import { MigrationBuilder } from "../../src/core/language/builder.ts";
import { AlterTableBuilder, TableBuilder } from "../../src/core/language/table-builder.ts";
import { chapters } from "../language/cases/index.ts";
import { irreversible } from "../language/cases/irreversible.ts";

const pages = groups.flatMap((group) => group.pages);

it("docs/migrations.md is what its source says; npm run docs writes it anew", () => {
  const page = readFileSync(new URL("../../docs/migrations.md", import.meta.url), "utf8");
  expect(page).toBe(migrationsPage());
  expect(page.split("\n").length).toBeLessThan(400);
});

it("docs/operations is what the dialects spell; npm run docs writes it anew", async () => {
  const folder = new URL("../../docs/operations/", import.meta.url);
  const written = readdirSync(folder).map(
    (file) => [file, readFileSync(new URL(file, folder), "utf8")] as const,
  );
  expect(written.length).toBeGreaterThan(30);
  const made = operationsPages(await neededParser("the test"));
  expect(new Map(written.sort())).toEqual(new Map([...made].sort()));
});

it("every method of the language, every case and every refusal stands on one page", () => {
  expect(pages.flatMap(({ methods }) => Object.keys(methods)).sort()).toEqual(
    [
      ...methodsOf("m", MigrationBuilder),
      ...methodsOf("t", TableBuilder),
      ...methodsOf("change", AlterTableBuilder),
    ].sort(),
  );
  expect(pages.flatMap(({ cases }) => cases).sort()).toEqual(
    chapters.flatMap(({ cases }) => cases.map(({ name }) => name)).sort(),
  );
  expect(pages.flatMap((page) => page.irreversible ?? []).sort()).toEqual(
    irreversible.map(({ name }) => name).sort(),
  );
});

/** Left out: those that a builder has for itself, and for whoever made it. */
const ofBuilder = /^(constructor|build|record|define|nested|safely|take|operations)$/;

function methodsOf(builder: string, { prototype }: { readonly prototype: object }): string[] {
  const found: string[] = [];
  for (let at: object | null = prototype; at && at !== Object.prototype; ) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at)))
      if (typeof value === "function" && !ofBuilder.test(name)) found.push(`${builder}.${name}`);
    at = Object.getPrototypeOf(at);
  }
  return found;
}
