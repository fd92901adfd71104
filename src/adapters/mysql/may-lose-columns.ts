/** Whether it may take a column away, before it is read. */
export function mayLoseColumns(sql: string): boolean {
  return /^\s*ALTER\b/i.test(sql) && /\b(DROP|RENAME|CHANGE)\b/i.test(sql);
}
