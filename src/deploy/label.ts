/**
 * A name of an app as platforms want it: lower-case letters, digits and hyphens, short enough for a
 * suffix.
 */
export function label(app: string): string {
  const plain = app.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return plain.slice(0, 30).replace(/^-+|-+$/g, "") || "app";
}
