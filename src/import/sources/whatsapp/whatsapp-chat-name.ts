import type { ChatFile } from "../source.js";

/** How exported files and zips are called in different languages; the group is the chat's name. */
const CALLED = [
  /^WhatsApp[ -]Chat(?: (?:with|mit))? (?:- )?(.+)$/i,
  /^(?:WhatsApp-chat met|WhatsApp-chatt med|WhatsApp-chat med|WhatsAppチャット -|WhatsApp 대화 -) ?(.+)$/i,
  /^(?:Chat de WhatsApp con|Chat WhatsApp con|Discussion WhatsApp avec|Conversa (?:do|no) WhatsApp com) (.+)$/i,
  /^(?:Чат WhatsApp с(?: контактом)?|Czat WhatsApp z|Chat WhatsApp dengan) (.+)$/i,
  /^[与與](.+)的 ?WhatsApp ?(?:聊天|对话|對話)(?:记录|記錄)?$/i,
  /^(.+)とのWhatsApp ?(?:チャット|トーク)$/i,
  /^(.+)님과의 ?WhatsApp ?(?:대화|채팅)$/i,
  /^(.+) ile WhatsApp Sohbeti$/i,
];

/** The chat's name as the file's, its zip's or its folder's name tells it; empty if none does. */
export function whatsappChatName({ name, folders }: Pick<ChatFile, "name" | "folders">): string {
  for (const called of [name, ...folders.toReversed()]) {
    const stem = plain(called);
    for (const pattern of CALLED) {
      const chat = pattern.exec(stem)?.[1]?.trim();
      if (chat) return chat;
    }
  }
  const zip = /^(.+)\.zip$/i.exec(folders.at(-1) ?? "")?.[1];
  return zip === undefined ? "" : plain(zip);
}

/** Without ending, the number of a copy, and what replaces blanks in some mails. */
function plain(name: string): string {
  const stem = name.replace(/\.(?:txt|zip)$/i, "").replace(/ ?\(\d{1,3}\)$/, "");
  return (stem.includes(" ") ? stem : stem.replaceAll("_", " ")).normalize("NFC").trim();
}
