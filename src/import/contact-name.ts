import type { ChatFile } from "./sources/source.js";

/** The contact of a merged file, where only the dialogues themselves could tell. */
export const UNKNOWN_CONTACT = "unknown";

/** Names of files and folders that speak of the export, not of a contact. */
const GENERAL =
  /^(?:small|all|data|dataset|merged?|exports?|memotrace|messages|chats?|conversations|training|聊天记录|)$/i;

type Named = { remark: string; accountId: string };

/** `June_train(1).json` → `June`: without extension, copy number, and what MemoTrace appends. */
function remarkOfFile(name: string): string {
  const stem = name.replace(/\.jsonl?$/i, "").replace(/\(\d{1,3}\)$/, "");
  return stem.replace(/(?:^|[_-])(?:train|dev)$/i, "").trim();
}

/** `June(wxid_demo1)` → `June` and its account id; `June(1)` is a copy. */
function remarkOfFolder(name: string): Named {
  const [, remark = name, id = ""] = /^(.+)\(([\w@.-]+)\)$/.exec(name) ?? [];
  return { remark: remark.trim(), accountId: /^\d{1,3}$/.test(id) ? "" : id };
}

/**
 * The contact of each file, as its name or its folder's name tells it.
 *
 * `train.json` belongs to the contact its folder is named after, unless files of other contacts lie in or under that
 * folder: then it is a merged file, and its contact unknown. Two contacts with one remark keep their account ids.
 *
 * @returns by path
 */
export function nameContacts(files: readonly ChatFile[]): Map<string, string> {
  const named = new Map(files.map((file) => [file.path, nameContact(file, files)]));
  const accounts = new Map<string, Set<string>>();
  for (const { remark, accountId } of named.values()) {
    if (accountId !== "") accounts.set(remark, (accounts.get(remark) ?? new Set()).add(accountId));
  }
  const contacts = new Map<string, string>();
  for (const [path, { remark, accountId }] of named) {
    const shared = (accounts.get(remark)?.size ?? 0) > 1 && accountId !== "";
    contacts.set(path, shared ? `${remark}(${accountId})` : remark);
  }
  return contacts;
}

function nameContact(file: ChatFile, files: readonly ChatFile[]): Named {
  const fromFile = remarkOfFile(file.name);
  const fromFolder = remarkOfFolder(file.folders.at(-1) ?? "");
  if (fromFile !== "" && fromFile === fromFolder.remark) return fromFolder;
  if (!GENERAL.test(fromFile)) return { remark: fromFile, accountId: "" };
  const home = file.path.slice(0, -file.name.length);
  const merged = files.some(({ path, name }) => {
    if (!path.startsWith(home)) return false;
    const remark = remarkOfFile(name);
    return path.length - name.length > home.length || (!GENERAL.test(remark) && remark !== fromFolder.remark);
  });
  if (merged || GENERAL.test(fromFolder.remark)) return { remark: UNKNOWN_CONTACT, accountId: "" };
  return fromFolder;
}
