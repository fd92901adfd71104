/**
 * The duties of every adapter, as tests: for the adapters here, and for one that you write
 * yourself.
 */
import { errors, schema } from "./adapters/contract/schema.ts";
import { fences, lifetime, locks } from "./adapters/contract/sessions.ts";
import { statements, transactions } from "./adapters/contract/statements.ts";
import { type AdapterTests, Suite, type TestApi } from "./adapters/contract/suite.ts";

export type { AdapterTests, AdapterUnderTest, TestApi } from "./adapters/contract/suite.ts";

/** Defines the tests of an adapter. */
export function describeAdapter(name: string, tests: AdapterTests, testApi: TestApi): void {
  testApi.describe(`${name} as an adapter`, () => {
    for (const part of [statements, transactions, locks, fences, lifetime, errors, schema]) {
      part(new Suite(tests, testApi));
    }
  });
}
