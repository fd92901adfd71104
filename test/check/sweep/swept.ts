/** A statement, and the oldest server whose grammar has it where that is not all of them. */
export type Swept = string | readonly [sql: string, since: number];
