import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { compileCache } from "./test/support/compile-cache.ts";
import { fastFiles, fastTests, isFast } from "./test/support/fast.ts";
import { memoryFolder } from "./test/support/memory-folder.ts";
import { forgetSurroundings } from "./test/support/surroundings.ts";

forgetSurroundings();
const memory = memoryFolder();
const src = join(import.meta.dirname, "src");

export default defineConfig({
  resolve: {
    alias: [
      { find: /^slipway$/, replacement: join(src, "index.ts") },
      { find: /^slipway\/adapter$/, replacement: join(src, "adapter.ts") },
      { find: /^slipway\/adapter\/testing$/, replacement: join(src, "adapter-testing.ts") },
      { find: /^slipway\/testing$/, replacement: join(src, "testing/index.ts") },
      { find: /^slipway\/notify$/, replacement: join(src, "notify/index.ts") },
      { find: /^slipway\/opentelemetry$/, replacement: join(src, "opentelemetry/index.ts") },
      { find: /^slipway\/http$/, replacement: join(src, "http/index.ts") },
      { find: /^slipway\/compat\/([\w-]+)$/, replacement: join(src, "compat/$1.ts") },
      { find: /^slipway\/([\w-]+)$/, replacement: join(src, "adapters/$1/index.ts") },
    ],
  },
  test: {
    include: isFast ? fastFiles(import.meta.dirname) : ["test/**/*.test.ts"],
    ...(isFast ? { testNamePattern: fastTests } : {}),
    globalSetup: ["test/support/global-setup.ts"],
    pool: "forks",
    maxWorkers: 3,
    // Without these, V8 compiles PostgreSQL's parser a second time in each process that loads it.
    execArgv: ["--no-wasm-tier-up", "--no-wasm-dynamic-tiering"],
    env: {
      // Programs that tests start on our sources would each compile hundreds of files again.
      NODE_COMPILE_CACHE: compileCache,
      // Half of the time of a test on SQLite is waiting for the disk, and no test pulls the plug.
      ...(memory === undefined ? {} : { TMPDIR: memory }),
    },
    // A test that expects nothing, because it returned early or looped over nothing, fails.
    expect: { requireAssertions: true },
    testTimeout: 90_000,
    hookTimeout: 180_000,
    teardownTimeout: 30_000,
  },
});
