/** A migration of a release whose SQL lies beside the bundle. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { MigrationDefinition } from "../core/language/migration-definition.ts";
import { streamedDefinition } from "../engine/discovery/large-file.ts";

/** The facts from the build. */
type Beside = {
  readonly place: string;
  readonly origin: string;
  readonly checksum: string;
  /** SQL. Default: there is no way back. */
  readonly back?: string;
};

/** `from` is the folder of the bundle, which may lie below that of the others. */
export function streamedBeside(
  from: string,
  { place, origin, checksum, back }: Beside,
): MigrationDefinition {
  const down: MigrationDefinition["down"] = back === undefined ? undefined : (m) => m.execute(back);
  return streamedDefinition(found(from, place), { origin, down, checksum });
}

function found(from: string, place: string): string {
  const path = join(from, place);
  const above = dirname(from);
  return existsSync(path) || above === from ? path : found(above, place);
}
