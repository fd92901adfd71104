/** Sequences as statements. */
import type { SequenceObject, SequenceShape } from "../../../core/catalog/catalog.ts";
import type { SchemaPiece } from "../../../core/catalog/order.ts";
import { dropStatements } from "./drop.ts";
import { commentOn, labelOf, quote, quoteNamed } from "./words.ts";

export function writeSequence(sequence: SequenceObject, rank: number): readonly SchemaPiece[] {
  const { id, needs, named, ownedBy } = sequence;
  const unlogged = sequence.persistence === "unlogged" ? "UNLOGGED " : "";
  const create = `CREATE ${unlogged}SEQUENCE ${quoteNamed(named)} AS ${sequence.type} ${sequenceOptions(sequence)}`;
  const own: SchemaPiece = {
    ...{ id, needs, rank },
    statements: [create, ...commentOn(labelOf(sequence), sequence.comment)],
    ...{ of: id, undo: dropStatements(sequence) },
  };
  if (ownedBy === undefined) return [own];
  const { table, column } = ownedBy;
  const goesWith: SchemaPiece = {
    id: `owner of ${id}`,
    needs: [id, `table ${table.prefix}.${table.name}`],
    rank: rank + 2,
    statements: [
      `ALTER SEQUENCE ${quoteNamed(named)} OWNED BY ${quoteNamed(table)}.${quote(column)}`,
    ],
    ...{ of: id, undo: [`ALTER SEQUENCE ${quoteNamed(named)} OWNED BY NONE`] },
  };
  return [own, goesWith];
}

/** https://www.postgresql.org/docs/current/sql-createsequence.html */
export function sequenceOptions(shape: SequenceShape): string {
  const { start, increment, min, max, cache, cycle } = shape;
  return `START WITH ${start} INCREMENT BY ${increment} MINVALUE ${min} MAXVALUE ${max} CACHE ${cache}${cycle ? " CYCLE" : ""}`;
}
