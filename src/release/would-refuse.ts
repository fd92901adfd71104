/** Turns the refusal of a run into a warning for whoever only looks. */
import type { ReleaseError } from "../core/model/errors.ts";
import { type WarningOf, warning } from "../core/model/warnings.ts";

export function wouldRefuse(error: ReleaseError): WarningOf<"would_be_refused"> {
  const { code, message, hint, details } = error;
  return warning("would_be_refused", { error: code, reason: message, hint, details });
}
