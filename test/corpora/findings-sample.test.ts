/**
 * What `check --all` says of real histories, against a real server: none is certain to fail, for all of them ran; and of
 * 60 findings drawn from all, what the trace saw. In its full form only: `SLIPWAY_CORPORA=… npm run faults`.
 */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { figuresOf, full } from "../faults/support/figures.ts";
import { chanceOf, seedOf } from "../support/random.ts";
import { commandLine } from "./command-line.ts";
import { startPostgres15 } from "./postgres-15.ts";
import { type Finding, seenOf, type Traced } from "./seen-in-trace.ts";

const histories = [
  ...["authelia-postgres", "supabase-storage", "odd-platform", "crates-io", "minder", "langfuse"],
  ...["dokploy", "umami", "rallly", "penpot", "memos"],
];

const corpora = process.env.SLIPWAY_CORPORA ?? "";
const here = histories.filter((name) => corpora !== "" && existsSync(join(corpora, name)));
const postgres15 = full && here.length > 0 ? await startPostgres15() : undefined;
const figures = postgres15 === undefined ? undefined : figuresOf("findings of real histories");
afterAll(() => postgres15?.stop());

/** What supabase-storage expects of its database. */
const settings = `DO $$ BEGIN
  EXECUTE format('ALTER DATABASE %I SET search_path = storage, public', current_database());
  EXECUTE format('ALTER DATABASE %I SET storage.install_roles = ''true''', current_database());
END $$;`;

test.runIf(postgres15 !== undefined)(
  "of 60 findings at least 58 are what a server does, and none says that it is certain to fail",
  { timeout: 1_800_000 },
  () => {
    const all = here.flatMap((name) => findingsOf(name).map((finding) => ({ name, finding })));
    figures?.must(
      "certain to fail",
      all.filter(({ finding }) => finding.rule === "will-fail").length,
      0,
    );
    const chance = chanceOf(seedOf("findings of real histories"));
    const left = [...all];
    const sample = Array.from({ length: Math.min(60, all.length) }, () =>
      left.splice(chance.below(left.length), 1),
    ).flat();
    const traces = new Map<string, readonly Traced[]>();
    const lines = sample.map(({ name, finding }) => {
      if (!traces.has(name)) traces.set(name, traceOf(name));
      const seen = seenOf(finding, traces.get(name)!);
      return { seen, line: `${seen === undefined ? "NOT " : ""}${told(name, finding, seen)}` };
    });
    console.log(lines.map(({ line }) => line).join("\n"));
    const ofAll = all.filter(
      ({ name, finding }) => traces.has(name) && seenOf(finding, traces.get(name)!) !== undefined,
    );
    const judged = all.filter(({ name }) => traces.has(name));
    figures?.tell("true of all that were traced", `${ofAll.length} of ${judged.length}`);
    expect(sample.length).toBe(60);
    figures?.atLeast("true of 60", lines.filter(({ seen }) => seen !== undefined).length, 58);
  },
);

function told(name: string, { rule, file, line, message }: Finding, seen: string | undefined) {
  return `${name} ${file}:${line} ${rule}: ${message}\n    seen: ${seen ?? "nothing of it"}`;
}

function findingsOf(name: string): readonly Finding[] {
  const { document } = checking(name).run("check", "--all");
  return (document as unknown as { readonly findings: readonly Finding[] }).findings;
}

function traceOf(name: string): readonly Traced[] {
  const own = checking(name);
  const base = join(corpora, `base/${name}.sql`);
  const sql = name === "supabase-storage" ? own.write("settings.sql", settings) : base;
  const before = existsSync(sql) ? ["--shadow-sql", sql] : [];
  const { document } = own.run("check", "--trace", "--all", "--shadow", postgres15!.url, ...before);
  const { traces } = document as unknown as {
    readonly traces: readonly { readonly statements: readonly Traced[] }[];
  };
  return traces.flatMap(({ statements }) => statements);
}

function checking(name: string) {
  const own = commandLine({
    adapter: `postgres({ url: ${JSON.stringify(postgres15!.url)} })`,
    migrations: join(corpora, name),
  });
  onTestFinished(() => own.dispose());
  return {
    ...own,
    write(file: string, text: string) {
      const path = join(own.folder, file);
      writeFileSync(path, text);
      return path;
    },
  };
}
