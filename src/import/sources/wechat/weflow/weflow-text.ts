import { type MediaKind, placeholder } from "../../../kinds.js";
import { type Content, readContent, readUntyped } from "../wechat-content.js";
import { isNoticePhrase } from "../wechat-notice-phrases.js";
import { readNotice } from "../wechat-notices.js";

/** Where a media file was exported to stands instead of the placeholder. */
const PATH = /^(?:[^\s\\/]*[\\/])*(image|voice|video|emoji|file)s?[\\/](?:[^\s]*[\\/])?([^\n\\/]+\.\w{2,5})$/;
const FOLDERS: Readonly<Record<string, MediaKind>> = {
  image: "image",
  voice: "voice",
  video: "video",
  emoji: "sticker",
  file: "file",
};

/**
 * What a message of WeFlow says, from its text alone: reply and quote, placeholder, path of a file, notice or words.
 *
 * @param own the owner wrote it, so that it is no notice
 */
export function weflowText(text: string, own: boolean): Content {
  if (text.includes("[引用 ")) return readContent("quote", text);
  const path = PATH.exec(text);
  if (path) {
    const kind = FOLDERS[path[1]!]!;
    return { kind, text: placeholder(kind, kind === "file" ? path[2] : "") };
  }
  const said = readUntyped(text);
  return said.kind === "text" && !own && isNoticePhrase(text) ? readNotice(text) : said;
}

/** The name and kind of a chat as WeFlow's file name tells them: `私聊_小满.csv`; the kind is null if it does not. */
export function weflowChatName(named: string, fileName: string): { name: string; group: boolean | null } {
  const prefix = /^(私聊|群聊|公众号)_/.exec(fileName)?.[1];
  const name = named.replace(/^(?:私聊|群聊|公众号)_/, "");
  return { name, group: prefix === undefined ? null : prefix === "群聊" };
}
