import type { LockPolicySettings } from "../model/lock-policy.ts";
import type { MigrationSettings } from "../model/migration.ts";
import type { Statement } from "../model/statement.ts";

/**
 * The migration's own lock policy. An answer to the safety rules about writers of MySQL also sets
 * it.
 */
export function ownLockPolicy({
  policy,
  safe,
}: Pick<MigrationSettings, "policy" | "safe">): LockPolicySettings | undefined {
  const mayBlock = Object.keys(safe ?? {}).some((rule) =>
    /^(mysql|mariadb)-.*-blocks-writes$/.test(rule),
  );
  return mayBlock ? { onlineDdl: "allow-copy", ...policy } : policy;
}

/**
 * How a transaction is to be treated, by what is in it: one strong lock makes all of it `locking`, because it is held
 * until the end. Nobody knows what `code` takes, so that counts as a strong lock.
 */
export function policyOf(
  statements: readonly Statement[],
  options: { readonly code: boolean },
): Statement["policy"]["kind"] {
  const kinds = statements.map(({ policy }) => policy.kind);
  if (options.code || kinds.includes("locking")) return "locking";
  return kinds.includes("online") ? "online" : "plain";
}
