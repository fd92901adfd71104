import { compile } from "./compile.mjs";
import { prepare, run, runAll } from "./project.mjs";

prepare();
await runAll(compile, () => run("vitest", ["run", ...process.argv.slice(2)]));
