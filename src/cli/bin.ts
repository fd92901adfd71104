#!/usr/bin/env node
/** The bin of the package. A Node that is too old must be able to parse this file, so it imports nothing itself. */
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  // V8 would compile PostgreSQL's parser a second time in the background: seconds of processor time and 600 MiB for
  // a process that parses a few files. This is our own process, so nobody else's flags change.
  const { setFlagsFromString } = process.getBuiltinModule("node:v8");
  for (const flag of ["--no-wasm-tier-up", "--no-wasm-dynamic-tiering"]) setFlagsFromString(flag);
  // Room for what is young would grow to 130 MB: a third of the memory of a run of a thousand files, or of one large file.
  if (process.argv.includes("migrate")) setFlagsFromString("--semi-space-growth-factor=1");
  // Node then keeps the JavaScript of a release.ts, which is a third of the time of a short command. Deno has no such thing.
  process.getBuiltinModule("node:module").enableCompileCache?.();
  const { runInDevelopment } = await import("./development.ts");
  await runInDevelopment(process.argv.slice(2));
} else {
  process.stderr.write(
    `error: slipway needs Node 22.18 or newer, and this is ${process.versions.node}\n` +
      "hint: Install a newer Node: https://nodejs.org\n",
  );
  process.exitCode = 2;
}

export {};
