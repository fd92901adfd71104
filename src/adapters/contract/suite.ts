/** The parts that the tests of the contract share. */

import type { Column } from "../../core/language/table-parts.ts";
import type { Statement } from "../../core/model/statement.ts";
import { plain } from "../../core/model/statement.ts";
import {
  type Adapter,
  type ErrorKind,
  type Notice,
  type OpenOptions,
  type Session,
  StatementFailed,
} from "../adapter.ts";

/** An adapter on a separate, empty database. */
export type AdapterUnderTest = { readonly adapter: Adapter; dispose(): Promise<void> };

/** The way to get an adapter in the tests, and its special traits. */
export type AdapterTests = {
  /** Called once for each test. */
  readonly make: () => Promise<AdapterUnderTest>;
  /** How the first parameter is written: `$1`, `?`. Default: `$1`. */
  readonly parameter?: string;
  /** A statement that makes the database say something, and what. Default: it says nothing. */
  readonly notice?: { readonly sql: string; readonly expected: Notice };
  /** A password that no description may show. Default: there is none. */
  readonly password?: string;
};

/** The functions of the test runner that the suite uses: Vitest, Jest and the like have them. */
export type TestApi = {
  describe(name: string, body: () => void): unknown;
  it(name: string, body: () => Promise<void>): unknown;
  expect(actual: unknown): { toEqual(expected: unknown): unknown };
};

/** The tests of one part, each on a separate adapter. */
export class Suite {
  readonly tests: AdapterTests;
  readonly #api: TestApi;

  constructor(tests: AdapterTests, api: TestApi) {
    this.tests = tests;
    this.#api = api;
  }

  /** A test that needs one working session. */
  test(claim: string, body: (session: Session) => Promise<void>): void {
    this.it(claim, (adapter) => using(adapter, "work", body));
  }

  it(claim: string, body: (adapter: Adapter) => Promise<void>): void {
    this.#api.it(claim, async () => {
      const { adapter, dispose } = await this.tests.make();
      try {
        await body(adapter);
      } finally {
        await dispose();
      }
    });
  }

  expectEqual(actual: unknown, expected: unknown): void {
    this.#api.expect(actual).toEqual(expected);
  }
}

type Role = OpenOptions["role"];

/** A new session; the caller closes it. */
export function open(
  adapter: Adapter,
  role: Role,
  onNotice?: OpenOptions["onNotice"],
): Promise<Session> {
  return adapter.open({ role, application: "slipway contract", onNotice });
}

/** Opens a session while the work runs. */
export async function using(
  adapter: Adapter,
  role: Role,
  work: (session: Session) => Promise<void>,
): Promise<void> {
  const session = await open(adapter, role);
  try {
    await work(session);
  } finally {
    await session.close();
  }
}

/** The one column of the posts. */
export const title: Column = { name: "title", type: "text" };

/** A statement that fails: its table is not there. */
export const broken = plain("INSERT INTO missing VALUES (1)");

/** Adds a row to the posts of `createPosts`. */
export function insertTitle(value: string): Statement {
  return plain(`INSERT INTO posts (title) VALUES ('${value}')`);
}

/** A table with one column, `title`. */
export function createPosts(session: Session): readonly Statement[] {
  return createTable(session, "posts", [title]);
}

/** A table as the dialect spells it. */
export function createTable(
  { dialect }: Session,
  name: string,
  columns: readonly Column[],
): readonly Statement[] {
  const definition = { columns, constraints: [] };
  return dialect.compile({ kind: "create_table", table: { name }, definition });
}

/** The titles of all posts, in order. */
export async function titles(session: Session): Promise<readonly unknown[]> {
  const rows = await session.query("SELECT title FROM posts ORDER BY title");
  return rows.map((row) => row.title);
}

/** Whether there is a table of this name. */
export async function hasTable(session: Session, name: string): Promise<boolean> {
  const missing = await kindOf(session, session.query(`SELECT 1 FROM ${name}`));
  return missing !== "table_missing";
}

/** Which statement failed, or what came instead. */
export async function failedIndex(
  session: Session,
  statements: readonly Statement[],
): Promise<unknown> {
  try {
    await session.execute(statements);
  } catch (error) {
    return error instanceof StatementFailed ? error.index : error;
  }
  return "nothing failed";
}

/** The kind of error that ends the work. */
export async function kindOf(
  session: Session,
  work: Promise<unknown>,
): Promise<ErrorKind | "nothing failed"> {
  try {
    await work;
  } catch (error) {
    return session.errorKind(error);
  }
  return "nothing failed";
}
