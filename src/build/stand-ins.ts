/** Modules of ours that a bundle has no use for, and what stands there. They are imported only when they are used. */

/** What a release carries in place of it, or cannot have: the text by the name of the module. */
const everywhere = {
  // The verdicts of the rules are taken when a release is built: neither rules nor a parser are in it.
  "judge-now": "export const judgeNow = async () => undefined;",
  "safer-now": "export const saferNow = async () => new Map();",
  sized: `export const sized = async (found) =>
  found.map(({ origin, line, rule, message }) => ({ origin, line, rule, message }));
`,
};

const inCommandLine = {
  ...everywhere,
  // Migrations are inside, and a module in a folder would find no package beside it.
  "folder-source": `import { ReleaseError } from "slipway";
export function folderSource(folders) {
  const expected = "readable here: a built release has its migrations inside";
  throw new ReleaseError("option_invalid", { option: "migrationsPath", value: String(folders), expected });
}
`,
  // What was taken when it was built.
  inventory: `export function takeInventory() {
  throw new Error("a built release has its inventory in its manifest.json: ask the sources for more");
}
`,
  // Only findings need them, and a release has none.
  "table-sizes": `export function readTableSizes() {
  throw new Error("a built release does not judge its migrations: ask the sources for tableSizes");
}
`,
  "check-adopt": `export function checkAdopt() {
  throw new Error("a built release does not know other tools: run adopt from the sources, with the address of the database");
}
`,
  adopt: "export const adopt = undefined;",
  "own-rows": "export const ownRows = (_place, read) => read();",
  listen: `export function listen() {
  throw new Error("only the app listens: call it in the module that starts the app");
}
`,
};

/** What stands in for a module of this package, by its file, which a compiler may have given a hash. */
export function standIn(path: string, format: "cjs" | "esm"): string | undefined {
  const [, name = ""] = /([\w-]+?)(?:-[0-9A-Z]{8})?\.[jt]s$/.exec(path) ?? [];
  const all: { readonly [name: string]: string } = format === "cjs" ? inCommandLine : everywhere;
  return Object.hasOwn(all, name) ? all[name] : undefined;
}
