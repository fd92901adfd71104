/** The first file of a release that is one executable file. Its parts are inside of that. */
import { getRawAsset } from "node:sea";
import { boot } from "./boot.ts";
import type { Store } from "./store.ts";

const store: Store = {
  lib: "/lib",
  root: undefined,
  read: (name) => Buffer.from(getRawAsset(name)),
  readCache(name) {
    try {
      return Buffer.from(getRawAsset(name.replace(/cjs$/, "cache")));
    } catch {
      return undefined;
    }
  },
  keepCache: () => undefined,
  require(name) {
    throw new Error(`${name} is not in this executable file`);
  },
};

boot(store);
