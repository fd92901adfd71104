import { expect } from "vitest";

/** Each at most five in a hundred over its budget, and not so far below that the budget says nothing. */
export function within<Costs extends { readonly [what: string]: number }>(
  cost: Costs,
  budget: { readonly [What in keyof Costs]?: number },
): void {
  const entries = Object.entries(budget) as [keyof Costs & string, number][];
  expect(entries.length).toBeGreaterThan(1);
  for (const [what, limit] of entries) {
    expect(cost[what], what).toBeLessThanOrEqual(limit * 1.05);
    expect(cost[what], `${what}: lower its budget`).toBeGreaterThan(limit * 0.8);
  }
}
