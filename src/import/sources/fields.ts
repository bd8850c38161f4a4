/** An object of a JSON export, before anything about it is known. */
export type Fields = Record<string, unknown>;

/** Whether a value is an object with fields, not a list and not null. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The objects of a list; empty if it is none. */
export function fieldsOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

/** The text a field holds, or an empty one. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/**
 * An id that the export writes as a text or a number; undefined if it is neither, or a number that JSON has rounded
 * (above 2^53).
 */
export function idOf(value: unknown): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  return Number.isSafeInteger(value) ? String(value) : undefined;
}
