import { join } from "node:path";
import { compile } from "./compile.mjs";
import { prepare, root, run, runAll } from "./project.mjs";

prepare();
await runAll(compile, () =>
  run("node", [join(root, "bench", "index.ts"), ...process.argv.slice(2)]),
);
