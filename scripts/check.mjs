// Format, lint and types: all of them run, and the first failure is the exit code.
import { prepare, run } from "./project.mjs";

prepare();
const codes = [
  await run("biome", ["check", "--error-on-warnings", "."]),
  await run("tsc", ["-p", "tsconfig.json"]),
];
process.exit(codes.find((code) => code !== 0) ?? 0);
