/** A file that a generator made: nothing is written yet. */
export type GeneratedFile = {
  /** Relative to where it is to lie, with forward slashes. */
  readonly path: string;
  readonly text: string;
};
