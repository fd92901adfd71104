/**
 * The findings of `doctor`: each thing that it checked, how it is, and what to do about it. Plain
 * data.
 */

/** The things that `doctor` looks at. */
export type Checked =
  | "node"
  | "files"
  | "packages"
  | "connection"
  | "encryption"
  | "server"
  | "primary"
  | "pooler"
  | "cluster"
  | "rights"
  | "owners"
  | "settings"
  | "clock"
  | "connections"
  | "disk"
  | "replicas"
  | "extensions"
  | "indexes"
  | "transactions"
  | "vacuum"
  | "lock"
  | "history";

/** One thing that `doctor` looked at. */
export type Diagnosis = {
  readonly check: Checked;
  /** `warning`: it works and may hurt; `bad`: a migration will not work; `unknown`: the database does not tell. */
  readonly state: "good" | "warning" | "bad" | "unknown";
  /** How it is, in one line. */
  readonly found: string;
  /** The next thing to do: one sentence, or a statement. Left out where nothing is to be done. */
  readonly advice?: string | undefined;
};

/** All that was found on one repo. */
export type RepoDiagnosis = {
  readonly repo: string;
  /** Where it connects, without a password. */
  readonly target: string;
  readonly found: readonly Diagnosis[];
};

/** A list of one kind shows at most this many items. */
const shown = 5;

/** `a, b, c, d, e and 3 more`. */
export function shownSome(items: readonly string[]): string {
  const more = items.length - shown;
  const first = items.slice(0, shown).join(", ");
  return more > 0 ? `${first} and ${more} more` : first;
}
