// npm run faults: the faults suite in its full form, and the conformance suite once through PgBouncer.
// SLIPWAY_FAULTS_OUT=FILE keeps every figure there, as a line of JSON.
import { compile } from "./compile.mjs";
import { prepare, run, runAll } from "./project.mjs";

process.env.SLIPWAY_FAULTS = "full";
prepare();
const files = process.argv.slice(2);
const pooled = () => {
  process.env.SLIPWAY_TEST_POOLED = "1";
  return run("vitest", ["run", "test/conformance", "test/release", "-t", "on postgres"]);
};
if (files.length > 0) await runAll(compile, () => run("vitest", ["run", ...files]));
else await runAll(compile, () => run("vitest", ["run", "test/faults"]), pooled);
