/** Who wrote a message, as Tencent's exports put it. */
export type QqName = { name: string; id?: string };

/**
 * A name with the account behind it, `昵称(12345)` or `昵称<mail>`, as in groups; or a name alone.
 *
 * A role or title such as `【管理员】` before the name is left out.
 */
export function qqName(written: string): QqName {
  const [, before, number, mail] = /^(.*?)(?:\((\d{4,12})\)|<([^<>\s]+@[^<>\s]+)>)$/.exec(written) ?? [];
  const id = number ?? mail;
  const name = (before ?? written).replace(/^(?:【[^】]*】\s*)+(?=\S)/, "").trim();
  // An account of unknown name stands for both.
  return id === undefined ? { name } : { name: name === "" ? id : name, id };
}

/** The names and numbers under which QQ itself speaks. */
export function isQqItself({ name, id }: QqName): boolean {
  return name === "系统消息" || id === "10000" || id === "1000000";
}
