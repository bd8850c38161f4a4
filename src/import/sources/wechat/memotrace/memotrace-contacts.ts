import type { Head } from "../../source.js";
import { startsWithHeader } from "../../table/table-header.js";

/** Words of which the header of a list of group members has some; a table of messages has its own. */
const MEMBER_COLUMNS = /^(?:微信ID|微信号|wxid|昵称|群昵称|备注|性别|地区|签名|个性签名|头像|标签|电话)$/i;
const MESSAGE_COLUMNS = /^(?:内容|时间|类型|消息ID|消息内容)$/;

/**
 * Whether a file is a list of people that MemoTrace exports beside the chats: contacts (both versions), or the members
 * of a group.
 */
export function isContactList({ text, fileName }: Head): boolean {
  if (startsWithHeader(text, "UserName,Alias,Type,Remark,NickName")) return true;
  if (!/^contacts(?:\(\d+\))?\.csv$/i.test(fileName)) return false;
  const [line = ""] = text.slice(0, 2000).split(/\r?\n/);
  const columns = line.split(",").map((name) => name.trim());
  return (
    columns.filter((name) => MEMBER_COLUMNS.test(name)).length >= 2 &&
    !columns.some((name) => MESSAGE_COLUMNS.test(name))
  );
}
