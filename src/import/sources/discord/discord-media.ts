import { type MediaKind, placeholder } from "../../kinds.js";
import { mediaKindOf } from "../media-kind.js";

/** The file name at the end of an address on Discord's servers, or of a path. */
export function attachmentName(url: string): string {
  const path = url.split(/[?#]/, 1)[0]!;
  return path.slice(path.lastIndexOf("/") + 1);
}

/** What was sent with a message: the kind of its first file, and all files' names if it is a plain one. */
export function attachmentContent(
  names: readonly string[],
  words: string,
): { kind: MediaKind; text: string } {
  const kind = mediaKindOf(names[0] ?? "");
  const detail = kind === "file" ? [...names, words] : [words];
  return { kind, text: placeholder(kind, detail.filter((part) => part !== "").join(" ")) };
}

/**
 * The owner of a chat of two: the one after whom it is not named.
 *
 * @param authors the names of each author under which the chat may go, by account
 * @returns the account; undefined unless there are two and the chat bears the name of just one
 */
export function otherOfTwo(
  authors: ReadonlyMap<string, readonly string[]>,
  chatName: string,
): string | undefined {
  if (authors.size !== 2 || chatName === "") return undefined;
  const others = [...authors].filter(([, names]) => !names.includes(chatName));
  return others.length === 1 ? others[0]![0] : undefined;
}
