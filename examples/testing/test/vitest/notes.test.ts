import { migratedPglite, transactionPerTest } from "slipway/testing";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import seeds from "../../db/main/seeds.ts";
import { addNote, titles } from "../../notes.ts";
import { Release } from "../../release.ts";

// One database for this file, with all migrations and the seeds; a transaction for each test.
const { client, close } = await migratedPglite(Release, { seeds });
const each = transactionPerTest(client);
beforeEach(each.begin);
afterEach(each.rollBack);
afterAll(close);

test("a note is added", async () => {
  await addNote(client, "one more");
  expect(await titles(client)).toEqual(["the first", "one more"]);
});

test("and is gone for the next test", async () => {
  expect(await titles(client)).toEqual(["the first"]);
});
