/** What stands together for one code of a warning. */

/** The words of each code, made from what is known when it happens. */
export type WarningWords<Details> = {
  readonly [Code in keyof Details]: (details: Details[Code]) => string;
};
