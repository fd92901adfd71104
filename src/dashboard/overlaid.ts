/** Values with some of their members replaced. */
import type { Session } from "../adapters/adapter.ts";

/** A session whose answers are waited for by `wait`. */
export function inTime(
  session: Session,
  wait: <Answer>(answer: Promise<Answer>) => unknown,
): Session {
  return new Proxy(session, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      return (...given: readonly unknown[]) => {
        const answer: unknown = member.apply(target, given);
        return answer instanceof Promise ? wait(answer) : answer;
      };
    },
  });
}

/**
 * The same value with some members replaced. Its methods run on the original value, whose private
 * fields only it has.
 */
export function overlaid<Value extends object>(value: Value, members: object): Value {
  return new Proxy(value, {
    get: (target, name) => {
      if (Object.hasOwn(members, name)) return (members as Record<PropertyKey, unknown>)[name];
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}
