import { defineConfig } from "vite";

export default defineConfig({
  build: {
    ssr: "app.ts",
    target: "node22",
    minify: true,
    rolldownOptions: { output: { entryFileNames: "app.mjs", chunkFileNames: "[name]-[hash].mjs" } },
  },
  // Without it the packages stay outside, and node_modules has to go along.
  ssr: { noExternal: true },
});
