/** How far a run over many tenants is, told from time to time. */
import type { FailedTenant } from "../core/model/errors/fleet.ts";
import type { FleetContext } from "./fleet-context.ts";
import type { Wave } from "./waves.ts";

const tellEveryMs = 1_000;

export class FleetProgress {
  migrated = 0;
  #failed = 0;
  #behind = 0;
  #startedAt = 0;
  #toldAt = 0;
  readonly #context: Pick<FleetContext, "repo" | "edge">;

  constructor(context: Pick<FleetContext, "repo" | "edge">) {
    this.#context = context;
  }

  /** Without a word where it is not known yet how many of them are behind. */
  begin(behind: number, connections?: number): void {
    const { repo, edge } = this.#context;
    this.#behind = behind;
    this.#startedAt = this.#toldAt = edge.now();
    if (behind > 0 && connections !== undefined)
      edge.emit({ type: "fleet_started", repo, behind, connections });
  }

  wave({ name, tenants }: Wave): void {
    const { repo, edge } = this.#context;
    edge.emit({ type: "fleet_wave", repo, wave: name, tenants: tenants.length });
  }

  done(): void {
    this.migrated += 1;
    this.#tell();
  }

  failed(failed: FailedTenant): void {
    this.#failed += 1;
    const { repo, edge } = this.#context;
    edge.emit({ type: "tenant_failed", repo, ...failed });
    this.#tell();
  }

  /** Counts tenants that other processes did. */
  others(count: number): void {
    this.#behind = Math.max(this.migrated + this.#failed, this.#behind - count);
  }

  /** Counts a tenant that lacks nothing. */
  upToDate(): void {
    this.others(1);
    this.#tell();
  }

  end({ failed, left }: { readonly failed: number; readonly left: number }): void {
    const { repo, edge } = this.#context;
    if (this.#behind === 0) return;
    const durationMs = edge.now() - this.#startedAt;
    edge.emit({ type: "fleet_ended", repo, migrated: this.migrated, failed, left, durationMs });
  }

  #tell(): void {
    const { repo, edge } = this.#context;
    const now = edge.now();
    if (now - this.#toldAt < tellEveryMs) return;
    this.#toldAt = now;
    const done = this.migrated + this.#failed;
    const perSecond = (done / (now - this.#startedAt)) * 1_000;
    const leftMs = perSecond > 0 ? ((this.#behind - done) / perSecond) * 1_000 : undefined;
    const counts = { done, failed: this.#failed, behind: this.#behind };
    edge.emit({ type: "fleet_progress", repo, ...counts, perSecond, leftMs });
  }
}
