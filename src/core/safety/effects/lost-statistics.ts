/** Statistics that a change of type took away, until an ANALYZE gathers them anew. */
import type { Effect, EffectOf } from "./effect.ts";

/** An effect, with its judgement at that moment. */
export type Told<Judged> = { readonly effect: Effect; readonly judged: Judged };

type Lost<Judged> = {
  readonly effect: EffectOf<"statistics lost">;
  readonly into: Told<Judged>[] | undefined;
  readonly judged?: Judged;
};

/** Of all scripts: an ANALYZE in the same transaction as the change would lengthen its lock, so it may stand in a later one. */
export class LostStatistics<Judged> {
  #lost: readonly Lost<Judged>[] = [];

  /**
   * Takes an effect of a statement. `into` receives the loss at the end, if nothing makes it good.
   */
  take(effect: Effect, into: Told<Judged>[] | undefined): void {
    if (effect.kind === "statistics lost") this.#lost = [...this.#lost, { effect, into }];
    if (effect.kind !== "analyzed") return;
    const { table, columns } = effect;
    this.#lost = this.#lost.filter(
      (one) =>
        (table !== undefined && table !== one.effect.table) ||
        (columns !== undefined && !columns.includes(one.effect.column)),
    );
  }

  /** Judges those of a script at its end, by the names of then. */
  endScript(judge: (effect: Effect) => Judged): void {
    this.#lost = this.#lost.map((one) => ({ judged: judge(one.effect), ...one }));
  }

  /** Tells what nobody has made good by the end of all scripts. */
  end(): void {
    for (const { effect, into, judged } of this.#lost)
      if (judged !== undefined) into?.push({ effect, judged });
  }
}
