/** Names subscriptions in a sentence: `the subscription news`. */
export function subscriptionsOf(names: readonly string[]): string {
  return names.length === 1
    ? `the subscription ${names[0]}`
    : `each of the subscriptions ${names.join(", ")}`;
}
