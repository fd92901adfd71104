/**
 * It was here in 0.1.0.
 *
 * @deprecated It is in `slipway/adapter/testing`.
 */
export function describeAdapter(..._: readonly unknown[]): never {
  throw new Error('describeAdapter has moved: import it from "slipway/adapter/testing"');
}
