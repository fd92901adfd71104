import { stripTypeScriptTypes } from "node:module";

export default {
  /** @param {string} source */
  process: (source) => ({ code: stripTypeScriptTypes(source) }),
};
