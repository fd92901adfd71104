/** Says why a line of a written migration is not the obvious one. */

export const notNullReason =
  "Code of the release before may write NULL. Proved beside readers and writers, then set.";
export const requiredReason =
  "Added without NOT NULL, because code of the release before does not write it and rows have no value yet: fill them first.";
export const fillReason =
  "The default differs from row to row: old rows are filled batch by batch.";
