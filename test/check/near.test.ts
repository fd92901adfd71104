/** What PostgreSQL 18 takes, close to what it refuses, is not called certain to fail. */

import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { neededParser } from "../../src/check/parser.ts";
import { judge } from "../../src/core/safety/rules/judge.ts";
import { startPostgres } from "../support/postgres-server.ts";
import { expressions } from "./near/expressions.ts";
import { objects } from "./near/objects.ts";

const parser = await neededParser("the test");
const server = await startPostgres();
const client = new pg.Client({ connectionString: server.url });
beforeAll(() => client.connect());
afterAll(async () => {
  await client.end();
  await server.stop();
});

it.each([...expressions, ...objects])("%s", async (_, schema, sql) => {
  await client.query(
    "RESET search_path; DROP SCHEMA IF EXISTS public, app CASCADE; CREATE SCHEMA public;",
  );
  await client.query(schema);
  // Each by itself, as in a file without a transaction.
  for (const { text } of parser.statements(sql)) await client.query(text);
  const script = (text: string) => ({
    name: text,
    statements: parser.statements(text),
    inTransaction: false,
  });
  const options = { ...parser, server: { major: 18 } };
  const byHistory = judge([script(schema), script(sql)], { ...options, eachIsARun: true });
  const bySchema = judge([script(sql)], { ...options, base: parser.statements(schema) });
  const failing = [...byHistory, ...bySchema].filter(({ rule }) => rule === "will-fail");
  expect(failing.map(({ message }) => message)).toEqual([]);
});
