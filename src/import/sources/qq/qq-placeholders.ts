import { type Kind, type MediaKind, placeholder } from "../../kinds.js";

/** What stands in a text of QQ, or of QQChatExporter, for what is no text; closed, as other bracketed words are faces. */
const WORDS: Readonly<Record<string, MediaKind>> = {
  图片: "image",
  语音: "voice",
  视频: "video",
  表情: "sticker",
  动画表情: "sticker",
  商城表情: "sticker",
  文件: "file",
  位置: "location",
  位置消息: "location",
  地理位置: "location",
  转发消息: "chat-history",
  聊天记录: "chat-history",
  JSON消息: "link",
  链接: "link",
  卡片消息: "link",
  分享: "link",
  音乐: "music",
  小程序: "mini-program",
  通话记录: "call",
  语音通话: "call",
  视频通话: "call",
  红包: "red-packet",
  QQ红包: "red-packet",
  转账: "transfer",
  Giphy动图: "sticker",
  系统消息: "system",
  长消息: "unknown",
  Markdown消息: "unknown",
  无文本内容: "unknown",
  图片消息: "image",
  表情消息: "sticker",
};
/** The reply's mark comes before the words of the reply and says nothing more. */
const PLACES = new RegExp(
  `\\[(${Object.keys(WORDS).join("|")}|回复消息)(?:[:：]\\s?((?:[^\\[\\]]|\\[[^\\[\\]]{0,50}\\]){0,300}))?\\]`,
  "g",
);
/** A call is written without brackets. */
const CALL = /^(?:语音|视频)?通话 - \S/;

/** What a message is, and its text as Kouwen writes it. */
export type Content = { kind: Kind; text: string };

/**
 * The kind and text of a message that holds placeholders anywhere: of several the first decides, and the words around
 * them follow it.
 */
export function qqContent(written: string): Content {
  if (CALL.test(written)) return { kind: "call", text: placeholder("call") };
  if (!written.includes("[")) return { kind: "text", text: written };
  let kind: MediaKind | undefined;
  let name = "";
  const words = written.replace(PLACES, (_, word: string, detail: string | undefined) => {
    const found = WORDS[word];
    if (found && !kind) {
      kind = found;
      if (found === "file") name = detail ?? "";
    }
    return "";
  });
  if (!kind) return { kind: "text", text: words.trim() };
  // What follows a bundle of forwarded messages is its preview: other people's words.
  if (kind === "chat-history") return { kind, text: placeholder(kind) };
  return { kind, text: placeholder(kind, `${name} ${words.trim()}`) };
}

/** What a notice of QQ's own says happened: a poke, a message taken back, or anything else. */
export function qqNotice(written: string): Content {
  if (/戳了戳|拍了拍/.test(written)) return { kind: "pat", text: placeholder("pat") };
  if (/撤回了/.test(written)) return { kind: "recalled", text: placeholder("recalled") };
  return { kind: "system", text: placeholder("system", written) };
}
