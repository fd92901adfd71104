import type { KnownColumnType } from "../core/language/column-type.ts";
import type { Column } from "../core/language/table-parts.ts";
import { refuseOptions } from "./refuse-options.ts";

type Place = "size" | "precision" | "scale" | "fields";

/** The options that each portable type takes. */
export type TypePlaces = { readonly [Type in KnownColumnType]: readonly Place[] };

/** Those that SQL gives them. A database may have more. */
export const typePlaces: TypePlaces = {
  bigint: [],
  bigserial: [],
  binary: [],
  boolean: [],
  date: [],
  decimal: ["precision", "scale"],
  duration: ["fields", "precision"],
  float: [],
  id: [],
  identity: [],
  integer: [],
  json: [],
  map: [],
  naive_datetime: [],
  naive_datetime_usec: ["precision"],
  serial: [],
  smallint: [],
  string: ["size"],
  text: [],
  time: [],
  time_usec: ["precision"],
  utc_datetime: [],
  utc_datetime_usec: ["precision"],
  uuid: [],
};

/**
 * Refuses an option that the type of a column does not take; a type of the database's own may have all but `fields`.
 */
export function refuseMisplaced(
  column: Pick<Column, "name" | "type" | Place>,
  places: TypePlaces,
): void {
  const { name, type } = column;
  const taken: readonly Place[] = Object.hasOwn(places, type)
    ? places[type as KnownColumnType]
    : ["size", "precision", "scale"];
  const options: readonly Place[] = ["size", "precision", "scale", "fields"];
  const left = options.filter((option) => !taken.includes(option));
  const hint = `Leave it out: the type ${type} has none.`;
  refuseOptions(column, `column ${name}`, Object.fromEntries(left.map((option) => [option, hint])));
}

/** `(10)`, `(10,2)`, or nothing. */
export function inParentheses(first: number | undefined, second?: number | undefined): string {
  if (first === undefined) return "";
  return second === undefined ? `(${first})` : `(${first},${second})`;
}
