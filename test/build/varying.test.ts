/** Modules that may record something else where a release runs. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { readVarying, variesBy } from "../../src/build/varying.ts";
import { importBundler } from "../../src/engine/discovery/esbuild.ts";
import { tree } from "../engine/migration-tree.ts";

const cases: readonly (readonly [string, string | undefined])[] = [
  ["m.createTable('posts', (t) => t.id());", undefined],
  ["m.execute(text, { prefix: 'blog' });", undefined],
  ["// since process.env.X\nm.dropTable('posts');", undefined],
  ["/* Date\n   process */\nm.dropTable('posts');", undefined],
  ["m.column('process_date', 'date');", undefined],
  ["if (process.env.EU) m.dropTable('posts');", "process"],
  ["m.execute('select ' + Date.now());", "Date"],
  ["const a = Math.random();", "Math.random"],
  ["const { b } = await import('./b.ts');", "import"],
  ["const here = import.meta.dirname;", "import"],
  ["m.execute('drop schema ' + m.prefix);", "prefix"],
  ["const { prefix } = m;", "prefix"],
  ["const { direction, prefix } = m;", "prefix"],
  ["m['prefix']", "prefix"],
  ["export default { change({ prefix: p, run }) { if (p === 'eu') run(f); } }", "prefix"],
  ["const change = (m, { prefix: p }: Migration): void => m.execute(p);", "prefix"],
  ["const { run, prefix: p = 'x' } = m;", "prefix"],
  ["const { rest: { a }, 'prefix': p, b: { c } } = m;", "prefix"],
  ["({ prefix: names.own } = m);", "prefix"],
  ["for (const { prefix: p } of all) m.execute(p);", "prefix"],
  ["m.execute(text, { prefix: schema });", undefined],
  ["if (has({ prefix: schema })) { m.dropTable('posts'); }", undefined],
  ["const s = `\n/*\n`; m.execute(process.env.X);\nconst t = `\n*/\n`;", "process"],
  [`m.execute(\`\n/* \${process.env.X} */\n\`);`, "process"],
  [`m.execute(\`\n// \${process.env.X}\n\`);`, "process"],
  ["m.execute('\\\n/* ' + process.env.X + ' \\\n */');", "process"],
  ["/* a */ m.execute(process.env.X); /* b */", "process"],
];

it.each(cases)("%s", (text, found) => {
  expect(variesBy(text)).toBe(found);
});

it("looks into what a module imports, but not into Slipway", async () => {
  const root = tree({
    "m/1_a.ts":
      'import { sql } from "slipway"; export const change = (m) => m.execute(sql`1`.sql);',
    "m/2_b.ts":
      'import { names } from "../names.ts"; export const change = (m) => names.map(m.dropTable);',
    "m/3_c.ts": 'import { v4 } from "uuid"; export const change = (m) => m.execute(v4());',
    "m/4_d.ts": 'import { cpus } from "node:os"; export const change = (m) => m.execute(cpus());',
    "names.ts": 'import { list } from "./list.ts"; export const names = list;',
    "list.ts": 'export const list = [process.env.TABLE ?? "posts"];',
  });
  const paths = ["1_a", "2_b", "3_c", "4_d"].map((name) => join(root, `m/${name}.ts`));
  const varies = await readVarying(paths, { bundler: await importBundler(root), root });
  expect(paths.map(varies)).toEqual([undefined, "process", "uuid", "node:os"]);
});
