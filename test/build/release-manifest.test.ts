import { expect, it } from "vitest";
import { type ReleaseManifest, releaseManifestText } from "../../src/build/release-manifest.ts";

const plan = {
  format: 1,
  up: { transactional: true, actions: [] },
  down: { refused: "no" },
} as const;
const one = { version: "1", name: "users", origin: "m/1_users.ts", meaning: "a", plan };
const manifest: ReleaseManifest = {
  ...{ format: 1, name: "app", version: "1.0.0", slipway: "0.1.0" },
  node: { version: "v24.0.0", platform: "linux", arch: "x64", included: false },
  repos: [
    {
      ...{ name: "main", adapter: "postgres" },
      migrations: [one, { ...one, version: "2", name: 'it\'s $& of "app"' }],
      dataMigrations: [],
    },
  ],
};

it("is the manifest as JSON, with a line for each migration", () => {
  const text = releaseManifestText(manifest);
  expect(JSON.parse(text)).toEqual(manifest);
  expect(text.split("\n").filter((line) => line.includes('"version":"'))).toHaveLength(2);
  expect(text.length).toBeLessThan(JSON.stringify(manifest, undefined, 2).length);
});
