/** Jest loads TypeScript as Node does: as modules, with the types left out. */
export default {
  // The first run migrates, which may take longer than Jest's five seconds on a busy machine.
  testTimeout: 60_000,
  testMatch: ["<rootDir>/test/jest/*.test.ts"],
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.ts$": "<rootDir>/strip-types.mjs" },
};
