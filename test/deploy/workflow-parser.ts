/** GitHub's own parser of workflows. It imports JSON in a way that Node refuses, so it is bundled first. */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

type Parser = typeof import("@actions/workflow-parser");

/** What a workflow runs, and what is wrong with it. */
export type ReadWorkflow = { readonly errors: readonly string[]; readonly runs: readonly string[] };

let parser: Promise<Parser> | undefined;

/** Reads a workflow as GitHub does. */
export async function readWorkflow(content: string): Promise<ReadWorkflow> {
  parser ??= load();
  const { parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter } = await parser;
  const file = { name: "migrations.yml", content };
  const { context, value } = parseWorkflow(file, new NoOperationTraceWriter());
  const errors = () => context.errors.getErrors().map(({ message }) => message);
  if (value === undefined || errors().length > 0) return { errors: errors(), runs: [] };
  const { jobs } = await convertWorkflowTemplate(context, value);
  const steps = jobs.flatMap((job) => ("steps" in job ? job.steps : []));
  const runs = steps.flatMap((step) => ("run" in step ? [step.run.toDisplayString()] : []));
  return { errors: errors(), runs };
}

async function load(): Promise<Parser> {
  const root = resolve(import.meta.dirname, "../..");
  const outfile = join(root, "test/.tmp/workflow-parser.mjs");
  mkdirSync(join(root, "test/.tmp"), { recursive: true });
  await build({
    stdin: { contents: 'export * from "@actions/workflow-parser";', resolveDir: root },
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    logLevel: "error",
  });
  return import(pathToFileURL(outfile).href);
}
