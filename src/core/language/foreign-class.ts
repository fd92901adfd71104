/** Tools whose migrations are classes: one for each module. */

export type MigrationClass = new (...given: readonly unknown[]) => object;
type Exports = { readonly [name: string]: unknown };

/**
 * The class with `up` that a module exports, by whatever name. `undefined` where there is none.
 *
 * @throws when there are several
 */
export function classIn(exported: unknown): MigrationClass | undefined {
  const found = classesIn(exported);
  if (found.length > 1)
    throw new Error(
      `it exports ${found.length} migrations (${found.map(({ name }) => name).join(", ")}), and a file is one`,
    );
  return found[0];
}

/** One of them, made as the tool makes it. @throws when it cannot be made */
export function made(found: MigrationClass, ...given: readonly unknown[]): Exports {
  return new found(...given) as Exports;
}

/** Gives each class once: CommonJS exports a class or its holder as `default` and by its name. */
export function classesIn(exported: unknown): readonly MigrationClass[] {
  return [...new Set(classes(exported))];
}

function classes(exported: unknown): readonly MigrationClass[] {
  if (isMigrationClass(exported)) return [exported];
  if (!isObject(exported)) return [];
  return Object.values(exported).flatMap((value) =>
    isMigrationClass(value) ? [value] : isObject(value) && !("up" in value) ? named(value) : [],
  );
}

function named(value: Exports): readonly MigrationClass[] {
  return Object.values(value).filter(isMigrationClass);
}

function isMigrationClass(value: unknown): value is MigrationClass {
  return (
    typeof value === "function" &&
    typeof (value.prototype as Exports | undefined)?.up === "function"
  );
}

function isObject(value: unknown): value is Exports {
  return typeof value === "object" && value !== null;
}
