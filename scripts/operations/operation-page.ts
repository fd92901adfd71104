/** A page of docs/operations: the words that a person wrote. Everything else on it is made from the source. */

/** A builder of the language, as migrations call it. */
export type MethodName = `m.${string}` | `t.${string}` | `change.${string}`;

export type OperationPage = {
  /** Its file name, without the ending. */
  readonly file: string;
  readonly title: string;
  /** One sentence, which docs/migrations.md shows too. */
  readonly does: string;
  /** The methods that it is about, each with the names of its arguments. `change.add` is `t.add` in `m.alterTable`. */
  readonly methods: { readonly [Method in MethodName]?: readonly string[] };
  /** Names of cases in test/language/cases; the first is the example. */
  readonly cases: readonly string[];
  /** How it rolls back. */
  readonly back: string;
  /** What to know of locks, beyond the table that is made from the example. */
  readonly locks: string;
  /** Names of cases in test/language/cases/irreversible.ts. */
  readonly irreversible?: readonly string[];
  /** What stands before the SQL. */
  readonly more?: string;
  /** Links, as Markdown. */
  readonly see: readonly string[];
};

/** Pages that belong together, with their heading in docs/migrations.md. */
export type PageGroup = { readonly title: string; readonly pages: readonly OperationPage[] };
