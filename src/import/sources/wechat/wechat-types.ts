import type { Kind } from "../../kinds.js";

/** What a message of WeChat is: a kind, or a text that answers a quoted message, which exporters fold into it. */
export type WechatKind = Kind | "quote";

/** By `Type` of WeChat 3, which is also the lower half of `local_type` in WeChat 4. */
const TYPES: Readonly<Record<number, WechatKind>> = {
  1: "text",
  3: "image",
  34: "voice",
  37: "system",
  40: "system",
  42: "contact-card",
  43: "video",
  47: "sticker",
  48: "location",
  50: "call",
  51: "system",
  52: "call",
  53: "call",
  62: "video",
  64: "system",
  65: "system",
  66: "contact-card",
  9999: "system",
  10000: "system",
  10002: "recalled",
};

/** By `SubType` of type 49, everything that an app may send. */
const APP_TYPES: Readonly<Record<number, WechatKind>> = {
  0: "file",
  1: "link",
  3: "music",
  4: "link",
  5: "link",
  6: "file",
  8: "sticker",
  17: "live-location",
  19: "chat-history",
  24: "note",
  33: "mini-program",
  36: "mini-program",
  40: "note",
  50: "channels",
  51: "channels",
  53: "chain",
  57: "quote",
  62: "pat",
  63: "channels",
  68: "link",
  74: "file",
  76: "music",
  87: "announcement",
  88: "channels",
  92: "music",
  2000: "transfer",
  2001: "red-packet",
  2003: "red-packet-cover",
};

/** By `SubType` of type 10000; every other one is a plain notice. */
const NOTICE_TYPES: Readonly<Record<number, WechatKind>> = {
  1: "recalled",
  4: "pat",
  5: "recalled",
  6: "recalled",
  33: "recalled",
  36: "recalled",
  57: "recalled",
};

const APP = 49;
const NOTICE = 10000;
const HALF = 2 ** 32;

/**
 * What a message is by the two numbers of WeChat 3.
 *
 * @returns `unknown` for numbers that nobody has described
 * @source LC044/WeChatMsg, xaoyaoo/PyWxDump, sjzar/chatlog: their tables of types
 */
export function kindOfType(type: number, subType = 0): WechatKind {
  if (type === APP) return APP_TYPES[subType] ?? "unknown";
  if (type === NOTICE && subType in NOTICE_TYPES) return NOTICE_TYPES[subType]!;
  return TYPES[type] ?? "unknown";
}

/**
 * What a message is by `local_type` of WeChat 4: `subtype << 32 | type`, as a number or as digits; all are below 2^53.
 *
 * @returns `unknown` also for what is no such number
 */
export function kindOfLocalType(localType: number | string): WechatKind {
  const whole = Number(localType);
  if (!Number.isSafeInteger(whole) || whole < 0) return "unknown";
  return kindOfType(whole % HALF, Math.floor(whole / HALF));
}

/** Whether a chat is a group, by its account. */
export function isGroupId(id: string): boolean {
  return id.endsWith("@chatroom");
}

/** Accounts of WeChat itself that write by program. */
const PROGRAMS = new Set([
  "weixin",
  "newsapp",
  "fmessage",
  "notifymessage",
  "mphelper",
  "brandsessionholder",
]);

/** Whether what an account writes is written by a program: an official account, or one of WeChat's own. */
export function isProgramId(id: string): boolean {
  return id.startsWith("gh_") || PROGRAMS.has(id);
}
