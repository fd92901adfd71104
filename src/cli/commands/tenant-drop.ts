import { ReleaseError } from "../../core/model/errors.ts";
import { defineCommand } from "../command.ts";
import { confirmed } from "../confirmed.ts";
import { flag } from "../flags.ts";

/** `tenant drop REPO NAME`: a tenant's schema with all that is in it, after a question. */
export const tenantDrop = defineCommand({
  arguments: "<repo> <name>",
  flags: { yes: flag("--yes", "do not ask") },
  async run({ args, flags, context }) {
    const [repo, name] = args;
    const release = await context.release();
    if (repo === undefined)
      throw new ReleaseError("repo_missing", { known: release.repos(), command: "tenant drop" });
    if (name === undefined) throw new ReleaseError("tenants_unnamed", { repo });
    if (flags.yes !== true) {
      const { world } = context;
      await confirmed(`Drop the tenant ${name} of ${repo} with all that is in it?`, {
        ...{ command: "tenant drop", world },
      });
    }
    const { status } = await release.dropTenant(repo, name);
    const words = status === "dropped" ? "dropped" : "was not there";
    return { data: { repo, tenant: name, status }, text: `tenant ${name} of ${repo} ${words}\n` };
  },
});
