import assert from "node:assert/strict";
import { test } from "node:test";
import { foundBy, standInsFor } from "../../../../test/private-data.js";
import { wechatId } from "./wechat-id.js";

test("finds given ids anywhere and chosen ones beside the word", () => {
  for (const [text, found] of [
    ["他是wxid_abc123def456", "wxid_abc123def456"],
    ["微信号：liu_ming88", "liu_ming88"],
    ["加我微信 xiaoman2020", "xiaoman2020"],
    ["微信号是liumingming", "liumingming"],
    ["vx：Aze-0415", "Aze-0415"],
    ["加wx aze_lu99 备注来意", "aze_lu99"],
    ["aze_lu99是我微信", "aze_lu99"],
    ["my wechat id is nora_lee7", "nora_lee7"],
  ] as const)
    assert.ok(foundBy(wechatId, text).includes(found), text);
});

test("leaves other words near it", () => {
  for (const text of [
    "微信发你了",
    "微信 message",
    "wechat me later",
    "微信iPhone15版",
    "用vx加",
    "微信支付 100",
    "微信上发 PPT",
  ])
    assert.deepEqual(foundBy(wechatId, text), [], text);
});

test("stand-ins have the form of an id", () => {
  assert.match(standInsFor(wechatId, "wxid_abc123def456", 1)[0]!, /^wxid_[a-z0-9]{12,14}$/);
  assert.match(standInsFor(wechatId, "liu_ming88", 1)[0]!, /^[a-z][a-z0-9_]{5,19}$/);
});
