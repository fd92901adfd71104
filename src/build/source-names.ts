/** Names of sources in a source map: the same wherever the project lies. */
import { relative, resolve, sep } from "node:path";

/** Files of the project relative to it, files of packages from `node_modules` on. */
export function sourceNames(
  map: string,
  folders: { readonly root: string; readonly slipway: string },
): string {
  const { root, slipway } = folders;
  const parsed: { sources: readonly string[] } = JSON.parse(map);
  const sources = parsed.sources.map((source) => {
    const path = resolve(root, source);
    if (path.startsWith(slipway + sep))
      return `node_modules/slipway/${slashes(relative(slipway, path))}`;
    const inPackages = slashes(path).lastIndexOf("/node_modules/");
    return inPackages < 0 ? slashes(relative(root, path)) : slashes(path).slice(inPackages + 1);
  });
  return JSON.stringify({ ...parsed, sources });
}

function slashes(path: string): string {
  return path.split(sep).join("/");
}
