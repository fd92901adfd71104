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
