/** Colours change nothing but how a text looks, and are there for a terminal alone. */
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { wantsLinks } from "../../src/cli/colour.ts";
import { paintedFindings } from "../../src/cli/painted/findings.ts";
import { paintedPlan } from "../../src/cli/painted/plan.ts";
import { paintedSql } from "../../src/cli/painted/sql.ts";
import { paintedStatus } from "../../src/cli/painted/status.ts";

const bold = (text: string) => `\u001b[1m${text}\u001b[22m`;
const dim = (text: string) => `\u001b[2m${text}\u001b[22m`;
const blue = (text: string) => `\u001b[34m${text}\u001b[39m`;
const green = (text: string) => `\u001b[32m${text}\u001b[39m`;
const yellow = (text: string) => `\u001b[33m${text}\u001b[39m`;
const red = (text: string) => `\u001b[31m${text}\u001b[39m`;
const cyan = (text: string) => `\u001b[36m${text}\u001b[39m`;

describe("SQL", () => {
  it("has keywords, literals and comments in colour, and names as they are", () => {
    expect(paintedSql("ALTER TABLE \"add\" ADD note text DEFAULT 'drop'; -- why")).toBe(
      `${blue("ALTER")} ${blue("TABLE")} "add" ${blue("ADD")} note text ${blue("DEFAULT")} ${green("'drop'")}; ${dim("-- why")}`,
    );
  });

  it("ends a colour with its line", () => {
    expect(paintedSql("SELECT 'a\nb'")).toBe(`${blue("SELECT")} ${green("'a")}\n${green("b'")}`);
  });

  it("is left as it is where it cannot be read", () => {
    expect(paintedSql("SELECT 'open")).toBe("SELECT 'open");
  });
});

const plan = `
Repo: main

  20260101000002 index up, without a transaction
    create index on posts
      CREATE INDEX CONCURRENTLY "posts_title" ON "posts" ("title");
      -- done before

Rollout of main

  1. Before the deploy: migrate --repo main --phase before
       20260101000002 index
         the new code may need table posts
  warning: it runs before the deploy
`;

it("a plan has its migrations, its SQL and its warnings in colour", () => {
  const painted = paintedPlan(plan);
  expect(stripVTControlCharacters(painted)).toBe(plan);
  expect(painted.split("\n")).toEqual([
    "",
    bold("Repo: main"),
    "",
    `  ${cyan("20260101000002 index")} up, without a transaction`,
    "    create index on posts",
    `      ${blue("CREATE")} ${blue("INDEX")} ${blue("CONCURRENTLY")} "posts_title" ${blue("ON")} "posts" ("title");`,
    `      ${dim("-- done before")}`,
    "",
    bold("Rollout of main"),
    "",
    bold("  1. Before the deploy: migrate --repo main --phase before"),
    "       20260101000002 index",
    "         the new code may need table posts",
    yellow("  warning: it runs before the deploy"),
    "",
  ]);
});

const findings = `db/2_index.sql:1 index-not-concurrent
    CREATE INDEX posts_title ON posts (title)
  harm:   writes to posts wait until the index is built
  safe:   CREATE INDEX CONCURRENTLY posts_title ON posts (title);
          -- outside a transaction
  why:    docs/rules/index-not-concurrent.md

1 finding in 1 migration.
`;

it("findings have the place, the rule and the safe form in colour", () => {
  const painted = paintedFindings(findings);
  expect(stripVTControlCharacters(painted)).toBe(findings);
  expect(painted.split("\n")).toEqual([
    `${bold("db/2_index.sql:1")} ${yellow("index-not-concurrent")}`,
    `    ${blue("CREATE")} ${blue("INDEX")} posts_title ${blue("ON")} posts (title)`,
    `${dim("  harm:   ")}writes to posts wait until the index is built`,
    `${dim("  safe:   ")}${blue("CREATE")} ${blue("INDEX")} ${blue("CONCURRENTLY")} posts_title ${blue("ON")} posts (title);`,
    `${dim("          ")}${dim("-- outside a transaction")}`,
    `${dim("  why:    ")}docs/rules/index-not-concurrent.md`,
    "",
    yellow("1 finding in 1 migration."),
    "",
  ]);
});

it("a rule is a link to its page where the terminal knows links", () => {
  const [first = ""] = paintedFindings(findings, { links: true }).split("\n");
  expect(first).toMatch(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are the link
    /\u001b\]8;;file:\/\/\/.*\/docs\/rules\/index-not-concurrent\.md\u001b\\.*index-not-concurrent.*\u001b\]8;;\u001b\\$/,
  );
  expect(stripVTControlCharacters(first)).toBe("db/2_index.sql:1 index-not-concurrent");
  const own = paintedFindings("a.sql:1 rule-of-mine\n", { links: true });
  expect(own).toBe(`${bold("a.sql:1")} ${yellow("rule-of-mine")}\n`);
});

const terminal = { isTerminal: true };
const links: readonly (readonly [NodeJS.ProcessEnv, { readonly isTerminal: boolean }, boolean])[] =
  [
    [{ TERM_PROGRAM: "vscode" }, terminal, true],
    [{ TERM: "xterm-kitty" }, terminal, true],
    [{ VTE_VERSION: "6003" }, terminal, true],
    [{ VTE_VERSION: "4800" }, terminal, false],
    [{ TERM: "xterm-256color" }, terminal, false],
    [{ TERM_PROGRAM: "vscode", NO_COLOR: "1" }, terminal, false],
    [{ TERM_PROGRAM: "vscode", CI: "true" }, terminal, false],
    [{ TERM_PROGRAM: "vscode" }, { isTerminal: false }, false],
    [{ FORCE_HYPERLINK: "1" }, { isTerminal: false }, true],
    [{ TERM_PROGRAM: "vscode", FORCE_HYPERLINK: "0" }, terminal, false],
  ];

it.each(links)("with %o on %o there are links: %o", (env, stream, are) => {
  expect(wantsLinks(env, stream)).toBe(are);
});

const block = `
Repo: main

  Status       Migration ID    Migration Name
-----------------------------------------------------
  up           20260101000001  posts
  up (edited)  20260101000002  up
  failed       20260101000003  index
  down         20260101000004  down

  failed going up: 20260101000003 index: could not create unique index
  backfill 20260101000005 fill: 36%, running
  up           is no row
`;

it("a status has what is not well in colour", () => {
  const painted = paintedStatus(block);
  expect(stripVTControlCharacters(painted)).toBe(block);
  expect(painted.split("\n")).toEqual([
    "",
    bold("Repo: main"),
    "",
    dim("  Status       Migration ID    Migration Name"),
    dim("-----------------------------------------------------"),
    `  ${green("up")}           20260101000001  posts`,
    `  ${green("up")}${yellow(" (edited)")}  20260101000002  up`,
    `  ${red("failed")}       20260101000003  index`,
    `  ${yellow("down")}         20260101000004  down`,
    "",
    `  ${red("failed")} going up: 20260101000003 index: could not create unique index`,
    `  ${cyan("backfill")} 20260101000005 fill: 36%, running`,
    "  up           is no row",
    "",
  ]);
});
