import assert from "node:assert/strict";
import { test } from "node:test";
import { readContent, readUntyped } from "./wechat-content.js";
import { readNotice } from "./wechat-notices.js";
import { readBracketed } from "./wechat-placeholders.js";
import { cutQuote } from "./wechat-quotes.js";

test("placeholders in either brackets, with whatever the exporters put in or behind them", () => {
  const cases: [string, string][] = [
    ["[图片]", "[图片]"],
    ["【图片】", "[图片]"],
    ["![图片](http://127.0.0.1/a.jpg)", "[图片]"],
    ["[语音] 我晚点到", "[语音] 我晚点到"],
    ["[语音 3″]", "[语音]"],
    ["[语音消息]", "[语音]"],
    ["[语音消息 - 转文字失败]", "[语音]"],
    ["【语音】\n语音时长：3.20秒\n翻译结果：我晚点到", "[语音] 我晚点到"],
    ["[表情包：捂脸笑]", "[动画表情] 捂脸笑"],
    ["【表情包】 小狗摇头", "[动画表情] 小狗摇头"],
    ["[GIF表情]", "[动画表情]"],
    ["[链接|周末去哪玩](https://example.com/a_(b))", "[链接] 周末去哪玩"],
    ["[链接|第[2]期](https://example.com/2)", "[链接] 第[2]期"],
    [
      "【分享链接】\n标题：周末去哪玩\n描述：三条路线\n链接：https://example.com\n应用：路书",
      "[链接] 周末去哪玩",
    ],
    ["[文件|方案.pdf](http://127.0.0.1:5030/file/0a1b)", "[文件] 方案.pdf"],
    ["【文件】方案.pdf", "[文件] 方案.pdf"],
    ["[位置|云栖苑]", "[位置] 云栖苑"],
    ["[转账|发送 ￥5]", "[转账] 发送 ￥5"],
    ["【发起转账】:￥5.00", "[转账] ￥5.00"],
    ["[转账收款] ￥5.00", "[转账] ￥5.00"],
    ["【红包】: 恭喜发财", "[红包] 恭喜发财"],
    ["[红包]恭喜发财，大吉大利", "[红包] 恭喜发财，大吉大利"],
    ["[小程序|点餐]", "[小程序] 点餐"],
    ["【音视频通话】\n通话时长 03:12", "[通话] 通话时长 03:12"],
    ["[视频通话]", "[通话]"],
    ["【合并转发的聊天记录】\n- 2024-05-01 小满: 你好", "[聊天记录]"],
    ["[转发的聊天记录]群聊", "[聊天记录]"],
    ["[Photo]", "[图片]"],
    ["[Red Packet]", "[红包]"],
    ["[个人名片]小满", "[名片] 小满"],
  ];
  for (const [text, expected] of cases) assert.equal(readUntyped(text).text, expected, text);
});

test("emoji of WeChat and anything else in brackets stay text", () => {
  for (const text of [
    "[捂脸]",
    "[旺柴][旺柴]",
    "[微笑] 好的",
    "[红包][红包]生日快乐",
    "[红包] 收到[捂脸]",
    "【通知】明天放假",
    "[图",
    "[]",
    "[",
    "!",
    "![",
    "【",
    "[1] 先买票",
    "图片",
    "看 [图片]",
    "",
  ]) {
    assert.deepEqual(readUntyped(text), { kind: "text", text }, text);
    assert.equal(readBracketed(text), undefined, text);
  }
});

test("a typed text is never taken for a placeholder or a quote", () => {
  for (const text of ["[图片]", "引用：他说: 好", "> 大于号", " 前后有空格 "])
    assert.deepEqual(readContent("text", text), { kind: "text", text });
});

test("paths, addresses, numbers and dictionaries are no detail", () => {
  for (const content of [
    "media/image/2024-05/a.dat",
    "FileStorage\\MsgAttach\\a.dat",
    "C:\\out\\a.jpg",
    "https://example.com/a.jpg",
    "{'src': 'a.jpg'}",
    "11",
    "图片",
    "",
  ])
    assert.equal(readContent("image", content).text, "[图片]", content);
  assert.equal(readContent("call", "11").text, "[通话]");
  assert.equal(readContent("call", "语音/视频通话[通话时长 01:02]").text, "[通话] 通话时长 01:02");
});

