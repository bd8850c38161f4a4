/** What WeChat itself says, whole: somebody may speak of a red packet or a group, too. */
const PHRASES: readonly RegExp[] = [
  /^(?:你|"[^"\n]{1,64}"|“[^”\n]{1,64}”|[^\s"“]{1,64}) ?撤回了(?:一条|成员.{1,64}的一条)消息(?:\s*重新编辑)?$/,
  /^(?:我|"[^"\n]{1,64}"|“[^”\n]{1,64}”) ?拍了拍(?:我|自己| ?["“]).{0,64}$/,
  /^你已添加了.{1,64}，现在可以开始聊天了。?$/,
  /^以上是打招呼的(?:内容|消息)。?$/,
  /^(?:你|["“].{1,64}["”])(?:邀请|通过扫描|与群里其他人).{0,200}(?:加入了?群聊|都不是.{0,8}朋友关系.{0,40})$/,
  /^.{1,64}(?:加入了?群聊|退出了?群聊|移出了?群聊|被你移出群聊)。?$/,
  /^.{1,64}(?:修改群名为|已成为新群主|已将群主转让给).{0,64}$/,
  /^.{1,64}领取了你(?:发)?的红包$/,
  /^你领取了.{1,64}的红包$/,
  /^收到红包，请在手机上查看$/,
  /^(?:你的)?红包已被.{0,16}领完.{0,16}$/,
  /^消息已发出，但被对方拒收了。?$/,
  /^.{1,64}开启了朋友验证，你还不是他（她）朋友。.{0,64}$/,
  /^对方为了保护.{0,40}$/,
  /^(?:语音|视频)?通话(?:时长|已取消|中断|已结束).{0,24}$/,
];

/** The longest of them, with names. */
const LONGEST = 400;

/** Whether a text is a notice of WeChat's, for exports that mark notices in no way. */
export function isNoticePhrase(text: string): boolean {
  return text.length <= LONGEST && PHRASES.some((phrase) => phrase.test(text));
}
