/** A migration as another tool would look at it. */

/** A migration that lies in a folder, as far as another tool would look at it. */
export type FileFacts = {
  /** The file's own name with its ending, or that of the folder where the migration is a folder. */
  readonly base: string;
  /** The same without its ending. */
  readonly stem: string;
  /** The text that goes up: of an SQL file, or of a module. */
  readonly text: string;
  /** Drizzle's journal: when the migration was made, in milliseconds. */
  readonly journalWhen?: string | undefined;
};
