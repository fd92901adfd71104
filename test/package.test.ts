/** What the package carries: few declarations, without a fault of their own, which an app can add to. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import manifest from "../package.json" with { type: "json" };

const root = resolve(import.meta.dirname, "..");
const folder = join(root, "test/.tmp/package");

it("has a declaration for each way in, and few that they share", () => {
  const files = readdirSync(join(root, "dist"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".d.ts"))
    .map((file) => `./dist/${file.replaceAll("\\", "/")}`);
  const ways = Object.values(manifest.exports).flatMap((entry) =>
    typeof entry === "string" ? [] : entry.types,
  );
  expect(files).toEqual(expect.arrayContaining(ways));
  expect(files.length).toBeLessThanOrEqual(ways.length + 20);
});

it("compiles in an app that checks libraries too, and takes types of the app's own", () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const ways = Object.keys(manifest.exports)
    .filter((way) => way !== "./package.json")
    .map((way) => way.replace(/^\./, "slipway"));
  writeFileSync(
    join(folder, "app.ts"),
    `${ways.map((way, i) => `import * as way${i} from "${way}";\n`).join("")}
import { defineMigration } from "slipway";
declare module "slipway" { interface CustomTypes { mood: true } }
export const ways = [${ways.map((_, i) => `way${i}`).join(", ")}];
export default defineMigration({
  change(m) {
    m.createTable("people", (t) => {
      t.column("feels", "mood");
      // @ts-expect-error: a slip
      t.column("felt", "moood");
    });
  },
});
`,
  );
  const compilerOptions = { noEmit: true, paths: {}, skipLibCheck: false };
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ extends: "../../../tsconfig.json", compilerOptions, include: ["*.ts"] }),
  );
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder], {
    cwd: root,
    encoding: "utf8",
  });
  // Other packages have faults of their own when their declarations are checked.
  const ours = stdout.split("\n").filter((line) => /^(dist|test)\//.test(line));
  expect(ways.length).toBeGreaterThan(10);
  expect(ours).toEqual([]);
}, 120_000);

// `typeorm init` and older projects of Nest have "moduleResolution": "node", and release.ts is among their files.
it("names each way in for a TypeScript that reads no exports", () => {
  const ways = Object.entries(manifest.exports).flatMap(([way, entry]) =>
    typeof entry === "string" ? [] : [[way, entry.types] as const],
  );
  const [main, ...below] = ways;
  expect(main).toEqual([".", manifest.types]);
  expect(manifest.typesVersions).toEqual({
    "*": Object.fromEntries(below.map(([way, types]) => [way.slice("./".length), [types]])),
  });
});

/** The oldest that a project may have, so that npm installs Slipway beside it; what needs a newer one says so. */
const oldest: readonly (readonly [library: string, version: string])[] = [
  ["@electric-sql/pglite", "0.2.0"],
  ["esbuild", "0.17.0"],
  ["knex", "0.95.0"],
  ["kysely", "0.19.0"],
  ["libsql", "0.3.0"],
  ["mariadb", "3.0.0"],
  ["mysql2", "2.3.0"],
  ["node-pg-migrate", "4.0.0"],
  ["pg", "8.7.0"],
  ["postgres", "3.0.0"],
  ["sequelize", "5.22.0"],
  ["typeorm", "0.2.0"],
];

it.each(oldest)("is installed beside %s %s, and does not ask for it", (library, version) => {
  const peers: { readonly [name: string]: string } = manifest.peerDependencies;
  const [, from] = /^(?:>=|\^)(\S+)/.exec(peers[library] ?? "") ?? [];
  expect(from).toBe(version);
  const optional: { readonly [name: string]: { readonly optional?: boolean } } =
    manifest.peerDependenciesMeta;
  expect(optional[library]?.optional).toBe(true);
});
