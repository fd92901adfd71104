/** The version of this package. */
import { readFileSync } from "node:fs";

/** As package.json says, which lies two folders above both the source and the compiled file. */
export function slipwayVersion(): string {
  const file = new URL("../../package.json", import.meta.url);
  const { version }: { version: string } = JSON.parse(readFileSync(file, "utf8"));
  return version;
}
