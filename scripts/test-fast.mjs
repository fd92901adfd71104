// npm run test:fast: the tests of core, SQLite and PGlite, which need no server and no build.
import { prepare, run, runAll } from "./project.mjs";

prepare();
process.env.SLIPWAY_TEST_FAST = "1";
await runAll(() => run("vitest", ["run", ...process.argv.slice(2)]));
