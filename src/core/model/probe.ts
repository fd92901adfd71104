import type { Named } from "./named.ts";

/** A question to the catalog, and the answer that means that the statement has run. */
export type CatalogProbe = {
  readonly kind:
    | "table"
    | "view"
    | "sequence"
    | "type"
    | "index"
    | "schema"
    | "extension"
    | "column"
    | "constraint"
    | "enum_value";
  /** The thing, or the table or enum that it belongs to. */
  readonly name: Named;
  /** Of an index: its table, without which MySQL does not find it. */
  readonly table?: Named | undefined;
  /** The column, constraint or enum value. */
  readonly part?: string | undefined;
  readonly expect: "present" | "absent" | "validated";
};

/**
 * Indexes that a statement builds anew beside readers and writers: one, those of a table, of a schema, of the database.
 * A try that fails leaves an index of another name behind, and the next try one more.
 */
export type Rebuilt = {
  readonly what: "index" | "table" | "schema" | "database";
  /** Default: the database that the connection is to. */
  readonly name?: Named | undefined;
};

/**
 * `repeatable`: running it once more gives the same, after the remains of `rebuilds` are cleared
 * away. `setting`: it changes the connection and nothing else, so a new connection needs it again.
 * One that is `ownOnly` could change the meaning of names or the asking user, so it holds for the
 * migration's own statements and not for ours.
 */
export type Probe =
  | CatalogProbe
  | { readonly kind: "repeatable"; readonly rebuilds?: Rebuilt }
  | { readonly kind: "setting"; readonly ownOnly?: true };

/**
 * The state in the catalog. A broken thing exists but is not usable, such as an index whose build
 * was interrupted.
 */
export type ProbeState = "present" | "absent" | "broken" | "validated";

/** The outcome of the statement that the state proves. */
export type ProbeAnswer = "done" | "not_done" | "broken";

/** Whether the state is the one that the statement was to bring about. */
export function answerOf(probe: CatalogProbe, state: ProbeState): ProbeAnswer {
  switch (probe.expect) {
    case "absent":
      return state === "absent" ? "done" : "not_done";
    case "validated":
      return state === "validated" ? "done" : "not_done";
    case "present":
      return state === "absent" ? "not_done" : state === "broken" ? "broken" : "done";
  }
}
