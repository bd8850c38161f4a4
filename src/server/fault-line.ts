/**
 * Where a fault of our own is, on one line: the kind of error and the calls that led to it. Its message is left out, as it
 * may quote what somebody wrote, and so are the folders.
 */
export function faultLine(error: Error): string {
  const calls = (error.stack ?? "").replace(error.message, "").matchAll(CALL);
  const places = [...calls].map(([, name, file]) => `${name ?? "function"} ${file}`);
  return [error.constructor.name, ...places.slice(0, MAX_CALLS)].join(" < ");
}

const MAX_CALLS = 8;
const CALL = /^ +at (?:(?:async )?([\w.$<># ]+) \()?.*?([^/\\\s]+:\d+:\d+)\)?$/gm;
