/** Versions of extensions in a difference. */
import type { SchemaCatalog, SchemaObject } from "../catalog/catalog.ts";
import type { SchemaOperation } from "../language/operation.ts";

/**
 * The operation for an extension whose version alone differs. Most have no script for the way back,
 * so going down the new version stays.
 */
export function updated(
  before: SchemaObject,
  after: SchemaObject,
): readonly SchemaOperation[] | undefined {
  if (before.kind !== "extension" || after.kind !== "extension") return undefined;
  const to = after.version ?? before.newest;
  if (to === undefined || before.version === after.version) return undefined;
  const name = after.label.slice("EXTENSION ".length).replace(/^"(.*)"$/, "$1");
  return [{ kind: "update_extension", name: name.replaceAll('""', '"'), to, down: "keep" }];
}

/** Another server may install another version by itself: one that both have is no difference. */
export function withVersionsLike(catalog: SchemaCatalog, like: SchemaCatalog): SchemaCatalog {
  const others = new Map(like.objects.map((object) => [object.id, object]));
  return extensionsAs(catalog, (extension) => {
    const other = others.get(extension.id);
    if (other?.kind !== "extension" || extension.version === undefined) return extension;
    const isSame = extension.version === (other.version ?? other.newest);
    return isSame ? { ...extension, version: other.version } : extension;
  });
}

/** Each extension in the version that the server installs by itself. */
export function withoutVersions(catalog: SchemaCatalog): SchemaCatalog {
  return extensionsAs(catalog, (extension) => ({ ...extension, version: undefined }));
}

type Extension = Extract<SchemaObject, { readonly label: string }>;

function extensionsAs(
  catalog: SchemaCatalog,
  as: (extension: Extension) => SchemaObject,
): SchemaCatalog {
  const objects = catalog.objects.map((object) =>
    object.kind === "extension" ? as(object) : object,
  );
  return { ...catalog, objects };
}
