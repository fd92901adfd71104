/** Goes on only when the user says yes. */
import { ReleaseError } from "../core/model/errors.ts";
import { visibleLines } from "../core/model/visible.ts";
import type { CliWorld } from "./world.ts";

/** @throws {ReleaseError} `confirmation_missing` for a no, and where nobody can answer */
export async function confirmed(
  question: string,
  options: { readonly command: string; readonly world: CliWorld },
): Promise<void> {
  const { command, world } = options;
  if (await world.confirm?.(visibleLines(question))) return;
  throw new ReleaseError("confirmation_missing", { command });
}
