/** Where a section leaves its figures: as JSON and as plots, and in the page of the documentation. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { middleOf, missedBy, type Table, timesFloor } from "./contest.ts";
import type { Engine } from "./engines.ts";
import { markdown, missed, plot } from "./report.ts";

export type Written = {
  /** Of the section. */
  readonly name: string;
  readonly tables: readonly Table[];
  readonly engines: readonly Engine[];
  /** The load of the machine when it began. */
  readonly before: number;
  readonly rounds: string;
  readonly peers: boolean;
  /** Whether the page and its plots are renewed. Default place of JSON and plots: `bench/results`. */
  readonly docs: boolean;
};

export async function write(written: Written): Promise<void> {
  const { name, tables, docs } = written;
  const results = join(import.meta.dirname, docs ? "../docs/performance" : "results");
  mkdirSync(results, { recursive: true });
  const facts = await factsOf(written);
  const json = { ...facts, tables: tables.map(withRatios) };
  writeFileSync(join(results, `${name}.json`), `${JSON.stringify(json, null, 1)}\n`);
  const plots = tables.map((table, i) => {
    const file = `${name}-${i + 1}.svg`;
    writeFileSync(join(results, file), plot(table));
    return file;
  });
  if (!docs) return console.log(`${join("bench/results", name)}.json, ${plots.join(", ")}\n`);
  const words = `\`${facts.command}\` on ${facts.date}: Node ${facts.node}, ${facts.databases.join(", ")}, ${facts.cores} cores, load ${facts.load.join(" to ")}.`;
  const shown = tables.map(
    (table, i) =>
      `${markdown(table)}${missed(table)}\n![${table.title}](performance/${plots[i]})\n`,
  );
  const page = join(import.meta.dirname, "../docs", pages[name] ?? usualPage);
  const text = readFileSync(page, "utf8");
  const block = new RegExp(`(<!-- bench ${name} -->\n)[^]*?(<!-- end -->)`);
  if (!block.test(text)) throw new Error(`${page} has no <!-- bench ${name} -->`);
  const filled = [`${words}\n`, ...shown].join("\n");
  writeFileSync(
    page,
    text.replace(block, (_, begin, end) => `${begin}\n${filled}\n${end}`),
  );
}

/** The pages that have the tables of a section. */
const usualPage = "performance.md";
const pages: Readonly<Record<string, string>> = { fleet: "fleets.md" };

async function factsOf({ name, engines, before, rounds, peers, docs }: Written) {
  const flags = [`--rounds ${rounds}`, ...(peers ? ["--peers"] : []), ...(docs ? ["--docs"] : [])];
  return {
    command: `npm run bench -- ${name} ${flags.join(" ")}`,
    date: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    databases: await Promise.all(engines.map((engine) => engine.version())),
    cores: cpus().length,
    load: [before, loadavg()[0] ?? 0].map((one) => one.toFixed(1)),
  };
}

function withRatios({ title, figure, rows }: Table) {
  return {
    title,
    figure,
    rows: rows.map((row) => ({
      ...row,
      median: middleOf(row, figure),
      timesFloor: timesFloor(row, rows, figure),
      bounds: row.bounds?.map((bound) => ({ ...bound, missedBy: missedBy(row, rows, bound) })),
    })),
  };
}
