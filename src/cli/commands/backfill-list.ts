import { backfillFlags, backfillPlace } from "../backfill-place.ts";
import { backfillList as text } from "../backfill-text.ts";
import { defineCommand } from "../command.ts";
import { tenantStatusFlags } from "../fleet-flags.ts";
import { given } from "../given.ts";

/** `backfill list`: every backfill that was begun. */
export const backfillList = defineCommand({
  flags: { ...backfillFlags, tenants: tenantStatusFlags.tenants },
  async run({ flags, context }) {
    const release = await context.release();
    const { tenants } = flags;
    const asked = { ...backfillPlace(flags), ...given({ tenants }) };
    const backfills = await release.backfills.list(asked);
    return { data: { backfills }, text: text(backfills) };
  },
});
