import { compile } from "./compile.mjs";
import { prepare, runAll } from "./project.mjs";

prepare();
await runAll(compile);
