/**
 * Packages that another package imports only where they are installed, as a library does for the
 * drivers of all databases.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Whether `importer` is a file of a package that does not depend on the package of this specifier. */
export function isNotNeeded(specifier: string, importer: string): boolean {
  const folder = packageOf(dirname(importer));
  if (folder === undefined || !/[\\/]node_modules[\\/]/.test(folder)) return false;
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const [name = ""] = /^(?:@[^/]+\/)?[^/]+/.exec(specifier) ?? [];
  return !(name in dependencies);
}

/** A package.json without a name only sets the kind of the modules beside it. */
function packageOf(folder: string): string | undefined {
  const file = join(folder, "package.json");
  if (existsSync(file) && JSON.parse(readFileSync(file, "utf8")).name !== undefined) return folder;
  const above = dirname(folder);
  return above === folder ? undefined : packageOf(above);
}
