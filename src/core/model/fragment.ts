/** Raw SQL inside an expression: a default, an index expression. Written as `` sql`now()` ``. */
export type Fragment = { readonly kind: "fragment"; readonly sql: string };

/** Raw SQL as a value. Nothing is escaped, so interpolate constants of your own only. */
export function sql(
  strings: TemplateStringsArray,
  ...values: readonly (string | number | Fragment)[]
): Fragment {
  const text = strings.reduce((before, string, i) => {
    const value = values[i - 1];
    return before + (typeof value === "object" ? value.sql : String(value)) + string;
  });
  return { kind: "fragment", sql: text };
}

/** True for what `sql` makes. */
export function isFragment(value: unknown): value is Fragment {
  return (
    typeof value === "object" && value !== null && "kind" in value && value.kind === "fragment"
  );
}
