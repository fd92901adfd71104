/** The line of a migration in a stack, whoever wrote the stack. */
import { expect, it } from "vitest";
import { lineInStack } from "../../../src/core/language/line-in-stack.ts";

const stacks: readonly (readonly [string, string | undefined, number | undefined])[] = [
  [
    "a file's URL",
    "Error\n    at MigrationBuilder.dropTable (file:///app/node_modules/slipway/dist/core/schema/builder.js:90:10)\n    at change (file:///app/db/main/migrations/20210718153339_posts.ts:7:7)",
    7,
  ],
  ["no name of a function", "Error\n    at file:///app/20210718153339_posts.ts:12:3", 12],
  ["a path", "Error\n    at Object.change (/app/20210718153339_posts.js:5:1)", 5],
  ["Windows", "Error\n    at change (C:\\app\\20210718153339_posts.mts:3:9)", 3],
  [
    "a query behind the name",
    "Error\n    at change (file:///app/20210718153339_posts.ts?t=1:4:9)",
    4,
  ],
  [
    "the topmost of several lines",
    "Error\n    at drop (/app/20210718153339_posts.ts:20:1)\n    at change (/app/20210718153339_posts.ts:5:1)",
    20,
  ],
  ["a bundle", "Error\n    at change (file:///app/release.mjs:7:7)", undefined],
  ["another migration", "Error\n    at change (/app/20210718153340_posts.ts:7:7)", undefined],
  ["no stack", undefined, undefined],
];

it.each(stacks)("%s", (_, stack, line) => {
  expect(lineInStack("20210718153339_posts", stack)).toBe(line);
});
