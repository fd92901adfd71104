/**
 * The settings about locks of a repo, a migration or a command. A setting that one leaves out comes
 * from the next: the command wins over the migration, and the migration over the repo.
 */
export type LockPolicySettings = {
  /**
   * How long a statement that takes a strong lock waits for it, in milliseconds. Default: 500. Everybody who comes
   * after it waits as long, so longer stops the site for longer; shorter needs more tries. MySQL: whole seconds, rounded up.
   */
  readonly lockTimeoutMs?: number;
  /**
   * How long one statement may take, in milliseconds, whatever the role says. Default: 3600000, an hour.
   * 0: as long as it takes. PostgreSQL only.
   */
  readonly statementTimeoutMs?: number;
  /** For how long it is tried again after a lock timeout or a deadlock, in milliseconds. Default: 600000, ten minutes. */
  readonly retryForMs?: number;
  /**
   * How long a statement may take that runs beside readers and writers, such as a concurrent index build, in
   * milliseconds. Default: 21600000, six hours. 0: as long as it takes.
   */
  readonly onlineTimeoutMs?: number;
  /** `wait` tries again, `fail` gives up after one try. Default: `wait`. */
  readonly onBlocked?: OnBlocked;
  /**
   * Ends the connections that block a statement and have been idle in their transaction for longer
   * than this, in milliseconds, and no others. PostgreSQL only. Default: never.
   */
  readonly endIdleBlockersAfterMs?: number;
  /**
   * MySQL and MariaDB: `require` refuses a change that the server can only make by copying the table while nobody
   * writes; `allow-copy` lets it. Default: `require`.
   */
  readonly onlineDdl?: OnlineDdl;
};

export type OnBlocked = "wait" | "fail";
export type OnlineDdl = "require" | "allow-copy";

/** Nothing left to decide. */
export type LockPolicy = Required<Omit<LockPolicySettings, "endIdleBlockersAfterMs">> &
  Pick<LockPolicySettings, "endIdleBlockersAfterMs"> & {
    /**
     * Limits waits for rows to the same time, where the server has a separate setting for them.
     * Default: the server's setting.
     */
    readonly rowsToo?: true;
  };

export const defaultLockPolicy: LockPolicy = {
  lockTimeoutMs: 500,
  statementTimeoutMs: 3_600_000,
  retryForMs: 600_000,
  onlineTimeoutMs: 21_600_000,
  onBlocked: "wait",
  onlineDdl: "require",
};

/** The defaults, with each of the settings on top of those before it. */
export function lockPolicy(...settings: readonly (LockPolicySettings | undefined)[]): LockPolicy {
  const given = settings.flatMap((one) => Object.entries(one ?? {}));
  const known = given.filter(([, value]) => value !== undefined);
  return { ...defaultLockPolicy, ...Object.fromEntries(known) };
}

/** The demands on a setting, in words, by an example and as a test. */
export type SettingKind = {
  readonly words: string;
  readonly example: string;
  readonly holds: (value: unknown) => boolean;
};

const wholeFrom = (least: number, example: number): SettingKind => ({
  example: String(example),
  words: `a whole number of milliseconds from ${least} to ${longestMs}`,
  holds: (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= longestMs,
});

/** The longest time that a timer and PostgreSQL can count, 24 days. */
const longestMs = 2_147_483_647;

/** Every setting, as options have it. A lock timeout of 0 would wait for ever, so there is none. */
export const lockPolicyKinds = {
  lockTimeoutMs: wholeFrom(1, 500),
  statementTimeoutMs: wholeFrom(0, 60_000),
  retryForMs: wholeFrom(0, 60_000),
  onlineTimeoutMs: wholeFrom(0, 3_600_000),
  onBlocked: {
    words: "wait or fail",
    example: "fail",
    holds: (value) => value === "wait" || value === "fail",
  },
  endIdleBlockersAfterMs: wholeFrom(1, 60_000),
  onlineDdl: {
    words: "require or allow-copy",
    example: "allow-copy",
    holds: (value) => value === "require" || value === "allow-copy",
  },
} as const satisfies { readonly [Setting in keyof Required<LockPolicySettings>]: SettingKind };
