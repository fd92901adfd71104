/** The safe form of a finding in the language of its migration. */
import type { Finding } from "./finding.ts";

/** As a migration in TypeScript writes it, where there is such a form; else as SQL. Empty without any. */
export function safeLines({ file, safe }: Finding): readonly string[] {
  const isCode = /\.[cm]?[jt]s$/.test(file);
  return (isCode ? safe?.dsl : undefined) ?? safe?.sql ?? [];
}
