/** Where chats take place, and how people call it. `any` is training data and the like, which may come from any platform. */
export const PLATFORMS = {
  any: "",
  discord: "Discord",
  imessage: "iMessage",
  kakaotalk: "KakaoTalk",
  line: "LINE",
  meta: "Instagram and Messenger",
  qq: "QQ",
  signal: "Signal",
  slack: "Slack",
  table: "tables",
  telegram: "Telegram",
  wechat: "WeChat",
  whatsapp: "WhatsApp",
} as const;

export type Platform = keyof typeof PLATFORMS;
