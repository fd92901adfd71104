import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { migrationsPage } from "../../scripts/migrations-page.ts";

it("docs/migrations.md is what the dialects spell; npm run docs writes it anew", () => {
  const page = readFileSync(new URL("../../docs/migrations.md", import.meta.url), "utf8");
  expect(page).toBe(migrationsPage());
});
