// Prints the numbers of a Vitest JSON report as the one line that ends .ci/run.
import { existsSync, readFileSync } from "node:fs";

const file = process.argv[2] ?? "";
if (!existsSync(file)) {
  console.log("0 passed, 0 failed");
  process.exit(1);
}
const report = JSON.parse(readFileSync(file, "utf8"));
const skipped = report.numPendingTests + report.numTodoTests;
// A file that could not be loaded has no failed test of its own, and counts as one.
const unloaded = report.testResults.filter(
  ({ status, assertionResults }) =>
    status === "failed" && !assertionResults.some((result) => result.status === "failed"),
);
const failed = report.numFailedTests + unloaded.length;
const line = `${report.numPassedTests} passed, ${failed} failed`;
console.log(skipped > 0 ? `${line}, ${skipped} skipped` : line);
process.exit(report.success ? 0 : 1);
