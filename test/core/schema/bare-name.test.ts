/** A new name that is given as it is, not as `{ to }`: the refusal says the call that is right. */
import { expect, it } from "vitest";
import { MigrationBuilder } from "../../../src/core/language/builder.ts";
import { describeWith } from "../../../src/core/language/options/check.ts";
import { migrationChecks } from "../../../src/core/language/options/migration.ts";

const calls: readonly (readonly [method: string, given: readonly unknown[], right: string])[] = [
  [
    "renameColumn",
    ["posts", "body", "content"],
    'renameColumn("posts", "body", { to: "content" })',
  ],
  ["renameTable", ["posts", "articles"], 'renameTable("posts", { to: "articles" })'],
  ["renameConstraint", ["posts", "a", "b"], 'renameConstraint("posts", "a", { to: "b" })'],
];

it.each(calls)("%s with a bare name says the right call", (method, given, right) => {
  const m = new MigrationBuilder({
    direction: "up",
    identifierLimit: { length: 63, unit: "bytes" },
    defaults: {},
  });
  const call = (checked: unknown) =>
    (checked as { readonly [name: string]: (...given: readonly unknown[]) => void })[method]!(
      ...given,
    );
  expect(() => describeWith(m, migrationChecks, call)).toThrow(
    expect.objectContaining({
      message: `${method} takes the new name as an option: got ${JSON.stringify(given.at(-1))}`,
      hint: `Write it as ${right}.`,
    }),
  );
});
