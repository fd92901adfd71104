/** Its title, what is there before, and the statement that the server takes. */
export type Near = readonly [title: string, schema: string, sql: string];
