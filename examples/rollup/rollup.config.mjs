import { nodeResolve } from "@rollup/plugin-node-resolve";

export default {
  input: "app.mjs",
  output: { dir: "dist", format: "es", entryFileNames: "[name].mjs", chunkFileNames: "[name].mjs" },
  plugins: [nodeResolve({ preferBuiltins: true })],
  external: /^node:/,
};
