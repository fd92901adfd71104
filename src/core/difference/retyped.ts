/** Finds pairs of PostgreSQL types whose values can fill a second column, row by row, whoever writes them. */

const whole = ["smallint", "integer", "bigint", "numeric"];
const isNumber = (type: string) =>
  /^(smallint|integer|bigint|numeric|real|double precision)\b/.test(type);
const isText = (type: string) => type === "text" || type === "character varying";
const isPlainText = (type: string) => /^(text|character varying(\(\d+\))?)$/.test(type);
const isJson = (type: string) => type === "json" || type === "jsonb";
const isTime = (type: string) => /^timestamp(\(\d\))? with(out)? time zone$/.test(type);
const hasZone = (type: string) => type.endsWith(" with time zone");
const isRead = (type: string) => isNumber(type) || isJson(type) || /^(boolean|uuid)$/.test(type);

/**
 * Whether the plain change writes every row anew, and a second column would get the same values.
 * Leaves out conversions that depend on the session's settings, such as a date as text, but for the
 * time zone, which the form keeps; and values that an explicit cast would cut off.
 */
export function isRewritten(from: string, to: string, isEnum: (type: string) => boolean): boolean {
  if (from.endsWith("[]") || to.endsWith("[]")) return false;
  if (isNumber(from) && isNumber(to)) return !isWiderNumeric(from, to);
  if (isJson(from) && isJson(to)) return true;
  if (isBetweenZones(from, to)) return true;
  if (isText(to)) return (isRead(from) && !/^(real|double precision)$/.test(from)) || isEnum(from);
  return isPlainText(from) && (isRead(to) || isEnum(to));
}

/** Whether each value of the one is one of the other. */
export function everyValueFits(from: string, to: string): boolean {
  if (isText(to) || isBetweenZones(from, to)) return true;
  const [was, is] = [whole.indexOf(from), whole.indexOf(to)];
  return (was !== -1 && is >= was) || (from === "real" && to === "double precision");
}

/**
 * Whether only one of the two has a time zone. A server whose time zone is UTC keeps the rows as they
 * are, and builds the indexes anew. https://www.postgresql.org/docs/release/12.0/
 */
export function isBetweenZones(from: string, to: string): boolean {
  return isTime(from) && isTime(to) && hasZone(from) !== hasZone(to);
}

/** Only the precision may grow without a rewrite: the scale decides how a value is stored. */
function isWiderNumeric(from: string, to: string): boolean {
  const parse = (type: string) => /^numeric(?:\((\d+),(-?\d+)\))?$/.exec(type);
  const [was, is] = [parse(from), parse(to)];
  if (was === null || is === null) return false;
  if (is[1] === undefined) return true;
  return was[2] === is[2] && Number(is[1]) >= Number(was[1]);
}
