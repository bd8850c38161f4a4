import assert from "node:assert/strict";
import { test } from "node:test";
import { kindOfLabel } from "./wechat-labels.js";
import { isGroupId, isProgramId, kindOfLocalType, kindOfType } from "./wechat-types.js";

/** Every pair of numbers and every 64-bit number of the reference, and what it stands for. */
const PAIRS: [number, number, number | null, string][] = [
  [1, 0, 1, "text"],
  [3, 0, 3, "image"],
  [34, 0, 34, "voice"],
  [37, 0, null, "system"],
  [42, 0, 42, "contact-card"],
  [66, 0, 66, "contact-card"],
  [43, 0, 43, "video"],
  [62, 0, null, "video"],
  [47, 0, 47, "sticker"],
  [48, 0, 48, "location"],
  [49, 0, null, "file"],
  [49, 1, 4294967345, "link"],
  [49, 4, 17179869233, "link"],
  [49, 5, 21474836529, "link"],
  [49, 68, 292057776177, "link"],
  [49, 3, 12884901937, "music"],
  [49, 76, 326417514545, "music"],
  [49, 6, 25769803825, "file"],
  [49, 8, 34359738417, "sticker"],
  [49, 17, null, "live-location"],
  [49, 19, 81604378673, "chat-history"],
  [49, 24, 103079215153, "note"],
  [49, 33, 141733920817, "mini-program"],
  [49, 36, 154618822705, "mini-program"],
  [49, 51, 219043332145, "channels"],
  [49, 53, 227633266737, "chain"],
  [49, 57, 244813135921, "quote"],
  [49, 62, 266287972401, "pat"],
  [49, 87, 373662154801, "announcement"],
  [49, 2000, 8589934592049, "transfer"],
  [49, 2001, 8594229559345, "red-packet"],
  [49, 2003, null, "red-packet-cover"],
  [50, 0, 50, "call"],
  [10000, 0, 10000, "system"],
  [10000, 4, null, "pat"],
  [10000, 57, null, "recalled"],
  [10000, 8000, null, "system"],
  [9999, 0, null, "system"],
  [10002, 0, null, "recalled"],
  [49, 9999, null, "unknown"],
  [11000, 0, 11000, "unknown"],
];

test("numbers of version 3 and of version 4 stand for the same", () => {
  for (const [type, sub, local, kind] of PAIRS) {
    assert.equal(kindOfType(type, sub), kind, `${type},${sub}`);
    if (local !== null) assert.equal(kindOfLocalType(local), kind, `${local}`);
    if (local !== null) assert.equal(kindOfLocalType(String(local)), kind, `${local}`);
  }
});

test("what is no number of a type is unknown", () => {
  for (const wrong of ["", "x", "-1", "1.5", "9007199254740993", Number.NaN, 2 ** 53])
    assert.equal(kindOfLocalType(wrong), "unknown", String(wrong));
});

test("labels of MemoTrace, PyWxDump, WeFlow and WeClone", () => {
  const labels: Record<string, string> = {
    文本: "text",
    文本消息: "text",
    text: "text",
    表情包: "sticker",
    动画表情: "sticker",
    音视频通话: "call",
    语音通话: "call",
    位置分享: "location",
    分享链接: "link",
    "(分享)卡片式链接": "link",
    "（分享）卡片式链接": "link",
    引用消息: "quote",
    引用回复: "quote",
    合并转发的聊天记录: "chat-history",
    "个人/公众号名片": "contact-card",
    企业微信名片: "contact-card",
    系统通知: "system",
    邀请加群: "system",
    消息撤回5: "recalled",
    消息撤回: "recalled",
    "未知-49,15": "unknown",
    未知类型: "unknown",
    其他消息: "unknown",
    视频号直播卡片: "channels",
    "Red Packet": "red-packet",
    red_packet: "red-packet",
    收藏笔记: "note",
    赠送红包封面: "red-packet-cover",
  };
  for (const [label, kind] of Object.entries(labels)) assert.equal(kindOfLabel(label), kind, label);
});

test("a word that nobody uses for a type is none", () => {
  for (const word of ["", "捂脸", "5", "constructor", "__proto__", "toString"])
    assert.equal(kindOfLabel(word), undefined, word);
});

test("accounts: groups, and programs that write", () => {
  assert.equal(isGroupId("12345@chatroom"), true);
  assert.equal(isGroupId("wxid_demo1"), false);
  assert.equal(isProgramId("gh_0123456789ab"), true);
  assert.equal(isProgramId("weixin"), true);
  assert.equal(isProgramId("filehelper"), false);
});
