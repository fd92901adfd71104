/** `node starter.js`: reads the URL of a database a line, and migrates it as soon as it is there. Says how it went. */
import { createInterface } from "node:readline";
import { postgres } from "../../../src/adapters/postgres/index.ts";
import { defineRelease } from "../../../src/index.ts";
import { scenarios } from "./scenarios.ts";

process.stdout.write("ready\n");
for await (const url of createInterface({ input: process.stdin })) {
  const release = defineRelease({
    app: "app",
    version: "1",
    repos: {
      main: { adapter: postgres({ url }), migrations: scenarios.together, safe: "off" },
    },
  });
  const ending = await release.migrate().then(
    () => "done",
    (error: unknown) => `failed: ${String(error).replaceAll("\n", " ")}`,
  );
  process.stdout.write(`${ending}\n`);
}
