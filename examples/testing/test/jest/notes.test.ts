import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import {
  type MigratedPglite,
  migratedPglite,
  type TestTransactions,
  transactionPerTest,
} from "slipway/testing";
import seeds from "../../db/main/seeds.ts";
import { addNote, titles } from "../../notes.ts";
import { Release } from "../../release.ts";

// One database for this file, with all migrations and the seeds; a transaction for each test.
let database: MigratedPglite<"main">;
let each: TestTransactions;
beforeAll(async () => {
  database = await migratedPglite(Release, { seeds });
  each = transactionPerTest(database.client);
});
beforeEach(() => each.begin());
afterEach(() => each.rollBack());
afterAll(() => database.close());

test("a note is added", async () => {
  await addNote(database.client, "one more");
  expect(await titles(database.client)).toEqual(["the first", "one more"]);
});

test("and is gone for the next test", async () => {
  expect(await titles(database.client)).toEqual(["the first"]);
});
