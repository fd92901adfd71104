// node scripts/with-node.mjs COMMAND [ARG…]: runs a command with the project's own Node and tools.
import { prepare, run, runAll } from "./project.mjs";

const [command = "node", ...args] = process.argv.slice(2);
prepare();
await runAll(() => run(command, args));
