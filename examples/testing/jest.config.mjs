/** Jest loads TypeScript as Node does: as modules, with the types left out. */
export default {
  testMatch: ["<rootDir>/test/jest/*.test.ts"],
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.ts$": "<rootDir>/strip-types.mjs" },
};
