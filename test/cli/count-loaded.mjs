/** Writes down the files of this package that a process loads, and the flags of V8 that it sets, when it ends. */
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
/** @type {string[]} */
const flags = [];
const v8 = process.getBuiltinModule("node:v8");
const { setFlagsFromString } = v8;
v8.setFlagsFromString = (/** @type {string} */ flag) => {
  flags.push(flag);
  setFlagsFromString(flag);
};
process.on("exit", () => {
  writeFileSync("loaded.json", JSON.stringify([...loaded]));
  writeFileSync("flags.json", JSON.stringify(flags));
});
