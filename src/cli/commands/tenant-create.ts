import { ReleaseError } from "../../core/model/errors.ts";
import { defineCommand } from "../command.ts";

/** `tenant create REPO NAME`: a new tenant, at the current version at once. */
export const tenantCreate = defineCommand({
  arguments: "<repo> <name>",
  flags: {},
  async run({ args, context }) {
    const [repo, name] = args;
    const release = await context.release();
    if (repo === undefined)
      throw new ReleaseError("repo_missing", { known: release.repos(), command: "tenant create" });
    if (name === undefined) throw new ReleaseError("tenants_unnamed", { repo });
    const made = await release.createTenant(repo, name);
    const words = made.status === "created" ? "created" : "was there already";
    return { data: made, text: `tenant ${name} of ${repo} ${words}\n` };
  },
});
