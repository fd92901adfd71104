/** Writes down the files of this package that a process loads, when it ends. */
import { writeFileSync } from "node:fs";
import { registerHooks } from "node:module";

const loaded = new Set();
registerHooks({
  load(url, context, next) {
    const [, file] = /\/dist\/(.+\.js)$/.exec(url) ?? [];
    if (file !== undefined && !url.includes("/node_modules/")) loaded.add(file);
    return next(url, context);
  },
});
process.on("exit", () => writeFileSync("loaded.json", JSON.stringify([...loaded])));
