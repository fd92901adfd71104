/** The parts of an error that stand together for one code. */

/** One error: what the command line exits with, what is wrong, and what to do next, in the reader's own names. */
export type Entry<Details> = {
  readonly exitCode: number | ((details: Details) => number);
  readonly message: (details: Details) => string;
  readonly hint: (details: Details) => string;
};

/** The entries of one topic, by code; the type says what is known when each happens. */
export type Catalogue<Details> = { readonly [Code in keyof Details]: Entry<Details[Code]> };
