import { isNumber } from "../../../core/model/version-key.ts";
import type { FolderEntry } from "../layout.ts";
import { isDotted } from "../migration-name.ts";
import { type Arrangement, placed } from "./arrangement.ts";

/**
 * Flyway: `V1_2_3__x` beside `V1__y`, or with more parts than one number holds. Each with several parts is known by its
 * whole id then, and they run in the order of their versions.
 */
export const flyway: Arrangement = (whole) => {
  const dotted = whole.entries.filter((one) => isDotted(one.id));
  const isMixed = whole.entries.some((one) => /^[vVB]\d+__/.test(one.id));
  if (dotted.length === 0) return whole;
  if (!isMixed && dotted.every((one) => isNumber(one.version))) return whole;
  const entries = placed(whole.entries, partsOf).map((one): FolderEntry => {
    if (!isDotted(one.id)) return one;
    const number = isNumber(one.version) ? one.version : undefined;
    return { ...one, version: one.id, number };
  });
  return {
    ...whole,
    entries,
    readAs: [...whole.readAs, { layout: "flyway" }],
  };
};

function partsOf(one: FolderEntry): readonly string[] {
  const [, version] = /^[vVB](\d+(?:[_.]\d+)*)__/.exec(one.id) ?? [];
  return version?.split(/[_.]/) ?? [one.number ?? one.version];
}
