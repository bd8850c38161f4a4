import type { ChatFile, ReadContext } from "./sources/source.js";

/** A contact as folder and file name tell it; the name is empty where they tell none. */
export type Named = ReadContext["named"];

/** Names of files and folders that speak of the export, not of a contact. */
const GENERAL =
  /^(?:small|all|data|dataset|merged?|exports?|memotrace|messages?(?:_\d+)?|chats?|conversations|training|result|index|聊天记录|)$/i;

const EXTENSION = /(?:\.html)?\.(?:jsonl?|ndjson|csv|tsv|txt|text|html?|xlsx|mht|mhtml|md|zip)$/i;

/** What exporters append to a contact's name: MemoTrace, a re-save for Excel, WhatsApp and WechatExporter. */
const APPENDED = /(?:^|[_-])(?:train|dev|utf-?8|gbk|chat)$/i;

/** `June_train(1).json` → `June`: without extension, copy number, and what exporters append. */
function remarkOfFile(name: string): string {
  const stem = name.replace(EXTENSION, "").replace(/\(\d{1,3}\)$/, "");
  return stem.replace(APPENDED, "").trim();
}

/** `June(wxid_demo1)` → `June` and its account id; `June(1)` is a copy. */
function remarkOfFolder(name: string): Named {
  const bare = name.replace(/\.zip$/i, "");
  const [, remark = bare, id = ""] = /^(.+)\(([\w@.-]+)\)$/.exec(bare) ?? [];
  return { name: remark.trim(), accountId: id === "" || /^\d{1,3}$/.test(id) ? null : id };
}

/** What lies in a folder: files of contacts that its files name, and whether there are folders with files below it. */
type Folder = { remarks: Set<string>; deeper: boolean };

/**
 * The contact of each file, as its name or its folder's name tells it.
 *
 * `train.json` belongs to the contact its folder is named after, unless files of other contacts lie in or under that
 * folder: then it is a merged file, and its contact unknown.
 *
 * @returns by path
 */
export function nameFiles(files: readonly ChatFile[]): Map<string, Named> {
  const folders = new Map<string, Folder>();
  const folderAt = (path: string): Folder => {
    const known = folders.get(path) ?? { remarks: new Set(), deeper: false };
    folders.set(path, known);
    return known;
  };
  for (const file of files) {
    const home = homeOf(file);
    const remark = remarkOfFile(file.name);
    if (!GENERAL.test(remark)) folderAt(home).remarks.add(remark);
    for (let outer = parentOf(home); outer !== ""; outer = parentOf(outer)) {
      const folder = folderAt(outer);
      // Whoever marked it has marked all folders around it too.
      if (folder.deeper) break;
      folder.deeper = true;
    }
  }
  return new Map(files.map((file) => [file.path, nameFile(file, folderAt(homeOf(file)))]));
}

function nameFile(file: ChatFile, home: Folder): Named {
  const fromFile = remarkOfFile(file.name);
  const fromFolder = remarkOfFolder(file.folders.at(-1) ?? "");
  if (fromFile !== "" && fromFile === fromFolder.name) return fromFolder;
  if (!GENERAL.test(fromFile)) return { name: fromFile, accountId: null };
  const merged = home.deeper || [...home.remarks].some((remark) => remark !== fromFolder.name);
  return merged || GENERAL.test(fromFolder.name) ? { name: "", accountId: null } : fromFolder;
}

/** The folder that a file lies in, with the separator at its end. */
export function homeOf({ path, name }: ChatFile): string {
  return path.slice(0, path.length - name.length);
}

/** The folder around a folder, both with the separator at their ends; empty for the outermost. */
export function parentOf(folder: string): string {
  return folder.replace(/[^/\\]*[/\\]$/, "");
}
