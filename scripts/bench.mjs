import { join } from "node:path";
import { compile } from "./compile.mjs";
import { prepare, root, run, runAll } from "./project.mjs";

prepare();
// `npm run bench backfill` takes minutes, so it is a bench of its own.
const [first, ...rest] = process.argv.slice(2);
const argv =
  first === "backfill"
    ? [join("backfill", "index.ts"), ...rest]
    : ["index.ts", ...process.argv.slice(2)];
await runAll(compile, () => run("node", [join(root, "bench", argv[0] ?? ""), ...argv.slice(1)]));
