import { readJsonValues } from "../../../reading/json.js";
import { isFields, textOf } from "../../fields.js";
import type { Head, ReadContext } from "../../source.js";

/** How people are called, by account. */
export type UserNames = ReadonlyMap<string, string>;

/** Which of a profile's names comes first. */
const NAMES = ["remark", "nickname", "nickName", "account"] as const;

/** Whether a file is the list of people that PyWxDump writes beside the messages, `{"<wxid>": {"nickname": …}}`. */
export function isUserList({ text, fileName }: Head): boolean {
  return /^users(?:\(\d+\))?\.json$/i.test(fileName) && /^\s*\{\s*(?:\}|"[^"]*"\s*:\s*\{)/.test(text);
}

/** The names in the `users.json` beside a file; none if there is no such list, or it cannot be read. */
export async function readUserNames(context: ReadContext): Promise<UserNames> {
  const names = new Map<string, string>();
  const file = context.near("users.json");
  if (!file) return names;
  for await (const one of readJsonValues(file, ["*"])) {
    if (one.kind !== "value" || !isFields(one.value) || one.path.length !== 1) continue;
    const profile = one.value;
    const name = NAMES.map((field) => textOf(profile[field]).trim()).find((found) => found !== "");
    if (name !== undefined) names.set(String(one.path[0]), name);
  }
  return names;
}
