/** The safe form of a finding in the language of its migration. */
import type { Finding } from "./finding.ts";

/** The form for a migration in TypeScript, where one exists; else SQL. Empty without any. */
export function safeLines({ file, safe }: Finding): readonly string[] {
  const isCode = /\.[cm]?[jt]s$/.test(file);
  return (isCode ? safe?.dsl : undefined) ?? safe?.sql ?? [];
}
