import type { WechatKind } from "./wechat-types.js";

/** The words that exporters have for types, in lower case; those in brackets within texts are among them. */
const WORDS: Readonly<Record<WechatKind, string>> = {
  text: "文本 文本消息 文字 text",
  quote: "引用 引用消息 引用回复 回复 quote refer reply",
  "system-prompt": "",
  image: "图片 图片消息 照片 image photo picture",
  voice: "语音 语音消息 voice audio",
  video: "视频 视频消息 小视频 短视频 video",
  sticker: "动画表情 表情 表情包 表情消息 gif表情 用户上传的gif表情 sticker emoji emoticon custom-emoticon",
  file: "文件 文件消息 文件(猜) file",
  link: "链接 链接消息 分享链接 分享 卡片式链接 (分享)卡片式链接 图文消息 粘贴的文本 (分享)小说(猜) 游戏相关 link share",
  location: "位置 位置消息 位置分享 地理位置 location",
  "live-location": "位置共享 实时位置 实时位置共享 live-location",
  "contact-card":
    "名片 名片消息 个人名片 公众号名片 个人/公众号名片 企业微信名片 推荐公众号 企业微信添加好友(猜) contact contact-card card",
  music: "音乐 音乐消息 音乐分享 分享音乐 (分享)音乐 music",
  "mini-program": "小程序 小程序消息 小程序分享 (分享)小程序 mini-program miniprogram",
  channels:
    "视频号 视频号名片 视频号视频 视频号直播 视频号直播卡片 (分享)视频号名片 (分享)视频号视频 视频号直播或直播回放等 channels",
  note: "笔记 收藏笔记 收藏 (分享)笔记 (分享)收藏夹 note favorite",
  chain: "接龙 群接龙",
  poll: "投票 群投票 poll",
  announcement: "群公告 announcement",
  call: "通话 通话消息 音视频通话 语音通话 视频通话 语音/视频通话 语音聊天 视频聊天 call voip",
  transfer:
    "转账 转账消息 转账卡片 发起转账 发起非实时转账 转账收款 非实时转账收款 已收款 已退还 收款 微信转账 transfer",
  "red-packet": "红包 红包消息 红包卡片 微信红包 red-packet redpacket red-envelope",
  "red-packet-cover": "红包封面 赠送红包封面 red-packet-cover",
  "chat-history":
    "聊天记录 合并转发 合并转发的聊天记录 转发的聊天记录 聊天记录合并转发 chat-history merged-forward forward",
  pat: "拍一拍 拍拍 pat poke",
  recalled: "撤回 撤回消息 消息撤回 已撤回 recall recalled revoke",
  system: "系统消息 系统通知 系统 邀请加群 添加好友 企业微信打招呼(猜) system",
  unknown: "未知 未知类型 未知消息 其他 其他消息 不支持的消息 unknown other unsupported",
};

const KINDS: ReadonlyMap<string, WechatKind> = new Map(
  Object.entries(WORDS).flatMap(([kind, words]) =>
    words.split(" ").flatMap((word) => (word === "" ? [] : [[word, kind as WechatKind] as const])),
  ),
);

/**
 * What an exporter's word for a type means, in Chinese or English: `(分享)卡片式链接`, `引用消息`, `Red Packet`.
 *
 * @returns undefined for a word that no exporter is known to use
 */
export function kindOfLabel(label: string): WechatKind | undefined {
  return KINDS.get(label) ?? KINDS.get(normalised(label));
}

/** In lower case and with hyphens, without the numbers that PyWxDump puts behind some: 消息撤回5, 未知-49,15. */
function normalised(label: string): string {
  const word = label.trim().toLowerCase().replaceAll("（", "(").replaceAll("）", ")");
  return word.replace(/[\s_]+/g, "-").replace(/[-,\d]+$/, "");
}
