import type { Head, Source } from "../source.js";
import { readWeflow } from "./weflow/weflow-json.js";

/**
 * EchoTrace's JSON of one chat, from which WeFlow's comes; its `localType` is not to be trusted.
 *
 * @source hellodigua/ChatLab, electron/main/parser/formats/ycccccccy-echotrace.ts
 */
export const echotraceJson: Source = {
  id: "echotrace-json",
  label: "EchoTrace's JSON",
  platform: "wechat",
  rank: 4,
  sniff,
  read: (file, context) => readWeflow(file, context, "type"),
};

function sniff({ text }: Head): number {
  if (!/^\s*\{\s*"session"\s*:\s*\{/.test(text) || /"weflow"\s*:/.test(text)) return 0;
  const named = /"wxid"\s*:/.test(text) && /"type"\s*:\s*"(?:私聊|群聊|公众号)"/.test(text);
  return named || /"senderUsername"\s*:/.test(text) ? 0.9 : 0;
}
