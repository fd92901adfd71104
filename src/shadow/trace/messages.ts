/** PostgreSQL's messages at the level debug1 about the work that it does. */

export type Work = {
  readonly rewrites: readonly string[];
  readonly verifies: readonly string[];
  readonly builds: readonly { readonly index: string; readonly table: string }[];
  readonly validates: readonly string[];
  /** Columns whose NOT NULL was proved by a constraint. */
  readonly proved: readonly string[];
};

/** Reads the messages of one statement. Names are without a schema. */
export function workOf(messages: readonly string[]): Work {
  const all = (pattern: RegExp) =>
    messages.flatMap((message) => {
      const found = pattern.exec(message);
      return found === null ? [] : [found.slice(1)];
    });
  const names = (pattern: RegExp) => all(pattern).map(([name = ""]) => name);
  return {
    rewrites: names(/^rewriting table "(.+)"$/),
    verifies: names(/^verifying table "(.+)"$/),
    builds: all(/^building index "(.+)" on table "(.+)" (?:serially|with request)/).map(
      ([index = "", table = ""]) => ({ index, table }),
    ),
    validates: names(/^validating foreign key constraint "(.+)"$/),
    proved: names(/^existing constraints on column "(.+)" are sufficient/),
  };
}
