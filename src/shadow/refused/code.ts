/**
 * Names that code may make, known before a shadow runs it: from its words, as nothing reads
 * PL/pgSQL whole. Pure.
 */

/**
 * The objects that code may have made and only the database knows: names that it writes out, or any
 * at all.
 */
export class CodeSeen {
  readonly #texts: string[] = [];
  readonly #functions: { readonly name: string; readonly text: string }[] = [];

  /** Texts whose names may be otherwise on the database. */
  get texts(): readonly string[] {
    return this.#texts;
  }

  /**
   * A statement that makes a function: its body takes effect only when the function is called,
   * which a trigger may do too.
   */
  define(text: string): void {
    const [, name] =
      /\b(?:FUNCTION|PROCEDURE)\s+(?:"?\w+"?\s*\.\s*)?"?(\w+)"?\s*\(/i.exec(text) ?? [];
    const body = text.replace(/^[\s\S]*?\b(?:FUNCTION|PROCEDURE)\b/i, "");
    if (name === undefined) return;
    this.#functions.push({ name, text: body });
    if (changesSchema.test(body)) this.#texts.push(body);
  }

  /** It runs. */
  run(text: string): void {
    for (const one of this.#whole(text)) if (makesThings.test(one)) this.#texts.push(one);
  }

  /**
   * Whether it takes names from rows, which differ on the database: then nothing after it is sure.
   */
  isByRows(text: string): boolean {
    const whole = this.#whole(text);
    return (
      whole.some((one) => readsTables.test(one)) && whole.some((one) => buildsStatements.test(one))
    );
  }

  /** Whether it reaches out of the database, or waits: then a shadow does not run it. */
  reachesOut(text: string): boolean {
    return this.#whole(text).some((one) => outside.test(one));
  }

  /** With the functions that it calls, and those that they call. */
  #whole(text: string): readonly string[] {
    const whole = [text];
    for (const one of whole)
      for (const { name, text: body } of this.#functions)
        if (!whole.includes(body) && new RegExp(`\\b${name}\\b`, "i").test(one)) whole.push(body);
    return whole;
  }
}

const changesSchema = /\b(?:alter|create|drop|execute)\b/i;
const makesThings = /\b(?:alter|create|drop|execute|perform|call)\b/i;

/** EXECUTE of a text that is put together. */
const buildsStatements =
  /\bEXECUTE\b(?!\s+(?:FUNCTION|PROCEDURE)\b)[^;]*(?:\|\||\bformat\s*\(|\bconcat\w*\s*\(|\bEXECUTE\s+\w+\b(?!'))/i;

/** Other tables than those of the catalog, which is the same. */
const readsTables =
  /\b(?:FROM|JOIN)\s+(?:ONLY\s+)?(?!"?(?:pg_\w+|information_schema)\b|(?:unnest|generate_series|regexp_\w+|jsonb?_\w+|LATERAL|VALUES)\b)["a-z_]/i;

/** Files, programs, other databases, other sessions, the server itself, and sleep. https://www.postgresql.org/docs/18/functions-admin.html */
const outside =
  /\b(?:pg_sleep\w*|dblink\w*|lo_(?:import|export)|pg_(?:read|write|ls|stat)_\w*(?:file|dir)\w*|pg_(?:terminate|cancel)_backend|pg_reload_conf|pg_rotate_logfile|pg_switch_wal|pg_promote|pg_\w*backup\w*|pg_(?:create|drop)\w*_slot|pg_create_restore_point|COPY|ALTER\s+SYSTEM|(?:CREATE|DROP)\s+DATABASE|LISTEN|NOTIFY|pg_notify)\b/i;
