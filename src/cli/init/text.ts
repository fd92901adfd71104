/** The findings about a project and the files to write, in words. */
import type { DatabaseSays } from "./applied.ts";
import { type Looked, shownTool } from "./look.ts";
import { hasHistory } from "./tools.ts";

/** `Drizzle 0.45.4, 42 migrations in drizzle/, applied on this database: 40`, and the database below. */
export function foundText(looked: Looked, applied: DatabaseSays | undefined): string {
  const { folder, files, adapter, address } = looked;
  const count = `${files.length} migration${files.length === 1 ? "" : "s"}`;
  const first = [
    shownTool(looked) ?? (folder === undefined ? "no migrations yet" : "migrations of no tool"),
    ...(folder === undefined ? [] : [`${count} in ${folder}/`]),
    ...(folder === undefined && looked.tool !== undefined
      ? ["no folder of its migrations (--migrations names one)"]
      : []),
    ...(applied?.kind === "count" ? [`applied on this database: ${applied.count}`] : []),
    ...(applied?.kind === "nothing" ? ["no history of it on this database"] : []),
  ];
  const where = "variable" in address ? `the address in ${address.variable}` : address.path;
  return [
    `Found: ${first.join(", ")}`,
    `       slipway/${adapter}, ${where}`,
    ...(applied?.kind === "silent" ? [`       its database was not asked: ${applied.reason}`] : []),
    ...(applied?.kind === "count" && applied.doubts !== undefined
      ? [`       adopt will ask you about: ${applied.doubts}`]
      : []),
    "",
  ].join("\n");
}

/** The next three commands. */
export function nextText(looked: Looked, applied: DatabaseSays | undefined): string {
  const adopts =
    looked.tool !== undefined && hasHistory(looked.tool.tool) && applied?.kind !== "nothing";
  const commands =
    looked.folder === undefined
      ? ["slipway gen migration create_posts", "slipway migrate", "slipway status"]
      : adopts
        ? ["slipway adopt", "slipway status", "slipway migrate"]
        : ["slipway status", "slipway plan", "slipway migrate"];
  const driver =
    looked.missingDriver === undefined ? [] : [`  npm install ${looked.missingDriver}`];
  return ["", "Next:", ...driver, ...commands.map((command) => `  npx ${command}`), ""].join("\n");
}
