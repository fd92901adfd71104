import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inOrder, type SchemaPiece } from "../../src/core/catalog/order.ts";

const piece = (id: string, needs: readonly string[] = [], rank = 0): SchemaPiece => ({
  ...{ id, needs, rank },
  ...{ statements: [id], of: id, undo: [] },
});
const ids = (pieces: readonly SchemaPiece[]) => pieces.map(({ id }) => id);

describe("the order of a schema", () => {
  it("is by rank and name where nothing is needed", () => {
    const { pieces, circle } = inOrder([piece("b"), piece("c", [], 1), piece("a")]);
    expect(ids(pieces)).toEqual(["a", "b", "c"]);
    expect(circle).toEqual([]);
  });

  it("puts what is needed first, whatever its rank", () => {
    const { pieces } = inOrder([piece("table", ["function"], 1), piece("function", [], 2)]);
    expect(ids(pieces)).toEqual(["function", "table"]);
  });

  it("takes what is not among them for being there", () => {
    expect(ids(inOrder([piece("a", ["extension elsewhere", "a"])]).pieces)).toEqual(["a"]);
  });

  it("names what goes round in a circle, and orders the rest", () => {
    const { pieces, circle } = inOrder([piece("a", ["b"]), piece("b", ["a"]), piece("c")]);
    expect(ids(pieces)).toEqual(["c"]);
    expect(ids(circle)).toEqual(["a", "b"]);
  });

  it("is the same for every order in which objects are found, with each after what it needs", () => {
    const graph = fc
      .array(fc.array(fc.nat(30), { maxLength: 4 }), { minLength: 1, maxLength: 30 })
      .map((needs) =>
        needs.map((of, i) =>
          piece(
            `p${i}`,
            of.filter((n) => n < i).map((n) => `p${n}`),
            i % 3,
          ),
        ),
      );
    fc.assert(
      fc.property(
        graph.chain((pieces) =>
          fc.tuple(fc.constant(pieces), fc.shuffledSubarray(pieces, { minLength: pieces.length })),
        ),
        ([pieces, shuffled]) => {
          const ordered = ids(inOrder(pieces).pieces);
          expect(ids(inOrder(shuffled).pieces)).toEqual(ordered);
          expect(ordered).toHaveLength(pieces.length);
          for (const { id, needs } of pieces)
            for (const need of needs)
              expect(ordered.indexOf(need)).toBeLessThan(ordered.indexOf(id));
        },
      ),
    );
  });
});
