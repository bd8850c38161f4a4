/** A message of a chat as WeFlow exports it. */
export type WeflowMessage = {
  id?: string;
  own: boolean;
  time: number;
  text: string;
  answers?: string;
  localType?: number;
  /** Account and name, in a group. */
  by?: [string, string];
};

/** WeFlow's JSON of a chat with 小满, or of a group. */
export function weflow(
  messages: readonly WeflowMessage[],
  { group = false, id = "wxid_demo1", name = "小满" } = {},
) {
  return {
    weflow: { version: "4.1.0", exportedAt: 1_780_000_000, generator: "WeFlow" },
    session: { wxid: group ? "123@chatroom" : id, displayName: name, type: group ? "群聊" : "私聊" },
    messages: messages.map(({ id: messageId, own, time, text, answers, localType = 1, by }, at) => ({
      localId: at + 1,
      createTime: time,
      type: "文本消息",
      localType,
      content: text,
      isSend: Number(own),
      senderUsername: own ? "wxid_me0" : (by?.[0] ?? id),
      senderDisplayName: own ? "阿泽" : (by?.[1] ?? name),
      ...(messageId === undefined ? {} : { platformMessageId: messageId }),
      ...(answers === undefined ? {} : { replyToMessageId: answers }),
    })),
  };
}
