/** The order in which objects are made, the same for the same objects. */

/** By code units, whatever the language of the machine is. */
export function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Statements that belong together, and what must have run before them. */
export type SchemaPiece = {
  readonly id: string;
  readonly needs: readonly string[];
  /** Of what may run, the lowest rank does so first. */
  readonly rank: number;
  readonly statements: readonly string[];
  /** The object that it makes, or is a part of. */
  readonly of: string;
  /** The statements that take it away again. Empty where it leaves with another. */
  readonly undo: readonly string[];
};

/** The fields that decide an order. */
export type Orderable = Pick<SchemaPiece, "id" | "needs" | "rank">;

export type Ordered<Piece extends Orderable = SchemaPiece> = {
  readonly pieces: readonly Piece[];
  /** Those that need each other, so that none can be first. */
  readonly circle: readonly Piece[];
};

/** Puts each after its needs, otherwise by rank and id. A missing need counts as there. */
export function inOrder<Piece extends Orderable>(pieces: readonly Piece[]): Ordered<Piece> {
  const sorted = [...pieces].sort((a, b) => a.rank - b.rank || compareIds(a.id, b.id));
  const place = new Map(sorted.map((piece, i) => [piece.id, i]));
  const open = sorted.map(
    ({ id, needs }) => new Set(needs.filter((need) => need !== id && place.has(need))).size,
  );
  const waiting = new Map<number, number[]>();
  for (const [i, { id, needs }] of sorted.entries())
    for (const need of new Set(needs)) {
      const at = need === id ? undefined : place.get(need);
      if (at !== undefined) waiting.set(at, [...(waiting.get(at) ?? []), i]);
    }
  const ready = new Heap();
  for (const [i, count] of open.entries()) if (count === 0) ready.add(i);
  const ordered: number[] = [];
  for (let next = ready.take(); next !== undefined; next = ready.take()) {
    ordered.push(next);
    for (const i of waiting.get(next) ?? []) {
      open[i] = (open[i] ?? 0) - 1;
      if (open[i] === 0) ready.add(i);
    }
  }
  const done = new Set(ordered);
  return {
    pieces: ordered.map((i) => sorted[i]!),
    circle: sorted.filter((_, i) => !done.has(i)),
  };
}

/** Gives the smallest number first. */
class Heap {
  readonly #items: number[] = [];

  add(item: number): void {
    const items = this.#items;
    items.push(item);
    for (let i = items.length - 1; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (items[parent]! <= items[i]!) return;
      [items[parent], items[i]] = [items[i]!, items[parent]!];
      i = parent;
    }
  }

  take(): number | undefined {
    const items = this.#items;
    const [first] = items;
    const last = items.pop();
    if (first === undefined || last === undefined || items.length === 0) return first;
    items[0] = last;
    for (let i = 0; ; ) {
      const [left, right] = [2 * i + 1, 2 * i + 2];
      let least = i;
      if (left < items.length && items[left]! < items[least]!) least = left;
      if (right < items.length && items[right]! < items[least]!) least = right;
      if (least === i) return first;
      [items[least], items[i]] = [items[i]!, items[least]!];
      i = least;
    }
  }
}
