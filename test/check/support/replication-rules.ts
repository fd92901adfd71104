/** What the rules about replication say of a change, by the facts of the database that would be changed. */
import { postgres } from "slipway/postgres";
import { loadParser } from "../../../src/check/parser.ts";
import { judge } from "../../../src/core/safety/rules/judge.ts";
import { defineRelease } from "../../../src/index.ts";
import { table } from "./subscription.ts";

const found = await loadParser();
if (found === undefined) throw new Error("libpg-query is a development dependency: npm install");

/** The parser that judges. */
export const parser = found;

/** The names of the rules of one side that find something, `published-` or `subscribed-`, each once. */
export async function rulesAgainst(
  sql: string,
  { url, side }: { readonly url: string; readonly side: "published" | "subscribed" },
): Promise<readonly string[]> {
  const main = { adapter: postgres({ url }), migrations: {} };
  const { repos } = await defineRelease({ app: "a", repos: { main } }).facts();
  const script = { name: "a.sql", statements: parser.statements(sql), inTransaction: true };
  const violations = judge([script], {
    ...parser,
    server: { major: 18 },
    base: parser.statements(`${table};`),
    published: repos.main,
  });
  const rules = new Set(violations.map(({ rule }) => rule));
  return [...rules].filter((rule) => rule.startsWith(`${side}-`));
}
