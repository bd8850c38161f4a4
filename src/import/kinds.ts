/**
 * What a message can be beside text, and the placeholder that stands for its content in `text`; the closed list of
 * both. A caption, transcript or title follows the placeholder after a space.
 *
 * WeChat's emoji are bracketed too (`[捂脸]`, `[旺柴]`): these are text, so that only the words here may ever be taken
 * for placeholders.
 */
export const PLACEHOLDERS = {
  image: "[图片]",
  voice: "[语音]",
  video: "[视频]",
  sticker: "[动画表情]",
  file: "[文件]",
  link: "[链接]",
  location: "[位置]",
  "live-location": "[位置共享]",
  "contact-card": "[名片]",
  music: "[音乐]",
  "mini-program": "[小程序]",
  channels: "[视频号]",
  note: "[笔记]",
  chain: "[接龙]",
  poll: "[投票]",
  announcement: "[群公告]",
  call: "[通话]",
  transfer: "[转账]",
  "red-packet": "[红包]",
  "red-packet-cover": "[红包封面]",
  /** Other people's messages passed on as a bundle; never anybody's own words. */
  "chat-history": "[聊天记录]",
  pat: "[拍一拍]",
  /** A message that its sender took back. Its words, where an export keeps them, are not imported. */
  recalled: "[撤回]",
  /** What the program itself says: somebody joined, a group was renamed. */
  system: "[系统消息]",
  unknown: "[未知消息]",
} as const;

/** A kind of message that is no text. */
export type MediaKind = keyof typeof PLACEHOLDERS;

/** `system-prompt`: an instruction that a training export carries with a dialogue; never a person's words. */
export type Kind = "text" | "system-prompt" | MediaKind;

/** The text of a message that is no text: its placeholder, and what is known beside it. */
export function placeholder(kind: MediaKind, detail = ""): string {
  const words = detail.trim();
  return words === "" ? PLACEHOLDERS[kind] : `${PLACEHOLDERS[kind]} ${words}`;
}
