/** Says that code of the user's did not leave the transaction as it was given. */
export class TransactionBroken extends Error {
  override readonly name = "TransactionBroken";
  /** `ended`: the migration's own is gone; `left_open`: one that the code began was still there. */
  readonly how: "ended" | "left_open";

  /** Without a cause: what ended it may look like a lock timeout, and must not be tried again. */
  constructor(how: TransactionBroken["how"], reason = "") {
    super(reason);
    this.how = how;
  }
}
