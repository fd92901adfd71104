/** Processor time, as Linux counts it. */
import { readFileSync } from "node:fs";

/**
 * What the children of a process that have ended took, in milliseconds. The system says it in hundredths of a second,
 * so that single short runs are coarse and the sum of many is not.
 * https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export function spentOnChildren(pid: string): number {
  const fields = fieldsOf(pid);
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

/** Those behind the name, which may have blanks. */
export function fieldsOf(pid: string): readonly string[] {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}
