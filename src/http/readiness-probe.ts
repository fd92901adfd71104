/** Asks the databases whether the app can work, no more often than needed: probes come every few seconds, from everywhere. */
import { isReleaseError, type RepoReadiness } from "../index.ts";
import type { HealthOptions } from "./health-options.ts";
import type { HealthRelease } from "./health-release.ts";

/**
 * The answer to a probe. It has no host, no user and no text of an error: whoever may probe need
 * not know them.
 */
export type ReadinessAnswer = {
  readonly ready: boolean;
  readonly repos?: readonly RepoReadiness[];
  /** The code of the error that kept the databases from being asked. */
  readonly error?: string;
};

/** Holds the last answer for a while; whoever asks meanwhile, or while one is on its way, gets the same. */
export class ReadinessProbe {
  readonly #release: HealthRelease;
  readonly #options: HealthOptions;
  #asked: Promise<ReadinessAnswer> | undefined;
  #answeredAt: number | undefined;

  constructor(release: HealthRelease, options: HealthOptions) {
    this.#release = release;
    this.#options = options;
  }

  async ask(): Promise<ReadinessAnswer> {
    const { cacheMs = 1_000, timeoutMs = 5_000 } = this.#options;
    const isOld = this.#answeredAt !== undefined && performance.now() - this.#answeredAt >= cacheMs;
    if (this.#asked === undefined || isOld) this.#asked = this.#look();
    return withinTime(this.#asked, timeoutMs);
  }

  /** One that hangs stays the one that is asked: more connections would not help a server that does not answer. */
  async #look(): Promise<ReadinessAnswer> {
    this.#answeredAt = undefined;
    const { allowNewer = false } = this.#options;
    try {
      const repos = await this.#release.readiness({ allowNewer });
      return { ready: repos.every((repo) => repo.ready), repos };
    } catch (error) {
      void this.#tell(error);
      return { ready: false, error: isReleaseError(error) ? error.code : "unexpected" };
    } finally {
      this.#answeredAt = performance.now();
    }
  }

  /** Its mistakes are the app's own, and whoever probes must not be able to end the process with them. */
  async #tell(error: unknown): Promise<void> {
    try {
      await this.#options.onError?.(error);
    } catch (thrown) {
      const words = thrown instanceof Error ? thrown.message : typeof thrown;
      process.emitWarning(`onError of health() threw: ${words}`, "SlipwayWarning");
    }
  }
}

async function withinTime(
  asked: Promise<ReadinessAnswer>,
  timeoutMs: number,
): Promise<ReadinessAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<ReadinessAnswer>((answer) => {
    timer = setTimeout(() => answer({ ready: false, error: "timeout" }), timeoutMs);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
