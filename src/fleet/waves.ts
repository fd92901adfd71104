/** In which order the tenants of a fleet come, and when a run has failed often enough. Pure. */

/** Tenants that are migrated before the next ones are begun. */
export type Wave = {
  readonly name: "canary" | "first" | "rest";
  readonly tenants: readonly string[];
};

/** A budget of failures: a number, or a share of all from 0 to 1. */
export type FailureBudget = { readonly most: number } | { readonly share: number };

/**
 * The canaries, one in a hundred, and the rest; without canaries and a budget all at once. The order of the names is
 * kept, so two operators see the same.
 */
export function wavesOf(
  tenants: readonly string[],
  {
    canary,
    budget,
  }: { readonly canary: readonly string[]; readonly budget: FailureBudget | undefined },
): readonly Wave[] {
  const isCanary = new Set(canary);
  const others = tenants.filter((one) => !isCanary.has(one));
  const isGradual = canary.length > 0 || budget !== undefined;
  const count = isGradual && others.length > 1 ? Math.ceil(others.length / 100) : 0;
  const waves: readonly Wave[] = [
    { name: "canary", tenants: tenants.filter((one) => isCanary.has(one)) },
    { name: "first", tenants: others.slice(0, count) },
    { name: "rest", tenants: others.slice(count) },
  ];
  return waves.filter((wave) => wave.tenants.length > 0);
}

/**
 * Whether this many failures are more than the budget bears. Without a budget a canary must not
 * fail.
 */
export function isOverBudget(
  failures: number,
  at: {
    readonly wave: Wave["name"];
    readonly all: number;
    readonly budget: FailureBudget | undefined;
  },
): boolean {
  const { wave, all, budget } = at;
  if (failures === 0) return false;
  if (budget === undefined) return wave !== "rest";
  return failures > ("most" in budget ? budget.most : Math.floor(budget.share * all));
}

/** Reads `5` or `1%`; `undefined` for any other text. */
export function failureBudget(text: string): FailureBudget | undefined {
  const [, percent] = /^(\d+(?:\.\d+)?)%$/.exec(text) ?? [];
  if (percent !== undefined) {
    const share = Number(percent) / 100;
    return share <= 1 ? { share } : undefined;
  }
  return /^\d+$/.test(text) ? { most: Number(text) } : undefined;
}
