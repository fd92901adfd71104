import { describe, expect, it } from "vitest";
import { type LaterImport, laterImports, staticImports } from "../../src/build/static-imports.ts";

describe("imports of compiled modules that are made later", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      "a member",
      `load: async () => (await import("./wait-1.js")).wait`,
      `load: async () => __slipway0.wait`,
    ],
    [
      "names, one of them renamed",
      `  const { a, b: c } = await import("./x-1.js");`,
      `  const a = __slipway0.a; const c = __slipway0.b;`,
    ],
    [
      "a module as it is",
      `loaded ??= import("./x-1.js").then((module) => module.x());`,
      `loaded ??= Promise.resolve(__slipway0).then((module) => module.x());`,
    ],
  ];
  it.each(cases)("%s", (_, text, expected) => {
    const [path = ""] = /\.\/\w+-1\.js/.exec(text) ?? [];
    expect(staticImports(`${text}\n`)).toBe(
      `${expected}\nimport * as __slipway0 from "${path}";\n`,
    );
  });

  it("are still made later where that is wanted, of the module that gives them", () => {
    const text = `const { a, b: c } = await import("./x.js"); (await import("./y.js")).d; import("./z.js");\n`;
    const wanted = ({ path, name = "all" }: LaterImport) =>
      path === "./y.js" ? undefined : { module: "slipway:later", name: `${path[2]}_${name}` };
    expect(staticImports(text, wanted)).toBe(
      [
        `const a = (await import("slipway:later")).x_a; const c = (await import("slipway:later")).x_b;`,
        `__slipway0.d;`,
        `import("slipway:later").then((module) => module.z_all);\nimport * as __slipway0 from "./y.js";\n`,
      ].join(" "),
    );
    expect(laterImports(text)).toEqual([
      { path: "./x.js", name: "a" },
      { path: "./x.js", name: "b" },
      { path: "./y.js", name: "d" },
      { path: "./z.js" },
    ]);
  });

  it("imports a module once", () => {
    const twice = `(await import("./x.js")).a; (await import("./x.js")).b;\n`;
    expect(staticImports(twice).match(/import \* as/g)).toHaveLength(1);
  });

  it("leaves packages and modules of Node where they are", () => {
    const text = `await import("pg"); await import("node:sqlite"); await import(url);\n`;
    expect(staticImports(text)).toBe(text);
  });
});
