import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { markdownBelow } from "../../site/pages.ts";

const root = resolve(import.meta.dirname, "../..");
const folder = join(root, "test/.tmp/docs");

it("every TypeScript block of README and docs compiles", () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const pages = ["README.md", ...markdownBelow(root, "docs")];
  const blocks = pages.flatMap((page) => blocksOf(page));
  writeFileSync(join(folder, "release.ts"), release);
  for (const { name, code } of blocks) writeFileSync(join(folder, name), withRelease(code));
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
  expect(blocks.length).toBeGreaterThan(5);
  expect(errorsOf(join(folder, "tsconfig.json"))).toBe("");
}, 120_000);

const release = `import { defineRelease } from "slipway";
import { sqlite } from "slipway/sqlite";
const adapter = sqlite({ path: "x.db" });
export const Release = defineRelease({ app: "docs", repos: { main: { adapter }, analytics: { adapter } } });
`;

const tsconfig = {
  extends: "../../../tsconfig.json",
  compilerOptions: { noEmit: true, noUnusedLocals: false, paths: {} },
  include: ["*.ts"],
};

function blocksOf(page: string): readonly { readonly name: string; readonly code: string }[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = ""], i) => ({
    name: `${page.replace(/\W/g, "_")}_${i}.ts`,
    code,
  }));
}

/** A block may go on from a release that another one defined. */
function withRelease(code: string): string {
  const uses = /\bRelease\./.test(code) && !/const Release =/.test(code);
  return `${uses ? 'import { Release } from "./release.ts";\n' : ""}${code}\nexport {};\n`;
}

function errorsOf(project: string): string {
  try {
    execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", project], {
      cwd: root,
      encoding: "utf8",
    });
    return "";
  } catch (error) {
    return error instanceof Error && "stdout" in error ? String(error.stdout) : String(error);
  }
}
