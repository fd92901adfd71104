// Installs tools that a team may go back to, and tools that write a wished schema, into test/.tmp, once, for the tests that run them. 140 MB, so they are no dependencies.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prepare, root, run } from "./project.mjs";

const dependencies = {
  "@databases/pg-migrations": "5.0.3",
  "@mikro-orm/cli": "7.2.1",
  "@mikro-orm/core": "7.2.1",
  "@mikro-orm/postgresql": "7.2.1",
  "@slonik/migrator": "0.12.0",
  "drizzle-kit": "0.31.11",
  "drizzle-orm": "0.45.4",
  "graphile-migrate": "1.4.1",
  pg: "8.23.1",
  postgrator: "8.0.0",
  "postgres-migrations": "5.3.0",
  slonik: "29.2.0",
};

prepare();
const folder = join(root, "test", ".tmp", "tools");
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
process.chdir(folder);
process.exit(
  await run("npm", ["install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]),
);
