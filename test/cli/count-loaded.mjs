/**
 * Writes down when a process ends: the files of this package that it loaded, those of other packages, and the flags of
 * V8 that it set.
 */
import { writeFileSync } from "node:fs";
import { registerHooks } from "node:module";

const loaded = new Set();
const ofOthers = new Set();
registerHooks({
  load(url, context, next) {
    const [, file] = /\/dist\/(.+\.js)$/.exec(url) ?? [];
    const [, other] = /^.*\/node_modules\/(.+)$/.exec(url) ?? [];
    if (other !== undefined) ofOthers.add(other);
    else if (file !== undefined) loaded.add(file);
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
  writeFileSync("others.json", JSON.stringify([...ofOthers]));
  writeFileSync("flags.json", JSON.stringify(flags));
});
