/** Whether a project already has migrations that were written with the language's own defaults, which are Ecto's. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The files that Ecto leaves in a project, and the default place of Slipway's migrations. */
const places: readonly (readonly [folder: string, file: RegExp])[] = [
  [".", /^mix\.exs$/],
  ["priv/repo/migrations", /\.exs$/],
  ["db/main/migrations", /\.[mc]?[jt]s$/],
];

/** The file or folder that shows it; nothing in a new project. */
export function earlierDefaults(root: string): string | undefined {
  const found = places.find(([folder, file]) =>
    namesIn(join(root, folder)).some((name) => file.test(name)),
  );
  return found?.[0] === "." ? "mix.exs" : found?.[0];
}

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
