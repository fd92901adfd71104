export type Severity = "high" | "medium" | "low";
