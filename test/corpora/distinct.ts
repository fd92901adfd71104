/** A history in which a version or a name stands twice, as links in a folder in which none does. */
import { mkdtempSync, readdirSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Gives a folder with a link to everything in `folder`. A version that is taken becomes the next one, and a name
 * that is taken gets its version behind it.
 */
export function distinct(folder: string): string {
  const links = mkdtempSync(join(tmpdir(), "slipway-corpora-distinct-"));
  const versions = new Map<string, string>();
  let last = "";
  for (const entry of readdirSync(folder).toSorted()) {
    const [, digits = "", name = "", half = ""] =
      /^([\d-]+)_(.*?)((?:\.(?:up|down))?\.sql)?$/.exec(entry) ?? [];
    // The halves of a pair share their version, and dashes may count behind the second.
    const comparable = half === "" && !digits.includes("-") && digits.length === last.length;
    const version = comparable && digits <= last ? next(last) : digits;
    const first = versions.get(name) ?? version;
    versions.set(name, first);
    const link = first === version ? name : `${name}_${version}`;
    symlinkSync(
      join(folder, entry),
      join(links, name === "" ? entry : `${version}_${link}${half}`),
    );
    last = version;
  }
  return links;
}

function next(version: string): string {
  return String(BigInt(version) + 1n).padStart(version.length, "0");
}
