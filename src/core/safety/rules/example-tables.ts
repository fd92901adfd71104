/** The table that examples of rules are about. */
export const orders =
  "CREATE TABLE orders (id bigint PRIMARY KEY, email text, state text, amount integer, customer_id bigint);";
