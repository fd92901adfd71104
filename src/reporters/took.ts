/** How long something took, in words. */

/**
 * As Ecto prints it up to a minute, in tenths that are cut off: `0.0s`, `59.9s`; from then on `1 min 12 s`,
 * `1 h 12 min`.
 */
export function took(ms: number): string {
  return ms < 60_000 ? `${(Math.floor(ms / 100) / 10).toFixed(1)}s` : elapsed(ms);
}

/** The time so far, in whole seconds: `12 s`, `1 min 12 s`, `1 h 12 min`. */
export function elapsed(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return `${seconds} s`;
  if (minutes < 60) return both([minutes, "min"], [seconds % 60, "s"]);
  return both([Math.floor(minutes / 60), "h"], [minutes % 60, "min"]);
}

type Part = readonly [number: number, unit: string];

/** A second part of zero is left out. */
function both([number, unit]: Part, [rest, restUnit]: Part): string {
  return rest === 0 ? `${number} ${unit}` : `${number} ${unit} ${rest} ${restUnit}`;
}
