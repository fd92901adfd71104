/** What tracing costs whoever does not use it: one module, few bytes, and no object for a piece of work. */
import { join } from "node:path";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { traced } from "../../src/engine/traced.ts";
import { within } from "./within.ts";

const src = join(import.meta.dirname, "../../src");

const bundled = (entry: string) =>
  build({
    entryPoints: [join(src, entry)],
    ...{ bundle: true, write: false, minify: true, metafile: true, splitting: true },
    ...{ format: "esm", platform: "node", packages: "external", outdir: "out" },
  });

it("the channels are one module of a few hundred bytes", async () => {
  const { metafile, outputFiles } = await bundled("engine/traced.ts");
  const cost = {
    modules: Object.keys(metafile.inputs).length,
    bytes: outputFiles.reduce((sum, { contents }) => sum + contents.length, 0),
  };
  console.log(`idle tracing: ${cost.modules} module, ${cost.bytes} bytes`);
  within(cost, { modules: 1, bytes: 554 });
});

it("all else of it lies in files of its own, which are read when somebody listens", async () => {
  const { metafile } = await bundled("index.ts");
  const files = Object.values(metafile.outputs);
  const first = files.find(({ entryPoint }) => entryPoint?.endsWith("src/index.ts"));
  const atStart = new Set<string>();
  const read = (output: typeof first) => {
    for (const input of Object.keys(output?.inputs ?? {}))
      atStart.add(input.replace(/^.*src\//, ""));
    for (const { path, kind } of output?.imports ?? [])
      if (kind === "import-statement" && metafile.outputs[path]) read(metafile.outputs[path]);
  };
  read(first);
  const known = Object.keys(metafile.inputs).map((input) => input.replace(/^.*src\//, ""));
  const rooms = /^(?:opentelemetry|notify)\/|^engine\/trac|^release\/(?:told-events|ended-run)\.ts/;
  expect(known.filter((file) => rooms.test(file)).toSorted()).toEqual([
    "engine/traced-session.ts",
    "engine/traced.ts",
    "release/ended-run.ts",
    "release/told-events.ts",
  ]);
  expect([...atStart].filter((file) => rooms.test(file))).toEqual(["engine/traced.ts"]);
});

it("a piece of work that nobody hears of is called, and its own promise comes back", () => {
  const work = Promise.resolve("done");
  const facts = Object.freeze({ repo: "main" });
  expect(traced("lock", facts, () => work)).toBe(work);
});
