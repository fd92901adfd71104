/** A replacement for `import.meta.url` in a script of CommonJS. */
export const fileUrl = {
  name: "__slipwayUrl",
  text: 'const __slipwayUrl = require("node:url").pathToFileURL(__filename).href;',
};
