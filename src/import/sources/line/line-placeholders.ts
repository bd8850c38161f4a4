import { type Kind, type MediaKind, placeholder } from "../../kinds.js";

const WORDS: readonly [MediaKind, string][] = [
  ["image", "Photo Photos Image Images 写真 照片 图片 圖片 사진 ภาพ รูป"],
  ["sticker", "Sticker Stickers スタンプ 贴图 貼圖 스티커 สติกเกอร์"],
  ["video", "Video Videos 動画 视频 影片 동영상 วิดีโอ"],
  [
    "voice",
    "Voice_message Voice_messages Audio ボイスメッセージ 语音信息 语音消息 語音訊息 음성_메시지 ข้อความเสียง",
  ],
  ["file", "File Files ファイル 文件 檔案 파일 ไฟล์"],
  ["location", "Location 位置情報 位置信息 位置訊息 位置資訊 위치_정보"],
  ["contact-card", "Contact Contacts 連絡先 联系方式 联系信息 聯絡資訊 연락처"],
  ["note", "Note Notes ノート 记事本 記事本"],
  ["image", "Album Albums アルバム 相册 相簿 앨범"],
];

/** What LINE writes in place of what is no text, without its brackets. */
const KINDS = new Map(
  WORDS.flatMap(([kind, words]) =>
    words.split(" ").map((word) => [word.replaceAll("_", " "), kind] as const),
  ),
);

/** Kinds behind whose placeholder a name may follow. */
const NAMED = /^\[([^\]]{1,20})\] (\S.*|\(null\))$/;
/** What desktop versions write without brackets; other such words are what people say. */
const BARE = /^(?:Photos|Stickers|Videos|スタンプ|貼圖|贴图|圖片)$/;

/** What a message says: its words, or what its placeholder stands for. Calls begin with a telephone. */
export function lineContent(text: string): { kind: Kind; text: string } {
  if (text.startsWith("☎")) return placed("call", text.slice(1).replace(/^\uFE0F/, ""));
  const bracketed = /^\[([^\]]{1,20})\]$/.exec(text)?.[1] ?? (BARE.test(text) ? text : undefined);
  const kind = bracketed === undefined ? undefined : KINDS.get(bracketed);
  if (kind) return placed(kind);
  const [, word = "", name = ""] = NAMED.exec(text) ?? [];
  const named = KINDS.get(word);
  if (named === "file") return placed("file", name);
  // Albums are followed by their name, or by (null) in some versions.
  if (named === "image" && /^(?:Albums?|アルバム|相册|相簿|앨범)$/.test(word))
    return placed("image", name === "(null)" ? "" : name);
  return { kind: "text", text };
}

const UNSENT =
  /^(.{0,60}?)[\s ]?(?:が|님이)?[\s ]?(?:unsent a message|メッセージの送信を取り消しました|已?(?:收回|撤回)了?(?:一[則条條]|1則)?(?:訊息|消息|信息)|메시지 전송을 취소했습니다|메시지를 삭제했습니다|ยกเลิกข้อความ)[.。]?$/;
const OWN = /^(?:You|您|你|あなた|나|คุณ)$/;

/** Whether a line says that a message was taken back, and who did it: a name, the owner, or not said (empty). */
export function unsentBy(text: string): { name: string; own: boolean } | undefined {
  const found = UNSENT.exec(text);
  if (!found) return undefined;
  const name = found[1]!.trim();
  return OWN.test(name) ? { name: "", own: true } : { name, own: false };
}

function placed(kind: MediaKind, detail = ""): { kind: Kind; text: string } {
  return { kind, text: placeholder(kind, detail) };
}
