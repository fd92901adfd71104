import { join } from "node:path";
import { compile } from "./compile.mjs";
import { prepare, root, run, runAll } from "./project.mjs";

const quickstart = join(root, "examples", "blog", "quickstart.ts");

prepare();
await runAll(compile, () => run("node", [quickstart, ...process.argv.slice(2)]));
