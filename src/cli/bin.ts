#!/usr/bin/env node
/** The bin of the package. A Node that is too old must be able to parse this file, so it imports nothing itself. */
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
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
