import type { KeyText } from "./key.ts";

/** A single row that is not to be tried again now, and why. */
export type RowFailure = {
  readonly key: KeyText;
  readonly kind: "busy" | "error";
  readonly error: string;
};
