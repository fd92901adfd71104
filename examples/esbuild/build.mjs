import { build } from "esbuild";

await build({
  entryPoints: ["app.ts"],
  outfile: "dist/app.mjs",
  bundle: true,
  minify: true,
  platform: "node",
  target: "node22.18",
  format: "esm",
  // pg is CommonJS and asks for Node's own modules with require, which an ES module does not have.
  banner: {
    js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  },
  // An optional part of pg, written in C++, that is not installed.
  external: ["pg-native"],
  sourcemap: true,
});
