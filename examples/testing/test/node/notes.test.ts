import assert from "node:assert/strict";
import { after, afterEach, beforeEach, test } from "node:test";
import { migratedPglite, transactionPerTest } from "slipway/testing";
import seeds from "../../db/main/seeds.ts";
import { addNote, titles } from "../../notes.ts";
import { Release } from "../../release.ts";

// One database for this file, with all migrations and the seeds; a transaction for each test.
const { client, close } = await migratedPglite(Release, { seeds });
const each = transactionPerTest(client);
beforeEach(each.begin);
afterEach(each.rollBack);
after(close);

test("a note is added", async () => {
  await addNote(client, "one more");
  assert.deepEqual(await titles(client), ["the first", "one more"]);
});

test("and is gone for the next test", async () => {
  assert.deepEqual(await titles(client), ["the first"]);
});
