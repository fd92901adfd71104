/** The parts of a warning that stand together for one code. */

/** The words of each code, made from its details. */
export type WarningWords<Details> = {
  readonly [Code in keyof Details]: (details: Details[Code]) => string;
};
