/** `node starter.js`: reads the URL of a database a line, `row` before it for a lock that is a row, and migrates it at once. Says how it went. */
import { createInterface } from "node:readline";
import { mysql } from "../../../src/adapters/mysql/index.ts";
import { postgres } from "../../../src/adapters/postgres/index.ts";
import { defineRelease } from "../../../src/index.ts";
import { scenarios } from "./scenarios.ts";

process.stdout.write("ready\n");
for await (const line of createInterface({ input: process.stdin })) {
  const release = defineRelease({ app: "app", version: "1", repos: { main: repoOf(line) } });
  const ending = await release.migrate().then(
    () => "done",
    (error: unknown) => `failed: ${String(error).replaceAll("\n", " ")}`,
  );
  process.stdout.write(`${ending}\n`);
}

function repoOf(line: string) {
  const safe = "off" as const;
  const url = line.replace(/^row /, "");
  if (url.startsWith("mysql:"))
    return { adapter: mysql({ url }), migrations: scenarios.togetherGalera, safe };
  const adapter = postgres({ url, lockBy: line === url ? "advisory" : "row" });
  return { adapter, migrations: scenarios.together, safe };
}
