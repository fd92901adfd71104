/** Looks at each of many tenants that have a file or a database each. */
import type { Adapter } from "../../adapters/adapter.ts";
import { ReleaseError } from "../../core/model/errors.ts";
import type { TenantPlace } from "../../fleet/places.ts";

/** Looks at this many at once, where a server answers. */
const atOnce = 8;

/** Ends when all are looked at. @throws {ReleaseError} `interrupted`, and what `look` throws, after which none begins */
export async function lookAtEach(
  places: readonly TenantPlace[],
  look: (place: TenantPlace, index: number) => Promise<void>,
  { adapter, signal }: { readonly adapter: Adapter; readonly signal: AbortSignal },
): Promise<void> {
  const left = places.entries();
  const worker = async () => {
    for (const [index, place] of left) {
      if (signal.aborted) return;
      await look(place, index);
    }
  };
  await Promise.all(Array.from({ length: adapter.single ? 1 : atOnce }, worker));
  if (signal.aborted)
    throw new ReleaseError("interrupted", { signal: String(signal.reason), done: [] });
}