test("documents of the database give what can be read in them", () => {
  const app =
    '<?xml version="1.0"?><msg><appmsg><title><![CDATA[A & B]]></title><type>5</type></appmsg></msg>';
  assert.equal(readContent("link", app).text, "[链接] A & B");
  assert.equal(
    readContent("file", "<msg><appmsg><title>a&amp;b.pdf</title></appmsg></msg>").text,
    "[文件] a&b.pdf",
  );
  assert.equal(readContent("image", '<msg><img aeskey="0a" length="9"/></msg>').text, "[图片]");
  assert.equal(
    readContent("contact-card", '<msg username="wxid_demo1" nickname="小&quot;满"/>').text,
    '[名片] 小"满',
  );
  const map = '<msg><location x="30" y="120" label="浙江省" poiname="云栖苑"/></msg>';
  assert.equal(readContent("location", map).text, "[位置] 云栖苑");
  assert.equal(
    readContent("location", "纬度:【30.1】 经度:【120.1】 位置:【云栖苑】 其他信息:【】").text,
    "[位置] 云栖苑",
  );
  const quote =
    "<msg><appmsg><title>八点</title><type>57</type><refermsg><type>1</type><content>明天几点</content></refermsg></appmsg></msg>";
  assert.deepEqual(readContent("quote", quote), { kind: "text", text: "八点", quoted: "明天几点" });
});

test("every way to fold a quote into a text is cut into reply and quoted words", () => {
  for (const text of [
    "八点\n引用：小满: 明天几点",
    "八点\n引用:小满:明天几点",
    "八点[引用 小满：明天几点]",
    "> 小满(wxid_demo1) 2024-05-01 16:00:00\n> 明天几点\n八点",
    "八点\n\n[引用](2024-05-01 16:00:00)小满:明天几点",
    "「小满：明天几点」\n- - - - - - - - - - - - - - -\n八点",
    "「小满：明天几点」\n——\n".replace("——", "- - -") + "八点",
  ])
    assert.deepEqual(cutQuote(text), { text: "八点", quoted: "明天几点" }, text);
});

test("lines, brackets and colons within either part stay there", () => {
  assert.deepEqual(cutQuote("一\n二\n引用：小满: 三\n四: 五"), { text: "一\n二", quoted: "三\n四: 五" });
  assert.deepEqual(cutQuote("好[捂脸][引用 小满：去[旺柴]]"), { text: "好[捂脸]", quoted: "去[旺柴]" });
  assert.deepEqual(cutQuote("> 小满(wxid_demo1)\n> 三\n> 四\n五\n六"), { text: "五\n六", quoted: "三\n四" });
});

test("a text without a folded quote is none", () => {
  for (const text of ["八点", "引用一下", "「书名」", "a > b", "[引用", "", "「小满：没有横线」\n八点"])
    assert.equal(cutQuote(text), undefined, text);
});

test("notices lose CDATA, links and pictures; recalls lose their words", () => {
  const cases: [string, string, string][] = [
    [
      "<![CDATA[你已添加了小满，现在可以开始聊天了。]]>",
      "system",
      "[系统消息] 你已添加了小满，现在可以开始聊天了。",
    ],
    ['收到红包，<a href="weixin://weixinhongbao/opendetail">查看</a>', "system", "[系统消息] 收到红包，查看"],
    [
      '<img src="SystemMessages_HongbaoIcon.png"/> 小满领取了你的红包',
      "system",
      "[系统消息] 小满领取了你的红包",
    ],
    ['你撤回了一条消息 <a href="weixin://revoke_edit_click">重新编辑</a>', "recalled", "[撤回]"],
    ['"小满" 撤回了一条消息', "recalled", "[撤回]"],
    ["小满 recalled a message", "recalled", "[撤回]"],
    ['"小满" 拍了拍我', "pat", '[拍一拍] "小满" 拍了拍我'],
    [
      '<sysmsg type="revokemsg"><revokemsg><replacemsg><![CDATA["小满" 撤回了一条消息]]></replacemsg></revokemsg></sysmsg>',
      "recalled",
      "[撤回]",
    ],
    [
      '<sysmsg type="pat"><pat><template><![CDATA["${wxid_demo1}" 拍了拍我]]></template></pat></sysmsg>',
      "pat",
      '[拍一拍] "${wxid_demo1}" 拍了拍我',
    ],
    ["1 < 2 人加入", "system", "[系统消息] 1 < 2 人加入"],
    ["", "system", "[系统消息]"],
  ];
  for (const [content, kind, text] of cases) assert.deepEqual(readNotice(content), { kind, text }, content);
});
