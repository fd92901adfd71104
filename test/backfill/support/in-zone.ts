/** Starts something whose own time zone is another one than that of the machine. */
export async function inZone<Result>(zone: string, start: () => Promise<Result>): Promise<Result> {
  const own = process.env.TZ;
  process.env.TZ = zone;
  try {
    return await start();
  } finally {
    if (own === undefined) delete process.env.TZ;
    else process.env.TZ = own;
  }
}
