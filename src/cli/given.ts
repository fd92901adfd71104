/** Options without those that were not given: for a release, `undefined` is not the same as absent. */
export type Given<Options> = { readonly [Key in keyof Options]?: Exclude<Options[Key], undefined> };

/** Leaves out every key whose value is `undefined`. */
export function given<Options extends object>(options: Options): Given<Options> {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Given<Options>;
}
