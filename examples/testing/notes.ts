/** What is tested: it takes the connection that it works on. */
export interface Database {
  query<Row>(sql: string, parameters?: unknown[]): Promise<{ rows: Row[] }>;
}

export async function addNote(db: Database, title: string): Promise<void> {
  await db.query("insert into notes (title) values ($1)", [title]);
}

export async function titles(db: Database): Promise<string[]> {
  const { rows } = await db.query<{ title: string }>("select title from notes order by id");
  return rows.map((row) => row.title);
}
