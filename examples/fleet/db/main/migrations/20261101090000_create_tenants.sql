CREATE TABLE tenants (name text PRIMARY KEY);
