import { isReleaseError } from "../../core/model/errors.ts";
import type { Release } from "../../release/release.ts";
import { type CommandContext, defineCommand } from "../command.ts";

/** `version`: which slipway this is, and which app when there is a release. */
export const version = defineCommand({
  flags: {},
  async run({ context }) {
    const { slipway } = context;
    const release = await releaseIfAny(context);
    const lines = [`slipway ${slipway}`];
    if (release !== undefined) lines.push([release.app, release.version].filter(Boolean).join(" "));
    const data = { slipway, app: release?.app ?? null, version: release?.version ?? null };
    return { data, text: `${lines.join("\n")}\n` };
  },
});

/** A broken release is an error here too, and so is a missing one that the user named. */
async function releaseIfAny(context: CommandContext): Promise<Release | undefined> {
  try {
    return await context.release();
  } catch (error) {
    const missing = isReleaseError(error) && error.code === "release_missing";
    if (missing && context.releasePath === undefined) return undefined;
    throw error;
  }
}
