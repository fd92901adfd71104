/** The parts of an error that stand together for one code. */

/**
 * One error: the exit code of the command line, the problem, and the next step, in the reader's own
 * names.
 */
export type Entry<Details> = {
  readonly exitCode: number | ((details: Details) => number);
  readonly message: (details: Details) => string;
  readonly hint: (details: Details) => string;
};

/** The entries of one topic, by code; the type names the details of each. */
export type Catalogue<Details> = { readonly [Code in keyof Details]: Entry<Details[Code]> };
