/** Names commands in a text as they are typed in a built release. */

/**
 * `slipway rollback main 1` → `bin/my_app rollback main 1`, for the commands that a release has;
 * others need the sources.
 */
export function asTyped(
  text: string,
  door: { readonly name: string; readonly commands: readonly { readonly name: string }[] },
): string {
  const names = door.commands.map(({ name }) => name).toSorted((a, b) => b.length - a.length);
  const pattern = new RegExp(`\\bslipway (?=(?:${names.join("|")})(?![\\w-]))`, "g");
  return text.replace(pattern, () => `${door.name} `);
}
